import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { HashKeyChangedError, requireHashKey } from '#app/adapters/db/require-hash-key.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

const OLD = { id: '1', key: randomBytes(32) };
const NEW = { id: '2', key: randomBytes(32) };
const box = (keys: (typeof OLD)[], hashKey: Buffer | null = null) => new SealedBox(keys, systemRuntime.randomBytes, hashKey);

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await requireHashKey(database.url, box([OLD]));
});

afterAll(() => database.drop());

describe('a process that is about to start', () => {
  it.each([
    ['with the keys of last time', box([OLD])],
    ['with a new key before the old one', box([NEW, OLD])],
    ['without the old key, which has become HASH_KEY', box([NEW], OLD.key)],
  ])('may, %s', async (_case, sealedBox) => {
    await expect(requireHashKey(database.url, sealedBox)).resolves.toBeUndefined();
  });

  it.each([
    ['the old key was dropped', box([NEW])],
    ['HASH_KEY is another one', box([OLD], NEW.key)],
    ['the keys change places', box([OLD, NEW])],
  ])('may not when %s, and is told what to do', async (_case, sealedBox) => {
    const refusal = requireHashKey(database.url, sealedBox);
    await expect(refusal).rejects.toThrow(HashKeyChangedError);
    await expect(refusal).rejects.toThrow(/set HASH_KEY to what stands behind its colon/);
  });
});
