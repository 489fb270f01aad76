import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

const STORE = syntheticStore(1);
const OLD_KEY = { id: '1', key: randomBytes(32) };
const NEW_KEY = { id: '2', key: randomBytes(32) };
const keysInEnv = (...keys: (typeof OLD_KEY)[]) => keys.map(({ id, key }) => `${id}:${key.toString('base64')}`).join(',');
const oldBox = new SealedBox([OLD_KEY], systemRuntime.randomBytes);

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE, env: { ENCRYPTION_KEYS: keysInEnv(NEW_KEY, OLD_KEY) } });
  context = await app.install(STORE.shop.domain);
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

const place = (row: string) => ({ shopId: context.shop.shopId, table: 'privacy_requests', column: 'answer', row });

async function putAnswer(row: string, sealed: Uint8Array): Promise<void> {
  await owner.query(
    `INSERT INTO privacy_requests (shop_id, webhook_id, kind, requested_at, answer_sealed) VALUES ($1, $2, 'data-request', now(), $3)
     ON CONFLICT (shop_id, webhook_id) DO UPDATE SET answer_sealed = excluded.answer_sealed`,
    [context.shop.shopId, row, Buffer.from(sealed)],
  );
}

async function answerOf(row: string): Promise<Buffer> {
  const { rows } = await owner.query<{ sealed: Buffer }>('SELECT answer_sealed AS sealed FROM privacy_requests WHERE webhook_id = $1', [row]);
  return rows[0]?.sealed ?? Buffer.alloc(0);
}

async function rotate() {
  const { rotateKeys } = await import('#app/services/privacy/rotate-keys.server.ts');
  const { pool, prisma } = await import('#app/db.server.ts');
  return rotateKeys({ pool, prisma, sealedBox: context.sealedBox });
}

/** The command as an operator runs it. */
function run(env: Record<string, string>, ...args: string[]): Promise<{ code: number; stdout: string }> {
  const command = [join('app', 'commands', 'rotate-keys.ts'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: PROJECT_DIR, env: { ...process.env, ...app.env, ...env } }, (error, stdout) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout }),
    );
  });
}

describe('sealing everything anew', () => {
  it('waits for nobody, and puts no older value over one that was written meanwhile', async () => {
    await putAnswer('contested', oldBox.seal('before', place('contested')));
    await putAnswer('free', oldBox.seal('free', place('free')));
    await owner.query('BEGIN');
    await putAnswer('contested', oldBox.seal('after', place('contested')));
    await rotate();
    await owner.query('COMMIT');
    expect(oldBox.open(await answerOf('contested'), place('contested'))).toBe('after');

    expect(await rotate()).toEqual({ resealed: 1, unreadable: 0 });
    const newBox = new SealedBox([NEW_KEY], systemRuntime.randomBytes);
    expect(newBox.open(await answerOf('contested'), place('contested'))).toBe('after');
    expect(newBox.open(await answerOf('free'), place('free'))).toBe('free');
  });

  it('leaves what no key opens as it is, and counts it', async () => {
    const lost = new SealedBox([{ id: 'lost', key: randomBytes(32) }], systemRuntime.randomBytes).seal('x', place('lost'));
    await putAnswer('lost', lost);
    expect(await rotate()).toEqual({ resealed: 0, unreadable: 1 });
    expect((await answerOf('lost')).equals(lost)).toBe(true);
    await owner.query("DELETE FROM privacy_requests WHERE webhook_id = 'lost'");
  });

  it('is told to the operator, who learns when the old key may go', async () => {
    await putAnswer('late', oldBox.seal('late', place('late')));
    const early = await run({}, '--check');
    expect(early.code).toBe(1);
    expect(early.stdout).toContain('privacy_requests.answer: 1 under key 1');
    expect(early.stdout).toContain('1 values need another key than 2: no key may go yet.');
    expect(early.stdout).toContain('HASH_KEY is not set, so key 1 makes the hashes too');

    const after = await run({ HASH_KEY: OLD_KEY.key.toString('base64') });
    expect(after.code).toBe(0);
    expect(after.stdout).toContain('1 values were sealed anew under key 2.');
    expect(after.stdout).toContain('Nothing needs a key other than 2.');
    expect(after.stdout).not.toContain('HASH_KEY');
  });
});
