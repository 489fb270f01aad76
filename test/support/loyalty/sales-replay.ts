import pg from 'pg';

import { addPastAwards, NO_PAST_AWARDS } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { PastAwards, PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { refundOrder } from '#test/simulator/order-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { sameMoney } from '#test/simulator/state.ts';
import type { SimOrder } from '#test/simulator/state.ts';
import { syntheticCustomer, syntheticOrder, syntheticStore } from '#test/simulator/synthetic-store.ts';
import type { WebhookDelivery } from '#test/simulator/webhooks.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';

export const ZONE = 'Europe/London';
export const CURRENCY = 'GBP';

export interface Sale {
  orderId: number;
  customerId: number;
  processedAtMs: number;
  valueMinor: number;
  /** In rising order of time; together no more than `valueMinor`. */
  refunds: readonly SaleRefund[];
}

export interface SaleRefund {
  atMs: number;
  amountMinor: number;
}

/** One line at the order's worth, paid, without tax and shipping. */
function orderOf({ orderId, customerId, processedAtMs, valueMinor }: Sale): SimOrder {
  const plain = syntheticOrder(orderId, { customerId, at: new Date(processedAtMs).toISOString() });
  const nothing = sameMoney(0, CURRENCY);
  const worth = sameMoney(valueMinor, CURRENCY);
  const lines = plain.lines.slice(0, 1).map((line) => ({ ...line, quantity: 1, currentQuantity: 1, unitPrice: worth, discount: nothing, tax: nothing }));
  return { ...plain, presentmentCurrency: CURRENCY, lines, shipping: nothing, shippingTax: nothing, tip: nothing, received: worth };
}

/** It has nothing yet. */
const storeOf = (number: number) => ({
  ...syntheticStore(0, { shop: { id: number, domain: `online-retail-${number}.myshopify.com`, currency: CURRENCY, ianaTimezone: ZONE } }),
  customers: [],
});

export interface Scene {
  readonly app: AppUnderTest;
  readonly owner: pg.Pool;
  /** What Shopify would have sent since somebody last asked. */
  takeSent(domain: string): WebhookDelivery[];
  stop(): Promise<void>;
}

export async function openScene(stores: number): Promise<Scene> {
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
  /** From then on orders earn by the program. @returns it as it is kept */
  begin(atMs: number, program: Program): Promise<Program>;
  /** The same, and orders of before from a day on, once they are counted. @returns what was counted */
  beginLookingBack(atMs: number, program: Program, sinceDay: number): Promise<PastAwards>;
  /** Orders or none: time goes from one thing that is due to the next. */
  liveUntil(atMs: number): Promise<void>;
  place(sale: Sale): Promise<void>;
  /** Of an order that was placed. */
  refund(sale: Sale, refund: SaleRefund): Promise<void>;
}

/** @param before orders that Shopify has already, which come with the history */
export async function openReplay({ app, owner, takeSent }: Scene, number: number, before: readonly Sale[] = []): Promise<Replay> {
  const { domain } = storeOf(number).shop;
  const shopify = app.running.simulator.requireStore(domain);
  // Points are no part of this promise: a bucket of them would make an hour of it.
  Object.assign(app.running.simulator.bucketOf(domain), { canAfford: () => true, take: () => {} });
  // What comes in comes in now, as the database stamps it; points are given in the time of the orders.
  for (const sale of before) {
    buy(shopify, sale);
    for (const refund of sale.refunds) giveBack(shopify, sale, refund);
  }
  const present = await app.install(domain);
  await pullHistory(present);
  takeSent(domain);
  let clockMs = 0;
  const context: ShopContext = { ...present, now: () => new Date(clockMs) };
  const worker = await workerOf({ present, past: context, owner });
  const takeIn = async () => {
    for (const delivery of takeSent(domain)) await deliver(delivery);
    await worker.takeIn();
  };
  return {
    context,
    begin: async (atMs, program) => {
      clockMs = atMs;
      return goLive(context, program);
    },
    beginLookingBack: async (atMs, program, sinceDay) => {
      clockMs = atMs;
      return lookBack(context, program, sinceDay);
    },
    liveUntil: async (atMs) => {
      for (let dueMs = await worker.nextDueMs(atMs); dueMs !== null; dueMs = await worker.nextDueMs(atMs)) {
        clockMs = Math.max(clockMs, dueMs);
        await worker.passTime();
      }
      clockMs = atMs;
    },
    place: (sale) => {
      buy(shopify, sale);
      return takeIn();
    },
    refund: (sale, refund) => {
      giveBack(shopify, sale, refund);
      return takeIn();
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

/** As money alone, unless it is all that the order still holds: then the goods came back. */
function giveBack(shopify: ShopStore, { orderId, valueMinor }: Sale, { atMs, amountMinor }: SaleRefund): void {
  const order = shopify.orders.get(orderId);
  if (order === undefined) throw new Error(`Order ${orderId} was not placed`);
  const everything = order.refunds.length === 0 && amountMinor === valueMinor;
  refundOrder(shopify, order, { lines: [], everything, freeAmountMinor: everything ? 0 : amountMinor, note: null }, new Date(atMs));
}

async function deliver({ uri, topic, shop, body, webhookId, eventId, triggeredAt }: WebhookDelivery): Promise<void> {
  const { origin, pathname } = new URL(uri);
  const headers = { 'X-Shopify-Webhook-Id': webhookId, 'X-Shopify-Event-Id': eventId, 'X-Shopify-Triggered-At': triggeredAt };
  const response = await sendWebhook({ appUrl: origin, path: pathname, topic, shop, body, headers });
  await response.text();
  if (response.status !== 200) throw new Error(`${topic} was answered ${response.status}`);
}

/** As the merchant does: saves it, then switches it on. */
async function goLive(context: ShopContext, program: Program): Promise<Program> {
  const { saveProgram } = await import('#app/services/loyalty/save-program.server.ts');
  const { loadNewestProgram } = await import('#app/adapters/db/loyalty/programs.repository.server.ts');
  const saved = await saveProgram(context, { basedOn: 0, program, change: { to: 'live' }, savedBy: null });
  const newest = await context.inShop((db) => loadNewestProgram(db, context.shop));
  if (!saved.ok || newest === null) throw new Error(`The program was not saved: ${JSON.stringify(saved)}`);
  return newest.program;
}

/** As the merchant does: is told what past orders come to, and confirms that. */
async function lookBack(context: ShopContext, program: Program, sinceDay: number): Promise<PastAwards> {
  const { tryPastAwards } = await import('#app/services/loyalty/try-past-awards.server.ts');
  const { saveProgram } = await import('#app/services/loyalty/save-program.server.ts');
  const { awardPastOrders } = await import('#app/services/loyalty/award-past-orders.server.ts');
  let [counted, after]: [PastAwards, bigint | null] = [NO_PAST_AWARDS, 0n];
  let orders: PastOrders | null = null;
  while (after !== null) {
    const tried = await tryPastAwards(context, { program, sinceDay, after });
    if (!tried.ok) throw new Error(`Past orders were not counted: ${tried.reason}`);
    counted = addPastAwards(counted, tried.value.counted);
    ({ next: after, orders } = tried.value);
  }
  const saved = await saveProgram(context, { basedOn: 0, program, change: { to: 'live', sinceDay }, counted: orders, savedBy: null });
  if (!saved.ok) throw new Error(`The program was not saved: ${JSON.stringify(saved)}`);
  while ((await awardPastOrders(context)) === 'more');
  return counted;
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
