import { afterAll, beforeAll, expect, it } from 'vitest';

import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { runReport } from '#test/support/run-report.ts';

const STORE = syntheticStore(30);
let app: AppUnderTest;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  await pullHistory(await app.install(STORE.shop.domain));
});
afterAll(() => app.stop());

const ofShop = (domain: string) => runReport(['--shop', domain, '--as-of', '2026-11-01', '--json'], { env: { ...process.env, ...app.env } });

it('reports on an installed shop from the database, in its own currency and time zone', async () => {
  const { status, stdout, stderr } = ofShop(STORE.shop.domain);
  expect([status, stderr]).toEqual([0, '']);
  const buyers = new Set(STORE.orders.map(({ customerId }) => customerId));
  expect(JSON.parse(stdout)).toMatchObject({
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    inputs: { orders: 30, counted: 30, inOtherCurrency: 0 },
    overall: { customers: buyers.size, orders: 30 },
    boughtTogetherBasis: { baskets: 30 },
  });
});

it('ends with 2 for a shop that nobody installed', () => {
  expect(ofShop('nobody.myshopify.com')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('No shop nobody.myshopify.com is known.') });
});
