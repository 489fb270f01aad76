import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type pg from 'pg';
import { afterAll, beforeAll, test } from 'vitest';

import type { PastAwards } from '#app/domain/loyalty/accrual/past-awards.ts';
import { ProgramSimulation } from '#app/domain/loyalty/accrual/simulate-program.ts';
import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { ReviewedTierPath } from '#app/domain/loyalty/tiers/tier-path.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { CURRENCY, openReplay, openScene, ZONE } from '#test/support/loyalty/sales-replay.ts';
import type { Sale, SaleRefund, Scene } from '#test/support/loyalty/sales-replay.ts';
import { readOnlineRetailRefunds } from '#test/support/online-retail-export.ts';
import type { OnlineRetailRefunds } from '#test/support/online-retail-export.ts';
import { readOnlineRetailSales } from '#test/support/online-retail-sales.ts';
import { promiseOf } from './promise.ts';
import type { Finding } from './promise.ts';

/** The newer half of the store's two years. */
const DAYS_BACK = 365;
const SALES = join(import.meta.dirname, '../../../shared/data/online_retail.csv.gz');
const FIRST_ORDER_ID = 1_000_000;
/** Its line and its fulfilment have ids too. */
const IDS_AN_ORDER = 10;
const FEW_CUSTOMERS = 12;
/** Side by side at full size, each with a part of the customers: one order after the other mostly waits for answers. */
const MOST_STORES = 4;
/** The store, beside those, that has a past before it has a program. */
const LOOKING_BACK = MOST_STORES + 1;
/** Falls to a lower tier by an order that is a year old, on a day without orders: only a worker that is awake sees it then. */
const FALLEN = 16891;
/** Of the orders, at the beginning and at the end: how long one takes must not grow with those before it. */
const TIMED_SHARE = 0.1;

const USUAL = defaultProgram({ currency: CURRENCY, unitMinor: 100 });
const LEVEL = { factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null };
const PROGRAM: Program = {
  ...USUAL,
  earning: {
    ...USUAL.earning,
    birthdayPoints: null,
    firstOrderPoints: 50,
    thresholdBonuses: [{ id: 'big', currency: CURRENCY, minimumMinor: 500_00, points: 250 }],
  },
  expiry: { kind: 'inactivity', months: 3, noticeDays: [] },
  tiers: {
    ...{ basis: 'points', window: 'rolling-year', graceDays: 5 },
    levels: [
      { ...LEVEL, id: 'bronze', name: 'Bronze', threshold: 0 },
      { ...LEVEL, id: 'silver', name: 'Silver', threshold: 2_500, factorBasisPoints: 12_500, entryPoints: 100 },
      { ...LEVEL, id: 'gold', name: 'Gold', threshold: 10_000, factorBasisPoints: 15_000, entryPoints: 300 },
    ],
  },
};

/** In the order in which they were placed, each with what the store gave back for it. */
async function readSales(customers: number): Promise<Sale[]> {
  const refunded = await readOnlineRetailRefunds(SALES);
  const sales = readOnlineRetailSales(SALES).rows.map(({ orderId: invoice, customerKey, processedAtMs, valueMinor }, index) => ({
    orderId: FIRST_ORDER_ID + index * IDS_AN_ORDER,
    customerId: Number(String(customerKey).split('@')[0]),
    processedAtMs,
    valueMinor,
    refunds: refundsOf(valueMinor, refunded.get(String(invoice))),
  }));
  const ids = [...new Set(sales.map(({ customerId }) => customerId))].sort((a, b) => a - b);
  const chosen = new Set([...ids.slice(0, customers), FALLEN]);
  return sales.filter(({ customerId }) => chosen.has(customerId)).sort((a, b) => a.processedAtMs - b.processedAtMs || a.orderId - b.orderId);
}

/** Refunds add up pence of lines, and an order tenths of them: the whole is the whole all the same. */
function refundsOf(valueMinor: number, given: OnlineRetailRefunds | undefined): SaleRefund[] {
  let leftMinor = valueMinor;
  const refunds = [];
  for (const [index, { atMs, amountMinor }] of (given?.refunds ?? []).entries()) {
    const isLast = given?.isWhole === true && index === given.refunds.length - 1;
    const backMinor = isLast ? leftMinor : Math.min(leftMinor, amountMinor);
    leftMinor -= backMinor;
    if (backMinor > 0) refunds.push({ atMs, amountMinor: backMinor });
  }
  return refunds;
}

/** Where a customer stands at the end. */
interface Standing {
  points: number;
  pending: number;
  issued: number;
  expired: number;
  tier: string;
}

async function standingsInLedger(owner: pg.Pool, { shop, now }: ShopContext): Promise<Map<bigint, Standing>> {
  const { rows } = await owner.query<{ customer_id: string } & Standing>(
    `SELECT m.customer_id, coalesce(sum(p.points) FILTER (WHERE account = 'customer'), 0)::int AS points,
       coalesce(sum(p.points) FILTER (WHERE account = 'pending'), 0)::int AS pending,
       -coalesce(sum(p.points) FILTER (WHERE account = 'issued'), 0)::int AS issued,
       coalesce(sum(p.points) FILTER (WHERE account = 'expired'), 0)::int AS expired,
       coalesce((SELECT tier_id FROM loyalty_tier_changes c WHERE c.shop_id = m.shop_id AND c.member_id = m.member_id
         AND c.effective_at <= $2 ORDER BY change_no DESC LIMIT 1), 'bronze') AS tier
     FROM loyalty_members m JOIN loyalty_postings p USING (shop_id, member_id)
     WHERE m.shop_id = $1 GROUP BY m.shop_id, m.member_id`,
    [shop.shopId, now()],
  );
  return new Map(rows.map(({ customer_id: id, ...standing }) => [BigInt(id), standing]));
}

/** By the orders that the webhooks left behind, read as the page that shows a simulation reads them. */
async function standingsInSimulation({ pool, shop, now }: ShopContext, program: Program): Promise<Map<bigint, Standing>> {
  const { readCustomersOrders } = await import('#app/adapters/db/loyalty/earning-customers.server.ts');
  const simulation = new ProgramSimulation({
    ...{ program, currency: CURRENCY, timeZone: ZONE, breakageBasisPoints: 0 },
    fromMs: program.earning.earnsFromMs,
    asOfMs: now().getTime(),
    openTierPath: () => new ReviewedTierPath(program, ZONE),
  });
  const standings = new Map<bigint, Standing>();
  await readCustomersOrders({ pool, shop }, { sinceMs: 0, withFulfillments: false }, (customer) => {
    const outcome = simulation.addCustomer(customer);
    const customerId = customer.orders[0]?.customerId;
    if (outcome === null || !customerId) return;
    const { points, pendingPoints: pending, issuedPoints: issued, expiredPoints: expired, tier } = outcome;
    standings.set(customerId, { points, pending, issued, expired, tier: tier?.id ?? 'none' });
  });
  return standings;
}

/** What the orders brought in, less what went back. */
async function storedMinor(owner: pg.Pool, { shop }: ShopContext): Promise<number> {
  const { rows } = await owner.query<{ minor: number }>('SELECT coalesce(sum(received_minor - refunded_minor), 0)::float8 AS minor FROM orders WHERE shop_id = $1', [shop.shopId]);
  return rows[0]?.minor ?? 0;
}

/** What happens in the store, in the order in which it does: a sale is placed, or something is given back for it. */
function deedsOf(sales: readonly Sale[]): { atMs: number; sale: Sale; refund: SaleRefund | null }[] {
  const placed = sales.map((sale) => ({ atMs: sale.processedAtMs, sale, refund: null }));
  const givenBack = sales.flatMap((sale) => sale.refunds.map((refund) => ({ atMs: refund.atMs, sale, refund })));
  return [...placed, ...givenBack].sort((a, b) => a.atMs - b.atMs);
}

/** One store's customers, as they are after the last of their orders. */
interface Replayed {
  readonly replayed: ReadonlyMap<bigint, Standing>;
  readonly simulated: ReadonlyMap<bigint, Standing>;
  readonly soldMinor: number;
  /** For each order. */
  readonly tookMs: readonly number[];
}

async function replayStore(scene: Scene, number: number, sales: readonly Sale[]): Promise<Replayed> {
  const replay = await openReplay(scene, number);
  const { context } = replay;
  const program = await replay.begin((sales[0]?.processedAtMs ?? 0) - 1, PROGRAM);
  const tookMs: number[] = [];
  const deeds = deedsOf(sales);
  for (const { atMs, sale, refund } of deeds) {
    const startedMs = performance.now();
    await replay.liveUntil(atMs);
    await (refund === null ? replay.place(sale) : replay.refund(sale, refund));
    tookMs.push(performance.now() - startedMs);
  }
  await replay.liveUntil(deeds.at(-1)?.atMs ?? 0);
  const replayed = await standingsInLedger(scene.owner, context);
  return { replayed, simulated: await standingsInSimulation(context, program), soldMinor: await storedMinor(scene.owner, context), tookMs };
}

function judge(sales: readonly Sale[], stores: readonly Replayed[]): Finding {
  const replayed = new Map(stores.flatMap((store) => [...store.replayed]));
  const simulated = new Map(stores.flatMap((store) => [...store.simulated]));
  const customers = new Set([...replayed.keys(), ...simulated.keys(), ...sales.map(({ customerId }) => BigInt(customerId))]);
  const different = [...customers].filter((id) => !isDeepStrictEqual(replayed.get(id), simulated.get(id)));
  const told = different.map((id) => `${id}: ${JSON.stringify(replayed.get(id))} and not ${JSON.stringify(simulated.get(id))}`);
  const members = [...replayed.values()];
  const inTier = (id: string) => members.filter(({ tier }) => tier === id).length;
  const levels = (PROGRAM.tiers?.levels ?? []).map(({ id }) => id);
  const isWhole = sumOf(stores, ({ soldMinor }) => soldMinor) === sumOf(sales, keptMinor);
  const sum = (pick: (standing: Standing) => number) => sumOf(members, pick).toLocaleString('en');
  return {
    tried: `${sales.length.toLocaleString('en')} orders and ${sumOf(sales, ({ refunds }) => refunds.length).toLocaleString('en')} refunds of ${customers.size.toLocaleString('en')} customers, webhooks each, in ${stores.length === 1 ? 'one store' : `${stores.length} stores side by side`}`,
    measured: [
      `${different.length} customers differ${told.length > 0 ? ` (${told.join('; ')})` : ''}`,
      `${sum(({ issued }) => issued)} points given, ${sum(({ expired }) => expired)} over, ${sum(({ points }) => points)} to spend, ${sum(({ pending }) => pending)} pending`,
      levels.map((id) => `${inTier(id).toLocaleString('en')} ${id}`).join(', '),
      `orders ${isWhole ? 'whole' : 'NOT WHOLE'}`,
      tellPace(stores),
    ].join('; '),
    // Whoever agrees where nothing happens proves nothing.
    isKept: different.length === 0 && isWhole && levels.every((id) => inTier(id) > 0),
  };
}

/** What the merchant was told before, and what members were given. */
interface LookedBack {
  readonly told: Pick<PastAwards, 'points' | 'members' | 'earningOrders'>;
  readonly given: Pick<PastAwards, 'points' | 'members' | 'earningOrders'>;
}

/** All of a store's orders are there before it has a program, which then looks back at the last year of them. */
async function lookBackAt(scene: Scene, sales: readonly Sale[]): Promise<LookedBack> {
  const replay = await openReplay(scene, LOOKING_BACK, sales);
  const lastMs = sales.at(-1)?.processedAtMs ?? 0;
  const { points, members, earningOrders } = await replay.beginLookingBack(lastMs + 1, PROGRAM, dayOfInstant(lastMs, ZONE) - DAYS_BACK);
  const { rows } = await scene.owner.query<LookedBack['given']>(
    `SELECT (SELECT -coalesce(sum(points), 0)::int FROM loyalty_postings WHERE shop_id = $1 AND account = 'issued') AS points,
       (SELECT count(*)::int FROM loyalty_members WHERE shop_id = $1 AND last_sequence > 0) AS members,
       (SELECT count(DISTINCT order_id)::int FROM loyalty_entries WHERE shop_id = $1 AND kind = 'order') AS "earningOrders"`,
    [replay.context.shop.shopId],
  );
  return { told: { points, members, earningOrders }, given: rows[0] ?? { points: 0, members: 0, earningOrders: 0 } };
}

function judgeLookingBack(sales: readonly Sale[], { told, given }: LookedBack): Finding {
  const say = ({ points, members, earningOrders }: LookedBack['told']) =>
    `${points.toLocaleString('en')} points for ${earningOrders.toLocaleString('en')} orders of ${members.toLocaleString('en')} members`;
  return {
    tried: `${sales.length.toLocaleString('en')} orders of before the program, ${DAYS_BACK} days looked back at`,
    measured: `told ${say(told)}; given ${say(given)}`,
    isKept: isDeepStrictEqual(told, given) && told.points > 0 && told.earningOrders < sales.length,
  };
}

function tellPace(stores: readonly Replayed[]): string {
  const parts = stores.map(({ tookMs }) => ({ tookMs, timed: Math.max(1, Math.floor(tookMs.length * TIMED_SHARE)) }));
  const first = parts.flatMap(({ tookMs, timed }) => tookMs.slice(0, timed));
  const last = parts.flatMap(({ tookMs, timed }) => tookMs.slice(-timed));
  const meanMs = (times: readonly number[]) => (sumOf(times, (ms) => ms) / times.length).toFixed(0);
  return `${meanMs(parts.flatMap(({ tookMs }) => tookMs))} ms an order (the first tenth ${meanMs(first)}, the last ${meanMs(last)})`;
}

function keptMinor({ valueMinor, refunds }: Sale): number {
  return valueMinor - sumOf(refunds, ({ amountMinor }) => amountMinor);
}

function sumOf<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((sum, item) => sum + pick(item), 0);
}

if (!existsSync(SALES)) {
  test.skip('R1 skipped: ../shared/data/online_retail.csv.gz is not here', () => {});
} else {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(LOOKING_BACK);
  });
  afterAll(() => scene.stop());

  promiseOf('R1', 'the orders of a real store of 2010 and 2011, one by one through webhooks', async ({ pick }) => {
    const sales = await readSales(pick(FEW_CUSTOMERS, Number.POSITIVE_INFINITY));
    const count = pick(1, MOST_STORES);
    const parts = Array.from({ length: count }, (_, index) => sales.filter(({ customerId }) => customerId % count === index));
    return judge(sales, await Promise.all(parts.map((part, index) => replayStore(scene, index + 1, part))));
  });

  promiseOf('R1', 'past orders of a real store are counted, and then awarded', async ({ pick }) => {
    const sales = await readSales(pick(FEW_CUSTOMERS, Number.POSITIVE_INFINITY));
    return judgeLookingBack(sales, await lookBackAt(scene, sales));
  });
}
