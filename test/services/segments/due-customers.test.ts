import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { customersQuestionOf } from '#app/domain/segments/customers-question.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const STORE = syntheticStore(120);
const SMALL = syntheticStore(6, { shop: { id: 2, domain: 'small.myshopify.com' } });
const AS_OF = '2026-11-01';

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let small: ShopContext;

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, SMALL] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  const now = () => new Date(`${AS_OF}T09:00:00Z`);
  context = { ...(await app.install(STORE.shop.domain)), now };
  small = { ...(await app.install(SMALL.shop.domain)), now };
  for (const shop of [context, small]) await pullHistory(shop);
  // Every second order has a cup with its tea, so that there are two rhythms.
  await owner.query("UPDATE order_lines SET product_id = 20, title = 'Cup' WHERE line_id % 10 = 2 AND line_id / 10 % 2 = 0");
  await owner.query('UPDATE orders SET name = name WHERE order_id = 1000000');
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

const segmentOf = (query: string): Segment => customersQuestionOf(new URLSearchParams(query)).segment;

/** Whom the page of products counts and lists, all products together. */
async function listedByProducts(urgency: 'due' | 'late' | 'either'): Promise<string[]> {
  const { getProducts } = await import('#app/services/retention/get-products.server.ts');
  const { listDueCustomers } = await import('#app/services/retention/list-due-customers.server.ts');
  const found = await getProducts(context, { asOf: AS_OF, cut: null, minSupport: 0.01 });
  const ids = new Set<string>();
  for (const { product } of found?.replenishment.rows ?? []) {
    const listed = await listDueCustomers(context, { asOf: AS_OF, cut: null, product: String(product.id) });
    for (const { customerKey, isLate } of listed?.customers ?? []) {
      if (urgency === 'either' || isLate === (urgency === 'late')) ids.add(String(customerKey));
    }
  }
  return [...ids].sort();
}

async function listedBy(query: string): Promise<(string | null)[]> {
  const { listCustomers } = await import('#app/services/retention/list-customers.server.ts');
  const found = await listCustomers(context, { ...customersQuestionOf(new URLSearchParams(query)), asOf: AS_OF });
  return (found?.rows ?? []).map(({ id }) => id).sort();
}

describe('customers who are due or late for a product', () => {
  it('are those whom the page of products lists, for at least one of them', async () => {
    const [due, late, either] = [await listedByProducts('due'), await listedByProducts('late'), await listedByProducts('either')];
    expect(due.length).toBeGreaterThan(0);
    expect(late.length).toBeGreaterThan(0);
    expect(either.length).toBeLessThan(STORE.customers.length);
    expect(await listedBy('replenishment=due')).toEqual(due);
    expect(await listedBy('replenishment=late')).toEqual(late);
    expect(await listedBy('replenishment=due,late')).toEqual(either);
    expect(await listedBy('replenishment=late&orders=4..')).toEqual([]);
  });

  it('are counted, written to a file and written to Shopify as they are listed', async () => {
    const { countMembers } = await import('#app/services/segments/count-members.server.ts');
    const { exportCustomers } = await import('#app/services/retention/export-customers.server.ts');
    const { loadMemberIds } = await import('#app/services/segments/write/load-member-ids.server.ts');
    const late = await listedByProducts('late');
    const segment = segmentOf('replenishment=late');
    const counted = await countMembers(context, { asOf: AS_OF, segments: [segment, segmentOf('orders=1..')] });
    expect(counted?.counts).toEqual([
      { count: late.length, notKnown: [] },
      { count: STORE.customers.length, notKnown: [] },
    ]);
    const sheet = await exportCustomers(context, { asOf: AS_OF, segment, search: null, actor: 'staff:1' });
    const inFile: string[] = [];
    for await (const [id] of sheet.ok ? sheet.value.rows : []) inFile.push(String(id));
    expect(inFile.sort()).toEqual(late);
    const written = await loadMemberIds(context, { segment, asOf: null });
    expect([...(written?.ids ?? [])].map(String).sort()).toEqual(late);
  });

  it('are in the file of one product late ones first, who waited longest first, and who took it is noted', async () => {
    const { exportDueCustomers } = await import('#app/services/retention/list-due-customers.server.ts');
    const found = await exportDueCustomers(context, { asOf: AS_OF, cut: null, product: '10', actor: 'staff:9' });
    const order = (found?.customers ?? []).map(({ isLate, daysSince }) => [isLate ? 0 : 1, -daysSince] as const);
    expect(new Set(order.map(String)).size).toBeGreaterThan(1);
    expect(order).toEqual(order.toSorted(([late, since], [otherLate, otherSince]) => late - otherLate || since - otherSince));
    const noted = await owner.query("SELECT actor, records FROM personal_data_accesses WHERE action = 'file-due-customers'");
    expect(noted.rows).toEqual([{ actor: 'staff:9', records: order.length }]);
  });

  it('are, for one product alone, whom the page lists of it', async () => {
    const { listDueCustomers } = await import('#app/services/retention/list-due-customers.server.ts');
    const { countMembers } = await import('#app/services/segments/count-members.server.ts');
    const cup = await listDueCustomers(context, { asOf: AS_OF, cut: null, product: '20' });
    const ids = (isLate: boolean) => (cup?.customers ?? []).filter((one) => one.isLate === isLate).map(({ customerKey }) => String(customerKey)).sort();
    expect(ids(true).length).toBeGreaterThan(0);
    expect(await listedBy('replenishment=late:20')).toEqual(ids(true));
    expect(await listedBy('replenishment=due:20,late:20')).toEqual([...ids(true), ...ids(false)].sort());
    expect(await listedBy('replenishment=late:20')).not.toEqual(await listedBy('replenishment=late'));
    const answer = await countMembers(context, { asOf: AS_OF, segments: [segmentOf('replenishment=late:20'), segmentOf('replenishment=late:999')] });
    expect(answer?.counts).toEqual([{ count: ids(true).length, notKnown: [] }, { count: 0, notKnown: ['replenishment'] }]);
    expect(answer?.productTitles).toEqual({ 20: 'Cup' });
    expect(answer?.refillProducts).toContainEqual({ key: '20', title: 'Cup' });
  });

  it('are ready-made, and counted after the page that names them', async () => {
    const { getSegments } = await import('#app/services/segments/get-segments.server.ts');
    const { loader } = await import('#app/routes/app.segments_.count.ts');
    const { readyMade } = (await getSegments(context, { asOf: AS_OF })) ?? {};
    expect(readyMade?.filter(({ count }) => count === null)).toEqual([{ id: 'refill-due', count: null }, { id: 'refill-late', count: null }]);
    const opened = app.openRequest(STORE.shop.domain, '/app/segments/count');
    const answer = await loader({ request: new Request(`${opened.url}&replenishment=late&asOf=${AS_OF}`, opened), params: {}, context: {} });
    expect(await answer.json()).toMatchObject({ count: (await listedByProducts('late')).length, notKnown: [] });
  });

  it('are a segment that can be saved', async () => {
    const { saveSegment } = await import('#app/services/segments/save-segment.server.ts');
    const { getSegments } = await import('#app/services/segments/get-segments.server.ts');
    const segment = { segmentId: '00000000-0000-4000-8000-000000000001', name: 'Out of stock at home', query: 'replenishment=due%2Clate' };
    expect(await saveSegment(context, segment)).toEqual({ ok: true, value: segment });
    const either = await listedByProducts('either');
    expect((await getSegments(context, { asOf: AS_OF }))?.saved).toMatchObject([{ count: either.length, unread: [], notKnown: [] }]);
  });

  it('are nobody where no product has been bought again often enough, and that is told', async () => {
    const { countMembers } = await import('#app/services/segments/count-members.server.ts');
    const counted = await countMembers(small, { asOf: AS_OF, segments: [segmentOf('replenishment=due,late')] });
    expect(counted?.counts).toEqual([{ count: 0, notKnown: ['replenishment'] }]);
  });

  it('have no number in the file once they were forgotten, and stay in it', async () => {
    const { loader } = await import('#app/routes/app.export.due-customers[.]csv.ts');
    const idsInFile = async () => {
      const opened = app.openRequest(STORE.shop.domain, '/app/export/due-customers.csv');
      const answer = await loader({ request: new Request(`${opened.url}&product=10&asOf=${AS_OF}`, opened), params: {}, context: {} });
      return (await answer.text()).trim().split('\r\n').slice(1).map((line) => line.split(',')[0]);
    };
    const before = await idsInFile();
    await owner.query('UPDATE orders SET customer_id = -8123 WHERE customer_id = $1', [before[0]?.replaceAll('"', '')]);
    expect(await idsInFile()).toEqual(['', ...before.slice(1)]);
  });
});
