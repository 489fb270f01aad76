import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import pg from 'pg';
import { test } from 'vitest';

import { ProgramSimulation } from '#app/domain/loyalty/accrual/simulate-program.ts';
import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { ReviewedTierPath } from '#app/domain/loyalty/tiers/tier-path.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { sameMoney } from '#test/simulator/state.ts';
import type { SimOrder } from '#test/simulator/state.ts';
import { syntheticCustomer, syntheticOrder, syntheticStore } from '#test/simulator/synthetic-store.ts';
import type { WebhookDelivery } from '#test/simulator/webhooks.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { readOnlineRetailSales } from '#test/support/online-retail-sales.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';
import { promiseOf } from './promise.ts';
import type { Finding } from './promise.ts';

const SALES = join(import.meta.dirname, '../../../shared/data/online_retail.csv.gz');
const ZONE = 'Europe/London';
const CURRENCY = 'GBP';
const FIRST_ORDER_ID = 1_000_000;
/** Its line and its fulfilment have ids too. */
const IDS_AN_ORDER = 10;
const FEW_CUSTOMERS = 12;
/** Side by side at full size, each with a part of the customers: one order after the other mostly waits for answers. */
const MOST_STORES = 4;
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

interface Sale {
  orderId: number;
  customerId: number;
  processedAtMs: number;
  valueMinor: number;
}

/** In the order in which they were placed. */
function readSales(customers: number): Sale[] {
  const sales = readOnlineRetailSales(SALES).rows.map(({ customerKey, processedAtMs, valueMinor }, index) => ({
    orderId: FIRST_ORDER_ID + index * IDS_AN_ORDER,
    customerId: Number(String(customerKey).split('@')[0]),
    processedAtMs,
    valueMinor,
  }));
  const ids = [...new Set(sales.map(({ customerId }) => customerId))].sort((a, b) => a - b);
  const chosen = new Set([...ids.slice(0, customers), FALLEN]);
  return sales.filter(({ customerId }) => chosen.has(customerId)).sort((a, b) => a.processedAtMs - b.processedAtMs || a.orderId - b.orderId);
}

/** One line at the order's worth, paid, without tax and shipping. */
function orderOf({ orderId, customerId, processedAtMs, valueMinor }: Sale): SimOrder {
  const plain = syntheticOrder(orderId, { customerId, at: new Date(processedAtMs).toISOString() });
  const nothing = sameMoney(0, CURRENCY);
  const worth = sameMoney(valueMinor, CURRENCY);
  const lines = plain.lines.slice(0, 1).map((line) => ({ ...line, quantity: 1, currentQuantity: 1, unitPrice: worth, discount: nothing, tax: nothing }));
  return { ...plain, presentmentCurrency: CURRENCY, lines, shipping: nothing, shippingTax: nothing, tip: nothing, received: worth };
}

/** Where a customer stands at the end. */
interface Standing {
  points: number;
  pending: number;
  issued: number;
  expired: number;
  tier: string;
}

/** It has nothing yet. */
const storeOf = (number: number) => ({
  ...syntheticStore(0, { shop: { id: number, domain: `online-retail-${number}.myshopify.com`, currency: CURRENCY, ianaTimezone: ZONE } }),
  customers: [],
});

interface Scene {
  readonly app: AppUnderTest;
  readonly owner: pg.Pool;
  /** What Shopify would have sent since somebody last asked. */
  takeSent(domain: string): WebhookDelivery[];
  stop(): Promise<void>;
}

async function openScene(stores: number): Promise<Scene> {
  const sent: WebhookDelivery[] = [];
  const app = await startAppUnderTest({
    store: Array.from({ length: stores }, (_, index) => storeOf(index + 1)),
    // Sent here, where the answer is waited for.
    webhookPlan: (delivery) => {
      sent.push(delivery);
      return [];
    },
  });
  const owner = new pg.Pool({ connectionString: app.ownerUrl, max: stores });
  return {
    app,
    owner,
    takeSent: (domain) => {
      const taken = sent.filter(({ shop }) => shop === domain);
      for (const delivery of taken) sent.splice(sent.indexOf(delivery), 1);
      return taken;
    },
    stop: async () => {
      await owner.end();
      await app.stop();
    },
  };
}

/** A shop whose orders come by webhooks, and a worker that lives in the time of the orders. */
interface Replay {
  readonly context: ShopContext;
  /** From then on orders earn. @returns the program as it is kept */
  begin(atMs: number): Promise<Program>;
  /** Orders or none: time goes from one thing that is due to the next. */
  liveUntil(atMs: number): Promise<void>;
  place(sale: Sale): Promise<void>;
}

async function openReplay({ app, owner, takeSent }: Scene, number: number): Promise<Replay> {
  const { domain } = storeOf(number).shop;
  const shopify = app.running.simulator.requireStore(domain);
  // Points are no part of this promise: a bucket of them would make an hour of it.
  Object.assign(app.running.simulator.bucketOf(domain), { canAfford: () => true, take: () => {} });
  // What comes in comes in now, as the database stamps it; points are given in the time of the orders.
  const present = await app.install(domain);
  await pullHistory(present);
  takeSent(domain);
  let clockMs = 0;
  const context: ShopContext = { ...present, now: () => new Date(clockMs) };
  const worker = await workerOf({ present, past: context, owner });
  return {
    context,
    begin: async (atMs) => {
      clockMs = atMs;
      return goLive(context);
    },
    liveUntil: async (atMs) => {
      for (let dueMs = await worker.nextDueMs(atMs); dueMs !== null; dueMs = await worker.nextDueMs(atMs)) {
        clockMs = Math.max(clockMs, dueMs);
        await worker.passTime();
      }
      clockMs = atMs;
    },
    place: async (sale) => {
      buy(shopify, sale);
      for (const delivery of takeSent(domain)) await deliver(delivery);
      await worker.takeIn();
    },
  };
}

function buy(shopify: ShopStore, sale: Sale): void {
  const order = orderOf(sale);
  // Without an account, which would make a member of them on a day of its own.
  const customer = { ...syntheticCustomer(sale.customerId), state: 'DISABLED' as const, createdAt: order.createdAt, updatedAt: order.createdAt };
  if (!shopify.customers.has(sale.customerId)) shopify.save('customer', customer);
  shopify.save('order', order);
  shopify.emit('orders/create', order);
}

async function deliver({ uri, topic, shop, body, webhookId, eventId, triggeredAt }: WebhookDelivery): Promise<void> {
  const { origin, pathname } = new URL(uri);
  const headers = { 'X-Shopify-Webhook-Id': webhookId, 'X-Shopify-Event-Id': eventId, 'X-Shopify-Triggered-At': triggeredAt };
  const response = await sendWebhook({ appUrl: origin, path: pathname, topic, shop, body, headers });
  await response.text();
  if (response.status !== 200) throw new Error(`${topic} was answered ${response.status}`);
}

/** As the merchant does: saves it, then switches it on. */
async function goLive(context: ShopContext): Promise<Program> {
  const { saveProgram } = await import('#app/services/loyalty/save-program.server.ts');
  const { loadNewestProgram } = await import('#app/adapters/db/loyalty/programs.repository.server.ts');
  const saved = await saveProgram(context, { basedOn: 0, program: PROGRAM, change: { to: 'live' }, savedBy: null });
  const newest = await context.inShop((db) => loadNewestProgram(db, context.shop));
  if (!saved.ok || newest === null) throw new Error(`The program was not saved: ${JSON.stringify(saved)}`);
  return newest.program;
}

interface WorkerInput {
  present: ShopContext;
  past: ShopContext;
  owner: pg.Pool;
}

/** The turns of the worker, each as soon as something is due. */
async function workerOf({ present, past, owner }: WorkerInput) {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  const { awardOrders } = await import('#app/services/loyalty/award-orders.server.ts');
  const { passTime } = await import('#app/services/loyalty/pass-time.server.ts');
  const { shopId } = past.shop;
  const isWaiting = async () => {
    const { rowCount } = await owner.query("SELECT FROM webhook_inbox WHERE shop_id = $1 AND state = 'waiting' LIMIT 1", [shopId]);
    return rowCount === 1;
  };
  return {
    /** Null when nothing is due by then. */
    nextDueMs: async (atMs: number) => {
      const { rows } = await owner.query<{ due_at: Date }>(
        'SELECT due_at FROM loyalty_members WHERE shop_id = $1 AND due_at <= $2 ORDER BY due_at LIMIT 1',
        [shopId, new Date(atMs)],
      );
      return rows[0]?.due_at.getTime() ?? null;
    },
    passTime: async () => {
      while ((await passTime(past)) === 'more');
    },
    takeIn: async () => {
      while (await isWaiting()) {
        const [failure] = await handleWebhooks(present);
        if (failure) throw new Error('A webhook was not handled', { cause: failure.error });
      }
      while ((await awardOrders(past)) === 'more');
    },
  };
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
  await readCustomersOrders({ pool, shop }, { sinceMs: 0 }, (customer) => {
    const outcome = simulation.addCustomer(customer);
    const customerId = customer.orders[0]?.customerId;
    if (outcome === null || !customerId) return;
    const { points, pendingPoints: pending, issuedPoints: issued, expiredPoints: expired, tier } = outcome;
    standings.set(customerId, { points, pending, issued, expired, tier: tier?.id ?? 'none' });
  });
  return standings;
}

async function storedMinor(owner: pg.Pool, { shop }: ShopContext): Promise<number> {
  const { rows } = await owner.query<{ minor: number }>('SELECT coalesce(sum(current_subtotal_minor), 0)::float8 AS minor FROM orders WHERE shop_id = $1', [shop.shopId]);
  return rows[0]?.minor ?? 0;
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
  const program = await replay.begin((sales[0]?.processedAtMs ?? 0) - 1);
  const tookMs: number[] = [];
  for (const sale of sales) {
    const startedMs = performance.now();
    await replay.liveUntil(sale.processedAtMs);
    await replay.place(sale);
    tookMs.push(performance.now() - startedMs);
  }
  await replay.liveUntil(sales.at(-1)?.processedAtMs ?? 0);
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
  const isWhole = sumOf(stores, ({ soldMinor }) => soldMinor) === sumOf(sales, ({ valueMinor }) => valueMinor);
  const sum = (pick: (standing: Standing) => number) => sumOf(members, pick).toLocaleString('en');
  return {
    tried: `${sales.length.toLocaleString('en')} orders of ${customers.size.toLocaleString('en')} customers, a webhook each, in ${stores.length === 1 ? 'one store' : `${stores.length} stores side by side`}`,
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

function tellPace(stores: readonly Replayed[]): string {
  const parts = stores.map(({ tookMs }) => ({ tookMs, timed: Math.max(1, Math.floor(tookMs.length * TIMED_SHARE)) }));
  const first = parts.flatMap(({ tookMs, timed }) => tookMs.slice(0, timed));
  const last = parts.flatMap(({ tookMs, timed }) => tookMs.slice(-timed));
  const meanMs = (times: readonly number[]) => (sumOf(times, (ms) => ms) / times.length).toFixed(0);
  return `${meanMs(parts.flatMap(({ tookMs }) => tookMs))} ms an order (the first tenth ${meanMs(first)}, the last ${meanMs(last)})`;
}

function sumOf<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((sum, item) => sum + pick(item), 0);
}

if (!existsSync(SALES)) {
  test.skip('R1 skipped: ../shared/data/online_retail.csv.gz is not here', () => {});
} else {
  promiseOf('R1', 'the orders of a real store of 2010 and 2011, one by one through webhooks', async ({ pick }) => {
    const sales = readSales(pick(FEW_CUSTOMERS, Number.POSITIVE_INFINITY));
    const count = pick(1, MOST_STORES);
    const scene = await openScene(count);
    try {
      const parts = Array.from({ length: count }, (_, index) => sales.filter(({ customerId }) => customerId % count === index));
      return judge(sales, await Promise.all(parts.map((part, index) => replayStore(scene, index + 1, part))));
    } finally {
      await scene.stop();
    }
  });
}
