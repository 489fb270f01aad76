import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';

import type { OfferLift } from '#app/services/offers/get-offer-lift.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { ANYBODY } from '#app/domain/offers/offer-rule.ts';
import { promiseOf } from './promise.ts';
import { aRule, offering } from '#test/services/offers/offering.ts';
import { seededRandom, type SeededRandom } from '#test/simulator/store/seeded-random.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { waitFor } from '#test/support/wait-for.ts';

const STORE = syntheticStore(6);
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1, 12);
const AT_ONCE = 10;

/** Two rules, of which one brings customers back and the other does nothing. */
const BRINGS = 'b1b1b1b1-0000-4000-8000-000000000001';
const IDLE = 'b1b1b1b1-0000-4000-8000-000000000002';
const RULES = [
  aRule({ ruleId: BRINGS, conditions: { ...ANYBODY, countries: ['DE'] } }),
  aRule({ ruleId: IDLE, conditions: { ...ANYBODY, countries: ['FR'] } }),
];
const TRUTH = { baseShare: 0.3, added: { DE: 0.3, FR: 0 }, leastMinor: 2_000, mostMinor: 8_000 } as const;
const MEAN_MINOR = (TRUTH.leastMinor + TRUTH.mostMinor) / 2;
/** As many customers of each country: what the rules added together lies between what each did. */
const ADDED_TOGETHER = (TRUTH.added.DE + TRUTH.added.FR) / 2;
/** Whoever bought while it ran comes back, offer or none. */
const PROMOTED_SHARE = 0.9;

type Country = keyof typeof TRUTH.added;
interface Shopper {
  customerId: number;
  country: Country;
  day: number;
}
interface Bought extends Shopper {
  orderId: number;
  valueMinor: number;
}

let app: AppUnderTest;
let owner: pg.Client;
let installed: ShopContext;
let nowMs = START_MS;
let lastId = 1_000_000;

beforeAll(async () => {
  // Who is held out is drawn by a key: with the same one each run draws the same customers.
  app = await startAppUnderTest({ store: STORE, env: { ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 'held out').toString('base64')}` } });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  installed = await app.install(STORE.shop.domain);
  await owner.query("UPDATE shops SET currency = 'EUR', iana_time_zone = 'Europe/Berlin'");
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

const context = (): ShopContext => ({ ...installed, now: () => new Date(nowMs) });

async function setShare(day: number, holdoutBasisPoints: number): Promise<void> {
  nowMs = START_MS + day * DAY_MS;
  const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  await saveOfferSettings(context(), offering(RULES, { holdoutBasisPoints }));
}

const newShoppers = (count: number, day: number): Shopper[] =>
  Array.from({ length: count }, (_, index) => ({ customerId: (lastId += 1), country: index % 2 === 0 ? 'DE' : 'FR', day }));

/** As the sync would have stored them. */
async function store(orders: readonly Bought[]): Promise<void> {
  await owner.query(
    `INSERT INTO orders (shop_id, order_id, name, customer_id, processed_at, created_at, updated_at, is_test, financial_status, currency, presentment_currency, taxes_included, discount_codes, country_code,
       subtotal_minor, current_subtotal_minor, current_tax_minor, current_shipping_minor, shipping_tax_minor, tip_minor, current_total_minor, received_minor, refunded_minor, outstanding_minor)
     SELECT $1, o.id, '#' || o.id, o.customer, o.at, o.at, o.at, false, 'PAID', 'EUR', 'EUR', true, '{}', o.country, o.value, o.value, 0, 0, 0, 0, o.value, o.value, 0, 0
     FROM unnest($2::bigint[], $3::bigint[], $4::timestamptz[], $5::text[], $6::bigint[]) o (id, customer, at, country, value)`,
    [
      installed.shop.shopId,
      orders.map(({ orderId }) => orderId),
      orders.map(({ customerId }) => customerId),
      orders.map(({ day }) => new Date(START_MS + day * DAY_MS)),
      orders.map(({ country }) => country),
      orders.map(({ valueMinor }) => valueMinor),
    ],
  );
}

/** Each buys, and their thank-you page asks a minute later; whether it shows something to come. */
async function buyAndAsk(shoppers: readonly Shopper[]): Promise<Map<number, boolean>> {
  const { requestNextOrderOffer } = await import('#app/services/offers/request-next-order-offer.server.ts');
  const orders = shoppers.map((shopper) => ({ ...shopper, orderId: (lastId += 1), valueMinor: MEAN_MINOR }));
  await store(orders);
  const offered = new Map<number, boolean>();
  for (let from = 0; from < orders.length; from += AT_ONCE) {
    const pages = orders.slice(from, from + AT_ONCE).map(async ({ orderId, customerId, day }) => {
      nowMs = START_MS + day * DAY_MS + 60_000;
      // Again, as the page does, where the machine had too much else to do for an answer in time.
      const ask = () => requestNextOrderOffer(context(), { orderId: BigInt(orderId), customerId: null }).catch(() => undefined);
      const answer = await waitFor('an answer', ask, { timeoutMs: 60_000 });
      if (!answer.ok) throw new Error(answer.reason);
      offered.set(customerId, answer.value.state !== 'none');
    });
    await Promise.all(pages);
  }
  return offered;
}

/** Orders of those who come back within the time for which they are followed. */
function comeBack(random: SeededRandom, shoppers: readonly Shopper[], shareOf: (shopper: Shopper) => number): Bought[] {
  return shoppers
    .filter((shopper) => random.chance(shareOf(shopper)))
    .map((shopper) => ({ ...shopper, day: shopper.day + random.between(1, 50), orderId: (lastId += 1), valueMinor: random.between(TRUTH.leastMinor, TRUTH.mostMinor) }));
}

/**
 * Half a year of a store. A promotion brings back nearly everybody who bought before anybody was held out, and again after
 * nobody was any more; a share that was tried first held out few, and that in another promotion. What the offers add is
 * known of the months between alone.
 */
async function runStore(random: SeededRandom, customers: number): Promise<OfferLift> {
  await owner.query('DELETE FROM offer_decisions; DELETE FROM offer_discounts; DELETE FROM orders; UPDATE shops SET data_version = data_version + 1');
  const others = customers / 4;
  const before = newShoppers(others, 0);
  await setShare(0, 0);
  await buyAndAsk(before);
  const tried = newShoppers(others, 10);
  await setShare(10, 500);
  await buyAndAsk(tried);
  const judged = newShoppers(customers, 80);
  await setShare(80, 5_000);
  // Of those from before some buy again, and now may be held out.
  const offered = await buyAndAsk([...judged, ...before.slice(0, others / 2).map((shopper) => ({ ...shopper, day: 80 }))]);
  const after = newShoppers(others, 90);
  await setShare(90, 0);
  await buyAndAsk(after);
  await store([
    ...comeBack(random, [...before, ...tried, ...after], () => PROMOTED_SHARE),
    ...comeBack(random, judged, ({ customerId, country }) => TRUTH.baseShare + (offered.get(customerId) === true ? TRUTH.added[country] : 0)),
  ]);
  nowMs = START_MS + 180 * DAY_MS;
  const { getOfferLift } = await import('#app/services/offers/get-offer-lift.server.ts');
  await owner.query('UPDATE shops SET data_version = data_version + 1');
  const lift = await getOfferLift(context(), null);
  if (lift === null) throw new Error('nothing is known of the shop');
  return lift;
}

const holds = (interval: { low: number; high: number } | null | undefined, truth: number): boolean =>
  interval !== null && interval !== undefined && interval.low <= truth && truth <= interval.high;

promiseOf('H1', 'shares before and after, a promotion, two rules', async ({ seed, pick }) => {
  const random = seededRandom(seed);
  const [stores, customers] = [pick(4, 400), 64];
  const hits = { returned: 0, spent: 0, rules: 0 };
  let strangers = 0;
  for (let store = 0; store < stores; store += 1) {
    const { offered, heldOut, lift, rules } = await runStore(random, customers);
    strangers += Math.abs(offered.customers + heldOut.customers - customers);
    if (holds(lift?.returned, ADDED_TOGETHER)) hits.returned += 1;
    if (holds(lift?.spentMinor, ADDED_TOGETHER * MEAN_MINOR)) hits.spent += 1;
    for (const [ruleId, truth] of [[BRINGS, TRUTH.added.DE], [IDLE, TRUTH.added.FR]] as const) {
      if (holds(rules.find((rule) => rule.ruleId === ruleId)?.lift?.returned, truth)) hits.rules += 1;
    }
  }
  // Three standard deviations of so many throws at 95 %.
  const isNear = (hit: number, of: number) => Math.abs(hit / of - 0.95) < 3 * Math.sqrt((0.95 * 0.05) / of);
  return {
    tried: `${stores} stores of ${customers} customers, and ${(customers / 4) * 3} whom chance did not decide on`,
    measured: `truth in ${hits.returned} intervals of shares, ${hits.spent} of amounts, of ${stores}; ${hits.rules} of ${stores * 2} of single rules; ${strangers} strangers`,
    isKept: strangers === 0 && isNear(hits.returned, stores) && isNear(hits.spent, stores) && isNear(hits.rules, stores * 2),
  };
});
