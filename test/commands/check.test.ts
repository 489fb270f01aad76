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

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

const check = (...words: string[]) => run('check', words);
const repair = (...words: string[]) => run('repair', [STORE.shop.domain, ...words]);

function run(command: string, words: readonly string[]): Ended {
  const args = [`app/commands/${command}.ts`, ...words];
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

it('takes a shop that could not be looked through for one with something to do', async () => {
  const { isHealthy } = await import('#app/services/operations/check-shops.server.ts');
  const health = (problem: string | null) => ({ checkedAt: new Date(), database: [], nextAfter: null, shops: [{ shopId: 1, domain: STORE.shop.domain, offences: [], problem }] });
  expect([isHealthy(health(null)), isHealthy(health('not looked through within 10 s'))]).toEqual([true, false]);
});

it('is well again once an operator dismissed a webhook that was given up, and says who did and why', async () => {
  await owner.query('UPDATE shops SET reconcile_due_at = now()');
  await owner.query(
    `INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, state, outcome, body_sealed)
     SELECT shop_id, id, 'orders/updated', '2026-10', state, 'ShopifyRecordError', 'x'
     FROM shops, (VALUES ('poison', 'dead'), ('other', 'waiting')) AS came (id, state)`,
  );
  expect(check(STORE.shop.domain).stdout).toContain('webhook-dead  1  (poison)');
  const words = ['--by', 'night shift', '--because', 'the order is gone for good'];
  expect(repair('--dismiss', 'poison', ...words.slice(0, 2))).toMatchObject({ status: 1, stderr: expect.stringContaining('Usage') });
  expect(repair('--dismiss', 'poison', ...words)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Dismissed by night shift, 20\S+: the order is gone for good\n$/) });
  expect(check(STORE.shop.domain)).toMatchObject({ status: 0 });
  expect(repair()).toMatchObject({ status: 0, stdout: 'No webhook was given up.\n' });
});
