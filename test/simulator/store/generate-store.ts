import type { SimCustomer, SimOrder, SimShop, SimStore } from '../state.ts';
import { describeShop } from './default-shop.ts';
import { draftOrder } from './order-draft.ts';
import { liveOrder } from './order-life.ts';
import { buildCatalogue, type CatalogueEntry } from './products.ts';
import { seededRandom, type SeededRandom } from './seeded-random.ts';
import { DAY_MS } from './seasonality.ts';
import { buildCalendar, planShopper, type Calendar } from './shopper-plan.ts';
import { drawShopper, mergeSecondRecord, type Shopper } from './shopper-records.ts';

export interface StoreRequest {
  seed: number;
  /** Exactly as many orders, test orders among them. */
  orders: number;
  /** Overrides of the default shop. Its currency needs an entry in `exchange-rates`, else RangeError. */
  shop?: Partial<SimShop>;
  /** The instant that the store's three years end at, exclusive; any form that `Date.parse` reads. */
  asOf: string;
}

/** Ids grow in steps, as Shopify's do, so that nothing can rely on them being consecutive. */
function idSequence(first: number): () => number {
  let id = first;
  return () => {
    id += 32_768;
    return id;
  };
}

/** Shoppers until their purchases fill the request; the last one is cut short so that the number is exact. */
function planShoppers(random: SeededRandom, calendar: Calendar, catalogue: readonly CatalogueEntry[], orders: number) {
  const plans = [];
  let planned = 0;
  while (planned < orders) {
    const plan = planShopper(random, calendar, catalogue);
    plan.purchasesAtMs.splice(orders - planned);
    if (plan.purchasesAtMs.length === 0) continue;
    planned += plan.purchasesAtMs.length;
    plans.push(plan);
  }
  // Shops number customers by when they come.
  return plans.sort((a, b) => (a.purchasesAtMs[0] ?? 0) - (b.purchasesAtMs[0] ?? 0));
}

/** People who signed up and have not bought yet: one for each twelve who have. */
function drawProspects(
  random: SeededRandom,
  calendar: Calendar,
  shoppers: readonly Shopper[],
  nextCustomerId: () => number,
) {
  const prospects: SimCustomer[] = [];
  for (let index = 0; index < Math.floor(shoppers.length / 12); index += 1) {
    const plan = planShopper(random, calendar, []);
    const { customer } = drawShopper(random, { ...plan, isGuest: false }, shoppers.length + index + 1, nextCustomerId);
    if (customer !== null && customer.createdAt < new Date(calendar.asOfMs).toISOString()) prospects.push(customer);
  }
  return prospects;
}

/** The owner tries the checkout when the shop opens, and again now and then. */
function markTestOrders(random: SeededRandom, orders: readonly SimOrder[]): void {
  const tests = orders.length < 100 ? 0 : Math.max(2, Math.round(orders.length * 0.0015));
  for (let index = 0; index < tests; index += 1) {
    const order = orders[index < tests / 2 ? index : random.between(0, orders.length - 1)];
    if (order !== undefined) order.test = true;
  }
}

/** A few draft orders were placed by phone, and processed before somebody typed them in. */
function backdatePhoneOrders(random: SeededRandom, orders: readonly SimOrder[]): void {
  for (const order of orders) {
    if (order.sourceName !== 'shopify_draft_order' || !random.chance(0.3)) continue;
    order.processedAt = new Date(Date.parse(order.createdAt) - random.between(1, 30) * 3_600_000).toISOString();
  }
}

/**
 * A cross-border shop's three years up to `asOf`, the same for the same request on every machine. Repeat purchases
 * follow BG/NBD at a seasonal pace (see `shopper-plan`); every order's money reconciles in both currencies (see
 * `order-totals`).
 */
export function generateStore(request: StoreRequest): SimStore {
  const asOfMs = Date.parse(request.asOf);
  if (Number.isNaN(asOfMs)) throw new RangeError(`asOf is no instant: ${request.asOf}`);
  const root = seededRandom(request.seed);
  const calendar = buildCalendar(asOfMs);
  const shop = describeShop(request.shop ?? {}, new Date(calendar.startsAtMs - 60 * DAY_MS).toISOString());
  const catalogue = buildCatalogue({ currency: shop.currency, vendor: shop.name, startsAtMs: calendar.startsAtMs });

  const nextCustomerId = idSequence(7_100_000_000_000);
  const people = root.fork('people');
  const shoppers = planShoppers(root.fork('plans'), calendar, catalogue, request.orders).map((plan, index) =>
    drawShopper(people, plan, index + 1, nextCustomerId),
  );
  const purchases = shoppers
    .flatMap((shopper) => shopper.plan.purchasesAtMs.map((atMs, nth) => ({ shopper, atMs, isFirst: nth === 0 })))
    .sort((a, b) => a.atMs - b.atMs);

  const context = {
    random: root.fork('orders'),
    shop,
    catalogue,
    startsAtMs: calendar.startsAtMs,
    asOfMs,
    nextLineId: idSequence(14_500_000_000_000),
    nextRefundId: idSequence(890_000_000_000),
    nextFulfillmentId: idSequence(4_900_000_000_000),
  };
  const nextOrderId = idSequence(5_700_000_000_000);
  const ordersOf = new Map<Shopper, SimOrder[]>();
  const orders = purchases.map(({ shopper, atMs, isFirst }, index) => {
    const { plan, place, locale, customer, email } = shopper;
    const purchase = { plan, place, locale, customerId: customer?.id ?? null, email, isFirst, atMs };
    const order = draftOrder(context, purchase, { id: nextOrderId(), name: `#${1001 + index}` });
    liveOrder(context, purchase, order);
    if (customer !== null && order.updatedAt > customer.updatedAt) customer.updatedAt = order.updatedAt;
    const own = ordersOf.get(shopper);
    if (own === undefined) ordersOf.set(shopper, [order]);
    else own.push(order);
    return order;
  });
  const oddities = root.fork('oddities');
  markTestOrders(oddities, orders);
  backdatePhoneOrders(oddities, orders);

  const customers = shoppers.flatMap((shopper) => (shopper.customer === null ? [] : [shopper.customer]));
  for (const [shopper, own] of ordersOf) {
    if (own.length < 2 || !oddities.chance(0.012)) continue;
    const mergedAt = new Date(Math.min(asOfMs - 1_000, Date.parse(own.at(-1)?.updatedAt ?? '') + DAY_MS)).toISOString();
    const second = mergeSecondRecord(shopper, own, nextCustomerId, mergedAt);
    if (second !== null) customers.push(second);
  }
  customers.push(...drawProspects(root.fork('prospects'), calendar, shoppers, nextCustomerId));
  return { shop, products: catalogue.map((entry) => entry.product), customers, orders };
}
