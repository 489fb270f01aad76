import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { RetentionDashboardProps } from '#app/components/retention/retention-dashboard.tsx';
import type { ImportProgress } from '#app/domain/sync/import-progress.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { BROWSER_AGENT, startAppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';

const STORE = syntheticStore(60);
const OTHER = syntheticStore(6, { shop: { id: 2, domain: 'other.myshopify.com' } });
const DOMAIN = STORE.shop.domain;

interface OverviewData {
  progress: ImportProgress;
  dashboard: RetentionDashboardProps | null;
}

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

async function overview(domain = DOMAIN): Promise<OverviewData> {
  const { loader } = await import('#app/routes/app._index.tsx');
  const response = await loader({ request: app.openRequest(domain), params: {}, context: {} });
  return await response.json();
}

async function askImports(): Promise<ImportProgress> {
  const { loader } = await import('#app/routes/app.imports.ts');
  const response = await loader({ request: app.openRequest(DOMAIN, '/app/imports'), params: {}, context: {} });
  return await response.json();
}

async function submit(intent: string): Promise<number> {
  const { action } = await import('#app/routes/app.imports.ts');
  const token = new URL(app.openRequest(DOMAIN).url).searchParams.get('id_token') ?? '';
  const request = new Request(`${app.running.appFrontUrl}/app/imports`, {
    method: 'POST',
    headers: { 'User-Agent': BROWSER_AGENT, Authorization: `Bearer ${token}` },
    body: new URLSearchParams({ intent }),
  });
  return (await action({ request, params: {}, context: {} })).status;
}

const statesOf = ({ resources }: ImportProgress) => resources.map(({ resource, state }) => `${resource} ${state}`);

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(DOMAIN);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

// In order: this is a merchant's first quarter of an hour.
describe('the merchant’s pages', () => {
  it('show the import and no numbers before there are any', async () => {
    const { progress, dashboard } = await overview();
    expect(statesOf(progress)).toEqual(['orders requested', 'customers requested']);
    expect([progress.hasHistory, dashboard]).toEqual([false, null]);
  });

  it('stop the import when they are asked to, and start it again', async () => {
    expect(await submit('cancel')).toBe(200);
    expect(statesOf(await askImports())).toEqual(['orders cancelled', 'customers cancelled']);
    expect(await submit('restart')).toBe(200);
    expect(statesOf(await askImports())).toEqual(['orders requested', 'customers requested']);
  });

  it('refuse what nobody can ask for', async () => {
    expect(await submit('drop everything')).toBe(400);
  });

  it('show the numbers once the history is there', async () => {
    await pullHistory(context);
    const { progress, dashboard } = await overview();
    expect(statesOf(progress)).toEqual(['orders completed', 'customers completed']);
    const kept = (resources: typeof progress.resources) => resources.map(({ recordsKept }) => recordsKept);
    expect(kept((await askImports()).resources)).toEqual([STORE.orders.length, STORE.customers.length]);
    // Where they are not shown nobody counts them.
    expect(kept(progress.resources)).toEqual([null, null]);
    expect(dashboard?.report.inputs.orders).toBe(STORE.orders.length);
    expect(dashboard?.report.currency).toBe(STORE.shop.currency);
    expect(dashboard?.freshAtMs).toBeGreaterThan(0);
  });

  it('show a change of the data at once', async () => {
    const before = (await overview()).dashboard?.report.inputs;
    await owner.query('UPDATE orders SET is_test = true WHERE order_id = (SELECT max(order_id) FROM orders WHERE NOT is_test)');
    await owner.query('UPDATE shops SET data_version = data_version + 1 WHERE shop_id = $1', [context.shop.shopId]);
    const after = (await overview()).dashboard?.report.inputs;
    expect(after?.excluded.test).toBe((before?.excluded.test ?? 0) + 1);
  });

  it('list the payment states that nobody knows, with their orders', async () => {
    const { loader } = await import('#app/routes/app.history.tsx');
    const ask = async () => {
      const answer = await loader({ request: app.openRequest(DOMAIN, '/app/history'), params: {}, context: {} });
      const { unknownPaymentStates } = await answer.json();
      return unknownPaymentStates;
    };
    expect(await ask()).toEqual([]);
    const standing = 'SELECT order_id FROM orders WHERE NOT is_test AND cancelled_at IS NULL AND deleted_at IS NULL ORDER BY order_id';
    await owner.query(`UPDATE orders SET financial_status = 'ON_HOLD' WHERE order_id IN (${standing} LIMIT 2)`);
    await owner.query(`UPDATE orders SET financial_status = NULL WHERE order_id IN (${standing} OFFSET 2 LIMIT 1)`);
    expect(await ask()).toEqual([
      { status: 'ON_HOLD', orders: 2 },
      { status: null, orders: 1 },
    ]);
  });

  it('keep the numbers while the history is pulled again', async () => {
    await submit('restart');
    const { progress, dashboard } = await overview();
    expect([progress.hasHistory, dashboard === null]).toEqual([true, false]);
    await pullHistory(context);
  });

  it('show each shop its own', async () => {
    const other = await app.install(OTHER.shop.domain);
    expect((await overview(OTHER.shop.domain)).dashboard).toBeNull();
    await pullHistory(other);
    expect((await overview(OTHER.shop.domain)).dashboard?.report.inputs.orders).toBe(OTHER.orders.length);
    expect((await overview()).dashboard?.report.inputs.orders).toBe(STORE.orders.length);
  });

  it('speak of the day that is asked for, and of no day to come', async () => {
    const { loader } = await import('#app/routes/app._index.tsx');
    const ask = async (asOf: string) => {
      const { url, headers } = app.openRequest(DOMAIN);
      const answer = await loader({ request: new Request(`${url}&asOf=${asOf}`, { headers }), params: {}, context: {} });
      const { dashboard } = await answer.json();
      return dashboard;
    };
    const days = STORE.orders.map((order) => order.processedAt.slice(0, 10)).sort();
    const early = days[Math.floor(days.length / 2)] ?? '';
    const then = await ask(early);
    expect(then?.report.asOf).toBe(early);
    expect(then?.report.overall.orders).toBeLessThan((await overview()).dashboard?.report.overall.orders ?? 0);
    for (const impossible of ['2999-01-01', 'yesterday', '2026-02-30']) {
      const now = await ask(impossible);
      expect(now?.report.asOf).toBe(now?.today);
    }
  });

  it('speak of the last order’s day in a store that has sold nothing for a year', async () => {
    const { shopId } = (await app.install(OTHER.shop.domain)).shop;
    await owner.query("UPDATE orders SET processed_at = processed_at - interval '3 years' WHERE shop_id = $1", [shopId]);
    await owner.query('UPDATE shops SET data_version = data_version + 1 WHERE shop_id = $1', [shopId]);
    const { rows } = await owner.query<{ day: string }>(
      `SELECT to_char(max(processed_at AT TIME ZONE iana_time_zone), 'YYYY-MM-DD') AS day
       FROM orders JOIN shops USING (shop_id) WHERE shop_id = $1`,
      [shopId],
    );
    expect((await overview(OTHER.shop.domain)).dashboard?.report.asOf).toBe(rows[0]?.day);
  });

  it('let nobody in without a token', async () => {
    const { loader } = await import('#app/routes/app.imports.ts');
    const headers = { 'User-Agent': BROWSER_AGENT, Authorization: 'Bearer made.up.token' };
    const request = new Request(`${app.running.appFrontUrl}/app/imports`, { headers });
    const refusal = await loader({ request, params: {}, context: {} }).catch((thrown: unknown) => thrown);
    expect(refusal).toBeInstanceOf(Response);
    expect(refusal).toMatchObject({ status: 401 });
  });
});

describe('the app’s bare address', () => {
  it('leads a merchant whom Shopify sent to the overview, with all that came along', async () => {
    const { loader } = await import('#app/routes/_index.tsx');
    const request = new Request('https://app.example/?shop=one.myshopify.com&host=abc&id_token=t');
    const answer = await loader({ request, params: {}, context: {} }).catch((thrown: unknown) => thrown);
    expect(answer).toBeInstanceOf(Response);
    expect(answer instanceof Response && answer.headers.get('Location')).toBe('/app?shop=one.myshopify.com&host=abc&id_token=t');
  });
});
