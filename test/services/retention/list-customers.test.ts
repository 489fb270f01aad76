import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { customersQuestionOf } from '#app/domain/segments/customers-question.ts';
import type { CustomersList } from '#app/services/retention/list-customers.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const CUSTOMERS = 120;
const STORE = syntheticStore(CUSTOMERS * 3);
const STAFF = 'staff:7';

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

/** As the page asks with this address. */
async function list(address: string): Promise<CustomersList> {
  const { listCustomers } = await import('#app/services/retention/list-customers.server.ts');
  const found = await listCustomers(context, customersQuestionOf(new URLSearchParams(`asOf=2026-11-01&${address}`)));
  if (found === null) throw new Error('nothing is known of the shop');
  return found;
}

const idsIn = ({ rows }: CustomersList) => rows.map(({ id }) => id);

async function names(ids: readonly number[]) {
  const { showCustomerNames } = await import('#app/services/retention/show-customer-names.server.ts');
  return showCustomerNames(context, { customerIds: ids.map(BigInt), actor: STAFF });
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(STORE.shop.domain);
  await pullHistory(context);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

afterEach(() => app.running.simulator.faults.clear());

describe('the list of customers', () => {
  it('has a page of them with their numbers, all counted, and turns to the others by key', async () => {
    const first = await list('sort=lastOrder-asc');
    expect(first).toMatchObject({ count: CUSTOMERS, customers: CUSTOMERS, precedingCount: 0, previous: null, currency: 'EUR', asOf: '2026-11-01' });
    expect(first.rows).toHaveLength(50);
    expect(first.rows[0]).toMatchObject({ id: '100', orders: 3, stage: 'building' });
    const second = await list(`sort=lastOrder-asc&after=${first.next}`);
    const third = await list(`sort=lastOrder-asc&after=${second.next}`);
    expect(new Set([first, second, third].flatMap(idsIn)).size).toBe(CUSTOMERS);
    expect(third).toMatchObject({ next: null, precedingCount: 100 });
    expect(idsIn(await list(`sort=lastOrder-asc&before=${second.previous}`))).toEqual(idsIn(first));
  });

  it('has those who meet the conditions of its address, and says how many of how many', async () => {
    const { count, customers, notKnown } = await list('orders=3..&country=DE,~&state=active,cooling,atRisk,lapsed');
    expect([count, customers, notKnown]).toEqual([CUSTOMERS, CUSTOMERS, []]);
    expect(await list('orders=4..')).toMatchObject({ count: 0, customers: CUSTOMERS, rows: [] });
    expect(await list('firstProduct=10')).toMatchObject({ count: CUSTOMERS, productTitles: { 10: 'Tea' } });
  });

  it('knows of too young a shop what a plain rule says, and no chance to be still a customer', async () => {
    const { rows, hasPredictions, isRuleInUse, notKnown } = await list('predictedClv365Minor=0..&pAlive=0..&match=any');
    expect({ hasPredictions, isRuleInUse, notKnown }).toEqual({ hasPredictions: true, isRuleInUse: true, notKnown: ['pAlive'] });
    expect(rows[0]).toMatchObject({ pAlive: null, nextOrder: null, predictedClv365Minor: expect.any(Number) });
  });

  it('finds a customer by the number, by an order, by a name and by an e-mail', async () => {
    expect(idsIn(await list('q=137'))).toEqual(['137']);
    // The fifth order is that of the fifth customer.
    for (const q of ['%231005', '1005']) expect(idsIn(await list(`q=${q}`))).toEqual(['104']);
    expect(idsIn(await list('q=buyer137@example.com'))).toEqual(['137']);
    const byName = await list('q=Buyer');
    expect(byName).toMatchObject({ count: 25, search: { found: 25, withoutOrders: 0, hasMore: true, silence: null } });
    expect(await list('q=Nobody')).toMatchObject({ count: 0, search: { found: 0, silence: null } });
    expect(await list('q=137&orders=9..')).toMatchObject({ count: 0, search: { found: 1 } });
  });

  it('says so when Shopify does not answer a search', async () => {
    app.running.simulator.faults.set({ seed: 1, rules: [{ where: 'graphql', only: 'FindCustomers', share: 1, what: { kind: 'status', status: 503 } }] });
    expect(await list('q=Buyer')).toMatchObject({ count: 0, search: { silence: 'away' } });
    expect(idsIn(await list('q=137'))).toEqual(['137']);
  });
});

describe('names of customers', () => {
  it('come from Shopify, and who saw them is noted', async () => {
    expect(await names([100, 101, 999_999])).toEqual({ names: { 100: 'Buyer 100', 101: 'Buyer 101' }, silence: null });
    const noted = await owner.query('SELECT actor, action, records, subject_hash FROM personal_data_accesses');
    expect(noted.rows).toEqual([{ actor: STAFF, action: 'customer-names', records: 2, subject_hash: null }]);
    await names([103]);
    const { loadPrivacyOverview } = await import('#app/services/privacy/load-privacy-overview.server.ts');
    // Of one day, one entry.
    expect((await loadPrivacyOverview(context)).accesses).toMatchObject([{ actor: STAFF, action: 'customer-names', records: 3 }]);
  });

  it('are not shown where Shopify withholds them or is away, and nothing is noted', async () => {
    await owner.query('DELETE FROM personal_data_accesses');
    const { faults } = app.running.simulator;
    faults.set({ seed: 1, rules: [{ where: 'graphql', only: 'CustomerNames', share: 1, what: { kind: 'withheld', field: 'displayName' } }] });
    expect(await names([100])).toEqual({ names: {}, silence: 'not-granted' });
    faults.set({ seed: 1, rules: [{ where: 'graphql', only: 'CustomerNames', share: 1, what: { kind: 'status', status: 503 } }] });
    expect(await names([100])).toEqual({ names: {}, silence: 'away' });
    expect((await owner.query('SELECT 1 FROM personal_data_accesses')).rowCount).toBe(0);
  });
});

describe('the file of customers', () => {
  const sheetOf = async (address: string) => {
    const { exportCustomers } = await import('#app/services/retention/export-customers.server.ts');
    const sheet = await exportCustomers(context, { ...customersQuestionOf(new URLSearchParams(address)), asOf: '2026-11-01', actor: STAFF });
    if (!sheet.ok) return sheet.reason;
    const rows: unknown[][] = [];
    for await (const row of sheet.value.rows) rows.push(row);
    return { ids: rows.map(([id]) => id), width: rows[0]?.length, columns: sheet.value.header.length };
  };

  it('has a row for each who meets the conditions', async () => {
    const ids = Array.from({ length: CUSTOMERS }, (_, i) => String(100 + i));
    expect(await sheetOf('orders=3..')).toEqual({ ids, width: 21, columns: 21 });
  });

  it('has whom the list finds by its words, and nobody else', async () => {
    expect(await sheetOf('q=137')).toMatchObject({ ids: ['137'] });
    expect(await sheetOf('q=buyer137@example.com&orders=3..')).toMatchObject({ ids: ['137'] });
    expect(await sheetOf('q=137&orders=9..')).toMatchObject({ ids: [] });
    expect(await sheetOf('q=Nobody')).toMatchObject({ ids: [] });
  });

  it('is not made while nobody can say whom the words mean', async () => {
    app.running.simulator.faults.set({ seed: 1, rules: [{ where: 'graphql', only: 'FindCustomers', share: 1, what: { kind: 'status', status: 503 } }] });
    expect(await sheetOf('q=Buyer')).toBe('away');
  });

  it('is refused in words where a condition cannot be read, never wider than was asked for', async () => {
    const { loader } = await import('#app/routes/app.export.customers[.]csv.ts');
    const answerTo = (query: string) => {
      const opened = app.openRequest(STORE.shop.domain, '/app/export/customers.csv');
      return loader({ request: new Request(`${opened.url}&${query}`, opened), params: {}, context: {} });
    };
    const refusal = await answerTo('orders=3..&spentMinor=many&locale=en');
    expect([refusal.status, refusal.headers.get('Content-Type')]).toEqual([400, 'text/plain; charset=utf-8']);
    expect(await refusal.text()).toMatch(/^The filter “[^”]+” in the address could not be read/);
    const file = await answerTo('q=137');
    expect((await file.text()).trim().split('\r\n').slice(1).map((line) => line.split(',')[0])).toEqual(['"137"']);
  });
});

describe('one customer', () => {
  const get = async (customerId: bigint) => {
    const { getCustomer } = await import('#app/services/retention/get-customer.server.ts');
    return getCustomer(context, { customerId, asOf: '2026-11-01' });
  };

  it('has facts, orders with their values, the days between them, and what was bought', async () => {
    const customer = await get(100n);
    expect(customer).toMatchObject({ id: '100', ordersHeld: 3, row: { orders: 3, rDays: expect.any(Number) }, rhythm: { basis: 'ownRhythm' } });
    const { orders = [], products = [], row } = customer ?? {};
    expect(orders.map(({ name, whyNot }) => [name, whyNot])).toEqual([['#1241', null], ['#1121', null], ['#1001', null]]); // prettier-ignore
    expect(orders.reduce((sum, { valueMinor }) => sum + (valueMinor ?? NaN), 0)).toBe(row?.spentMinor);
    expect(orders.map(({ daysSincePrevious }) => daysSincePrevious)).toEqual([5, 5, null]);
    expect(orders[2]?.refunds).toHaveLength(1);
    expect(products).toMatchObject([{ title: 'Tea', orders: 3 }]);
  });

  it('has the orders that do not count too, with the reason', async () => {
    await owner.query("UPDATE orders SET cancelled_at = '2026-10-30T00:00:00Z' WHERE name = '#1242'");
    const customer = await get(101n);
    expect(customer?.orders.map(({ name, whyNot, valueMinor }) => [name, whyNot, valueMinor === null])).toEqual([
      ['#1242', 'cancelled', true],
      ['#1122', null, false],
      ['#1002', null, false],
    ]);
    expect(customer?.orders[0]?.cancelledOn).toBe('2026-10-30');
    expect(customer?.row?.orders).toBe(2);
  });

  it('has in the past the orders of that time, however many came since', async () => {
    const { getCustomer } = await import('#app/services/retention/get-customer.server.ts');
    const { rows: [first] } = await owner.query("SELECT to_char(min(processed_at), 'YYYY-MM-DD') AS day FROM orders WHERE customer_id = 104");
    await owner.query(
      `INSERT INTO orders (shop_id, order_id, name, customer_id, processed_at, created_at, updated_at, is_test, financial_status, currency,
         presentment_currency, taxes_included, subtotal_minor, current_subtotal_minor, current_tax_minor, current_shipping_minor,
         shipping_tax_minor, tip_minor, current_total_minor, received_minor, refunded_minor, outstanding_minor, discount_codes)
       SELECT shop_id, order_id * 1000 + n, '#later' || n, customer_id, '2026-10-31', created_at, updated_at, is_test, financial_status, currency,
         presentment_currency, taxes_included, subtotal_minor, current_subtotal_minor, current_tax_minor, current_shipping_minor,
         shipping_tax_minor, tip_minor, current_total_minor, received_minor, refunded_minor, outstanding_minor, discount_codes
       FROM orders, generate_series(1, 100) AS n WHERE name = '#1005'`,
    );
    const then = await getCustomer(context, { customerId: 104n, asOf: String(first?.day) });
    expect(then?.orders.map(({ name }) => name)).toEqual(['#1005']);
    expect(then).toMatchObject({ ordersHeld: 1, products: [{ title: 'Tea', orders: 1 }] });
    await owner.query("DELETE FROM orders WHERE name LIKE '#later%'");
  });

  it('is nobody where the shop has no such customer, or not any more', async () => {
    expect(await get(999_999n)).toBeNull();
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    await redactCustomer(context, { customerId: 102n, orderIds: [] });
    expect(await get(102n)).toBeNull();
    const { rows } = await list('sort=lastOrder-asc');
    expect(rows.filter(({ id }) => id === null)).toMatchObject([{ orders: 3 }]);
    expect(idsIn(await list('q=102'))).toEqual([]);
  });
});
