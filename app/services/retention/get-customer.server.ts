import type { Prisma } from '#app/generated/prisma/client.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { assessOrder } from '#app/domain/retention/metrics/order-value.ts';
import type { OrderCounting, OrderVerdict } from '#app/domain/retention/metrics/order-value.ts';
import type { ExclusionReason } from '#app/domain/retention/report/report.ts';
import { customerKeyFromText } from '#app/domain/segments/page-key-query.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { getCustomerFacts } from '#app/services/retention/get-customer-facts.server.ts';
import type { CustomerFacts } from '#app/services/retention/get-customer-facts.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface OrderOfCustomer {
  id: string;
  /** As the merchant knows it: `#1001`. */
  name: string;
  /** In shop time, `YYYY-MM-DD`. */
  day: string;
  /** Null where it does not count. */
  valueMinor: number | null;
  whyNot: ExclusionReason | 'otherCurrency' | null;
  /** Calendar days since the order that counts before it. */
  daysSincePrevious: number | null;
  refunds: { day: string | null; amountMinor: number }[];
  /** Of its refunds, which may be another than the shop's. */
  currency: string;
  cancelledOn: string | null;
  discountCode: string | null;
  products: { title: string; quantity: number }[];
}

export interface CustomerOfShop extends CustomerFacts {
  id: string;
  /** Latest first; those before `ordersHeld` runs out. */
  orders: OrderOfCustomer[];
  ordersHeld: number;
  products: { title: string; quantity: number; orders: number; lastDay: string }[];
}

const ORDERS_SHOWN = 100;
const PRODUCTS_SHOWN = 20;
const LINES = { lines: { orderBy: { lineId: 'asc' } }, refunds: { orderBy: { refundId: 'asc' } } } as const satisfies Prisma.OrderInclude;

type StoredOrder = Prisma.OrderGetPayload<{ include: typeof LINES }>;

/** One customer; null when the shop knows none of that number. Whoever was forgotten has none that leads to them. */
export async function getCustomer(context: ShopContext, { customerId, asOf }: { customerId: bigint; asOf: string | null }): Promise<CustomerOfShop | null> {
  if (!(await isInCopy(context, customerId))) return null;
  const facts = await getCustomerFacts(context, { customerKey: customerKeyFromText(String(customerId)), asOf });
  if (facts === null) return null;
  const held = await loadOrders(context, { customerId, before: endOfDay(facts) });
  return { ...facts, id: String(customerId), orders: ordersOf(held.orders, facts), ordersHeld: held.count, products: productsOf(held.orders, facts) };
}

function isInCopy({ inShop, shop: { shopId } }: ShopContext, customerId: bigint): Promise<boolean> {
  const where = { shopId, customerId };
  return inShop(async (db) => {
    const order = await db.order.findFirst({ where, select: { orderId: true } });
    return order !== null || (await db.customer.findUnique({ where: { shopId_customerId: where } })) !== null;
  });
}

function endOfDay({ asOf, timeZone }: CustomerFacts): Date {
  const day = parseDay(asOf);
  if (day === null) throw new RangeError(`${asOf} is no day`);
  return new Date(asOfDayIn(timeZone, day).endMs);
}

/** By the index on customers: the latest of those that there were on the day that is spoken of. */
async function loadOrders(
  { inShop, shop: { shopId } }: ShopContext,
  { customerId, before }: { customerId: bigint; before: Date },
): Promise<{ orders: StoredOrder[]; count: number }> {
  return inShop(async (db) => {
    const where = { shopId, customerId, processedAt: { lt: before } };
    const latestFirst = [{ processedAt: 'desc' as const }, { orderId: 'desc' as const }];
    return { count: await db.order.count({ where }), orders: await db.order.findMany({ where, orderBy: latestFirst, take: ORDERS_SHOWN, include: LINES }) };
  });
}

function ordersOf(stored: readonly StoredOrder[], { currency, timeZone, counting }: CustomerFacts): OrderOfCustomer[] {
  const orders: OrderOfCustomer[] = [];
  let previousDay: number | null = null;
  for (const order of stored.toReversed()) {
    const day = dayOfInstant(order.processedAt.getTime(), timeZone);
    const verdict = verdictOn(order, counting);
    const whyNot = verdict.counts ? (order.currency === currency ? null : ('otherCurrency' as const)) : verdict.reason;
    const dayOf = (at: Date | null) => (at === null ? null : formatDay(dayOfInstant(at.getTime(), timeZone)));
    orders.push({
      ...{ id: String(order.orderId), name: order.name, day: formatDay(day), currency: order.currency, whyNot },
      valueMinor: verdict.counts && whyNot === null ? verdict.valueMinor : null,
      daysSincePrevious: whyNot !== null || previousDay === null ? null : day - previousDay,
      refunds: order.refunds.map(({ createdAt, refundedMinor }) => ({ day: dayOf(createdAt), amountMinor: Number(refundedMinor) })),
      cancelledOn: dayOf(order.cancelledAt),
      discountCode: order.discountCodes[0] ?? null,
      products: order.lines.filter(({ quantity }) => quantity > 0).map(({ title, quantity }) => ({ title, quantity })),
    });
    if (whyNot === null) previousDay = day;
  }
  return orders.reverse();
}

function verdictOn(order: StoredOrder, { preset, value }: OrderCounting): OrderVerdict {
  return assessOrder(
    {
      ...{ test: order.isTest, deleted: order.deletedAt !== null, cancelledAt: order.cancelledAt?.getTime() ?? null },
      ...{ financialStatus: order.financialStatus, taxesIncluded: order.taxesIncluded },
      subtotalMinor: Number(order.subtotalMinor),
      currentSubtotalMinor: Number(order.currentSubtotalMinor),
      currentTaxMinor: Number(order.currentTaxMinor),
      currentShippingTaxMinor: Number(order.shippingTaxMinor),
      currentShippingMinor: Number(order.currentShippingMinor),
      tipMinor: Number(order.tipMinor),
      totalReceivedMinor: Number(order.receivedMinor),
      totalRefundedMinor: Number(order.refundedMinor),
      outstandingMinor: Number(order.outstandingMinor),
    },
    preset,
    value,
  );
}

/** What was bought and kept, in orders that count; most often bought first. */
function productsOf(stored: readonly StoredOrder[], { timeZone, counting }: CustomerFacts): CustomerOfShop['products'] {
  const products = new Map<string, CustomerOfShop['products'][number]>();
  for (const order of stored) {
    if (!verdictOn(order, counting).counts) continue;
    const lastDay = formatDay(dayOfInstant(order.processedAt.getTime(), timeZone));
    const seen = new Set<string>();
    for (const { productId, title, currentQuantity } of order.lines) {
      if (currentQuantity <= 0) continue;
      const key = productId === null ? `title ${title}` : String(productId);
      // Orders come latest first: the latest title and day stand.
      const known = products.get(key) ?? { title, quantity: 0, orders: 0, lastDay };
      const orders = known.orders + (seen.has(key) ? 0 : 1);
      products.set(key, { ...known, quantity: known.quantity + currentQuantity, orders });
      seen.add(key);
    }
  }
  return [...products.values()].sort((a, b) => b.orders - a.orders || b.quantity - a.quantity).slice(0, PRODUCTS_SHOWN);
}
