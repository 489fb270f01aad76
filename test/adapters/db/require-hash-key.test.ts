import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SealedBox, type EncryptionKey } from '#app/adapters/crypto/sealed-box.server.ts';
import { HashKeyChangedError, requireHashKey } from '#app/adapters/db/require-hash-key.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

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

// Ends one that did start. Who refuses ends by itself, however long the machine takes for it.
const STARTED_AFTER_MS = 75_000;

/** How a process ends that is told to start with this. */
function startOf(file: string, env: Record<string, string>): Promise<{ file: string; isStarted: boolean; said: string }> {
  const needed: Record<string, string> = { NODE_ENV: 'test', SHOPIFY_API_KEY: 'key', SHOPIFY_API_SECRET: 'secret', SHOPIFY_APP_URL: 'http://localhost', SCOPES: 'read_orders', PORT: '0' };
  return new Promise((resolve) => {
    // One that has started ends only by the clock.
    execFile(process.execPath, [file], { cwd: PROJECT_DIR, env: { ...process.env, ...needed, ...env }, timeout: STARTED_AFTER_MS, killSignal: 'SIGKILL' }, (error, _stdout, stderr) =>
      resolve({ file, isStarted: error === null || error.killed === true, said: /(\w+Error)\b/.exec(stderr)?.[1] ?? stderr }),
    );
  });
}

it('web and worker start neither with another key of hashes nor as the owner of the tables', async () => {
  const keysOf = (...keys: EncryptionKey[]) => keys.map(({ id, key }) => `${id}:${key.toString('base64')}`).join(',');
  const files = ['app/web.server.ts', 'app/jobs/worker.server.ts'];
  const starts = await Promise.all([
    ...files.map((file) => startOf(file, { DATABASE_URL: database.url, ENCRYPTION_KEYS: keysOf(NEW) })),
    ...files.map((file) => startOf(file, { DATABASE_URL: database.ownerUrl, ENCRYPTION_KEYS: keysOf(OLD) })),
  ]);
  const refused = (said: string) => files.map((file) => ({ file, isStarted: false, said }));
  expect(starts).toEqual([...refused('HashKeyChangedError'), ...refused('UnsafeDatabaseRoleError')]);
}, STARTED_AFTER_MS * 2);
