import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';
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

const ofShop = (domain: string, ...words: string[]) =>
  runReport(['--shop', domain, '--as-of', '2026-11-01', '--json', ...words], { env: { ...process.env, ...app.env } });

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

it('says how often Shopify groups customers as the report does, as of the day that is its own', () => {
  const own = runReport(['--shop', STORE.shop.domain, '--json'], { env: { ...process.env, ...app.env } });
  const { shopifyAgreement } = JSON.parse(own.stdout).rfm;
  const buyers = new Set(STORE.orders.map(({ customerId }) => customerId));
  expect(shopifyAgreement).toMatchObject({ customers: buyers.size, share: shopifyAgreement.agreeing / buyers.size });
  expect(JSON.parse(ofShop(STORE.shop.domain).stdout).rfm).not.toHaveProperty('shopifyAgreement');
});

it('notes that an operator took a table of customers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-report-'));
  const owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  const { status } = ofShop(STORE.shop.domain, '--customers', join(folder, 'customers.csv'));
  const rows = readFileSync(join(folder, 'customers.csv'), 'utf8').trim().split('\n').length - 1;
  const noted = await owner.query('SELECT actor, action, records FROM personal_data_accesses');
  rmSync(folder, { recursive: true });
  await owner.end();
  expect(status).toBe(0);
  expect(noted.rows).toEqual([{ actor: 'operator', action: 'file-customers', records: rows }]);
});

it('ends with 2 for a shop that nobody installed', () => {
  expect(ofShop('nobody.myshopify.com')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('No shop nobody.myshopify.com is known.') });
});

it('counts as the merchant chose, unless the command says another way', async () => {
  const owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  await owner.query("UPDATE shops SET counting_preset = 'asShopifyCounts', order_value = 'total'");
  const ways = [[], ['--value', 'net'], ['--count-as', 'perennial', '--value', 'total-before-refunds']].map((words) => {
    const { preset, value, overall } = JSON.parse(ofShop(STORE.shop.domain, ...words).stdout);
    return { preset, value, revenueMinor: overall.revenueMinor };
  });
  // Prices contain their tax there, and nobody gave a tip.
  const sums = await owner.query<Record<'goods' | 'total' | 'before', string>>(
    `SELECT sum(current_subtotal_minor - current_tax_minor + shipping_tax_minor) AS goods, sum(current_total_minor) AS total,
       sum(current_total_minor + refunded_minor) AS before FROM orders`,
  );
  await owner.query("UPDATE shops SET counting_preset = 'perennial', order_value = 'goods'");
  await owner.end();
  const { goods, total, before } = sums.rows[0] ?? {};
  expect(Number(before)).toBeGreaterThan(Number(total));
  expect(ways).toEqual([
    { preset: 'asShopifyCounts', value: 'total', revenueMinor: Number(total) },
    { preset: 'asShopifyCounts', value: 'goods', revenueMinor: Number(goods) },
    { preset: 'perennial', value: 'totalBeforeRefunds', revenueMinor: Number(before) },
  ]);
});
