import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { customersQuestionOf } from '#app/domain/segments/customers-question.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticCustomer, syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

/** Forty customers, three orders each, in the five days before the first of November. */
const STORE = syntheticStore(120);
/** Whoever asked for an account and never bought; their number is below everybody's who did. */
const NEVER_BOUGHT = syntheticCustomer(50);
const LATER = '2026-11-01';
const EARLIER = '2026-10-28';

const dayOf = (text: string) => parseDay(text) ?? NaN;

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

async function list(address: string) {
  const { listCustomers } = await import('#app/services/retention/list-customers.server.ts');
  const found = await listCustomers(context, customersQuestionOf(new URLSearchParams(address)));
  if (found === null) throw new Error('nothing is known of the shop');
  return found;
}

async function predictions(day: string) {
  const { loadShopColumns } = await import('#app/services/retention/shop-columns.server.ts');
  const { loadShopPredictions } = await import('#app/services/retention/shop-predictions.server.ts');
  const loaded = await loadShopColumns(context);
  if (loaded === null) throw new Error('nothing is known of the shop');
  const { orders } = loaded;
  const found = await loadShopPredictions(context, { orders, asOf: asOfDayIn(orders.columns.timeZone, dayOf(day)), isNeeded: true });
  return { day: found?.day, isOfNow: found?.orders.columns === orders.columns, counting: found?.orders.columns.counting?.preset };
}

/** As any change of an order does. */
async function changeAnOrder(): Promise<void> {
  await owner.query("UPDATE orders SET received_minor = received_minor + 1 WHERE name = '#1020'");
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: { ...STORE, customers: [NEVER_BOUGHT, ...STORE.customers] } });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = { ...(await app.install(STORE.shop.domain)), now: () => new Date(`${LATER}T09:00:00Z`) };
  await pullHistory(context);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

describe('what was computed for one day', () => {
  it('is no list of customers of another', async () => {
    const ordersOn = async (day: string) => (await list(`asOf=${day}&sort=lastOrder-desc`)).rows.reduce((sum, { orders }) => sum + orders, 0);
    expect(await ordersOn(LATER)).toBe(120);
    const then = await list(`asOf=${EARLIER}&sort=lastOrder-desc`);
    expect(then.rows[0]?.lastOrder).toBe(EARLIER);
    expect(await ordersOn(EARLIER)).toBeLessThan(120);
    expect(await ordersOn(LATER)).toBe(120);
  });

  it('is predicted of no other', async () => {
    for (const day of [LATER, EARLIER, LATER]) expect((await predictions(day)).day).toBe(dayOf(day));
  });
});

describe('what was asked for otherwise', () => {
  it('is computed, though it is of the same orders', async () => {
    const { getCohorts } = await import('#app/services/retention/get-cohorts.server.ts');
    const { getOverview } = await import('#app/services/retention/get-overview.server.ts');
    const cohorts = async (period: 'month' | 'week', compare: 'country' | 'channel') => {
      const found = await getCohorts(context, { asOf: LATER, period, cut: null, compare });
      return { cohort: found?.cohorts.rows[0]?.cohort, values: found?.compared.map(({ value }) => value) };
    };
    expect(await cohorts('month', 'country')).toEqual({ cohort: '2026-10', values: ['DE'] });
    expect(await cohorts('month', 'channel')).toEqual({ cohort: '2026-10', values: ['web'] });
    expect(await cohorts('week', 'channel')).toEqual({ cohort: '2026-W44', values: ['web'] });
    const windowOf = async (days: 30 | 365) => {
      const found = await getOverview({ ...context, now: () => new Date('2026-12-20T09:00:00Z') }, { asOf: '2026-12-20', days });
      return found.ok ? found.value.compared.window.basics.customers : null;
    };
    expect(await windowOf(365)).toBe(40);
    expect(await windowOf(30)).toBe(0);
  });
});

describe('predictions that serve for some minutes', () => {
  it('are of orders as they were, until somebody is forgotten or orders are counted otherwise', async () => {
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    expect(await predictions(LATER)).toMatchObject({ isOfNow: true });
    await changeAnOrder();
    expect(await predictions(LATER)).toMatchObject({ isOfNow: false });
    await redactCustomer(context, { customerId: 103n, orderIds: [] });
    expect(await predictions(LATER)).toMatchObject({ isOfNow: true });
    await changeAnOrder();
    await owner.query("UPDATE shops SET counting_preset = 'asShopifyCounts'");
    expect(await predictions(LATER)).toMatchObject({ counting: 'asShopifyCounts' });
    await owner.query("UPDATE shops SET counting_preset = 'perennial'");
    expect(await predictions(LATER)).toMatchObject({ counting: 'perennial' });
  });
});

describe('lines that serve for some minutes', () => {
  it('are of orders that are counted as they are now', async () => {
    const { loadShopLines } = await import('#app/services/retention/shop-lines.server.ts');
    const counting = async () => (await loadShopLines(context))?.kept.orders.columns.counting?.preset;
    expect(await counting()).toBe('perennial');
    await changeAnOrder();
    await owner.query("UPDATE shops SET counting_preset = 'asShopifyCounts'");
    expect(await counting()).toBe('asShopifyCounts');
    await owner.query("UPDATE shops SET counting_preset = 'perennial'");
  });
});

describe('somebody who never bought', () => {
  it('is found, and nobody else in their place', async () => {
    expect(await list('q=buyer50@example.com')).toMatchObject({ count: 0, rows: [], search: { found: 0, withoutOrders: 1 } });
  });

  it('is not named in a list, where nobody is who never bought', async () => {
    const { showCustomerNames } = await import('#app/services/retention/show-customer-names.server.ts');
    expect(await showCustomerNames(context, { customerIds: [50n, 100n], actor: 'staff:7' })).toEqual({ names: { 100: 'Buyer 100' }, silence: null });
  });
});

describe('an order in another currency', () => {
  it('is shown with the reason and no value, and told of a part of the customers as of none', async () => {
    const { getCustomer } = await import('#app/services/retention/get-customer.server.ts');
    const { getOverview } = await import('#app/services/retention/get-overview.server.ts');
    await owner.query("UPDATE orders SET currency = 'USD' WHERE name = '#1101'");
    const customer = await getCustomer(context, { customerId: 120n, asOf: LATER });
    expect(customer?.orders.map(({ whyNot, valueMinor }) => [whyNot, valueMinor === null])).toEqual([['otherCurrency', true], [null, false], [null, false]]);
    const told = async (cut: { dimension: 'country'; value: string } | null) => {
      const found = await getOverview(context, { asOf: LATER, days: 30, cut });
      return found.ok ? found.value.inOtherCurrency : null;
    };
    expect([await told(null), await told({ dimension: 'country', value: 'DE' })]).toEqual([1, 0]);
  });
});
