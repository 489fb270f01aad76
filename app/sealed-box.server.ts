import { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { env } from '#app/env.server.ts';

const hashKey = env.HASH_KEY === undefined ? null : Buffer.from(env.HASH_KEY, 'base64');

export const sealedBox = new SealedBox(env.ENCRYPTION_KEYS, systemRuntime.randomBytes, hashKey);
