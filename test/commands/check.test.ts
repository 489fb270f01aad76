import { spawnSync } from 'node:child_process';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

const STORE = syntheticStore(3);
let app: AppUnderTest;
let owner: pg.Client;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  await app.install(STORE.shop.domain);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

function check(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const args = ['app/commands/check.ts', ...words];
  return spawnSync(process.execPath, args, { cwd: PROJECT_DIR, encoding: 'utf8', env: { ...process.env, ...app.env } });
}

it('ends with 0 when all is well and with 1 when something is not, which it names', async () => {
  expect(check()).toMatchObject({ status: 0, stdout: '1 shops looked through: all is well\n' });
  await owner.query("UPDATE shops SET reconcile_due_at = now() - interval '2 days'");
  const found = check(STORE.shop.domain);
  expect(found.status).toBe(1);
  expect(found.stdout).toContain(`${STORE.shop.domain}  reconciliation-late  1  (${STORE.shop.domain})`);
  expect(check('nobody.myshopify.com')).toMatchObject({ status: 1, stderr: expect.stringContaining('No shop nobody.myshopify.com') });
});
