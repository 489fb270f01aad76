import type { SimLineItem, SimMoneyBag, SimOrder, SimRefund, SimRefundLine } from '../state.ts';
import { draftExtraLine, type OrderContext, type Purchase } from './order-draft.ts';
import { onBothSides, type MoneySide } from './money-arithmetic.ts';
import { lineNetMinor, orderTotal, refundedTotal, shareOfLineMinor } from './order-totals.ts';
import { DAY_MS } from './seasonality.ts';

interface LifeContext extends OrderContext {
  asOfMs: number;
  nextRefundId: () => number;
  nextFulfillmentId: () => number;
}

const HOUR_MS = 3_600_000;

const FATES = [
  { fate: 'kept', weight: 872 },
  { fate: 'line-returned', weight: 42 },
  { fate: 'units-returned', weight: 6 },
  { fate: 'amount-returned', weight: 14 },
  { fate: 'all-returned', weight: 16 },
  { fate: 'cancelled-paid', weight: 12 },
  { fate: 'cancelled-unpaid', weight: 5 },
  { fate: 'line-removed', weight: 8 },
  { fate: 'line-added', weight: 7 },
  { fate: 'never-paid', weight: 4 },
  { fate: 'voided', weight: 3 },
  { fate: 'half-paid', weight: 2 },
  { fate: 'expired', weight: 1 },
] as const;

function touch(order: SimOrder, atMs: number): string {
  const at = new Date(atMs).toISOString();
  if (at > order.updatedAt) order.updatedAt = at;
  return at;
}

function none(order: SimOrder): SimMoneyBag {
  return onBothSides(() => 0, order.received);
}

function settleRefundStatus(order: SimOrder): void {
  const returned = refundedTotal(order);
  order.financialStatus =
    returned.shop.amountMinor >= order.received.shop.amountMinor ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
}

/** Units of a line and their money; the units stop being current. */
function takeBack(order: SimOrder, line: SimLineItem, units: number): SimRefundLine {
  line.currentQuantity -= units;
  return {
    lineItemId: line.id,
    quantity: units,
    subtotal: onBothSides((side) => shareOfLineMinor(lineNetMinor(line, side), units, line), order.received),
    tax: onBothSides((side) => shareOfLineMinor(line.tax[side].amountMinor, units, line), order.received),
  };
}

/** Money that goes back with returned lines; a tax-inclusive subtotal already contains its tax. */
function linesMinor(order: SimOrder, lines: readonly SimRefundLine[], side: MoneySide): number {
  return lines.reduce(
    (sum, line) => sum + line.subtotal[side].amountMinor + (order.taxesIncluded ? 0 : line.tax[side].amountMinor),
    0,
  );
}

function refund(context: LifeContext, order: SimOrder, parts: Omit<SimRefund, 'id' | 'createdAt'>, atMs: number): void {
  order.refunds.push({ id: context.nextRefundId(), createdAt: touch(order, atMs), ...parts });
  settleRefundStatus(order);
}

function refundEverything(context: LifeContext, order: SimOrder, note: string | null, atMs: number): void {
  const total = orderTotal(order);
  const lines = order.lines
    .filter((line) => line.currentQuantity > 0)
    .map((line) => takeBack(order, line, line.currentQuantity));
  refund(context, order, { note, lines, shipping: order.shipping, total }, atMs);
}

function returnLine(context: LifeContext, order: SimOrder, atMs: number): void {
  const { random } = context;
  const line = order.lines[Math.floor(random.next() * order.lines.length)];
  if (line === undefined) return;
  const lines = [takeBack(order, line, line.quantity)];
  const returnsShipping = random.chance(0.2);
  const shipping = returnsShipping ? order.shipping : none(order);
  const total = onBothSides((side) => {
    const shippingTaxMinor = returnsShipping && !order.taxesIncluded ? order.shippingTax[side].amountMinor : 0;
    return linesMinor(order, lines, side) + shipping[side].amountMinor + shippingTaxMinor;
  }, order.received);
  refund(context, order, { note: random.chance(0.3) ? 'Arrived damaged' : null, lines, shipping, total }, atMs);
}

function returnUnits(context: LifeContext, order: SimOrder, atMs: number): void {
  const dividesEvenly = (line: SimLineItem) =>
    (['shop', 'presentment'] as const).every(
      (side) => lineNetMinor(line, side) % line.quantity === 0 && line.tax[side].amountMinor % line.quantity === 0,
    );
  const line = order.lines.find((candidate) => candidate.quantity > 1 && dividesEvenly(candidate));
  if (line === undefined) return;
  const lines = [takeBack(order, line, context.random.between(1, line.quantity - 1))];
  const total = onBothSides((side) => linesMinor(order, lines, side), order.received);
  refund(context, order, { note: null, lines, shipping: none(order), total }, atMs);
}

function returnAmount(context: LifeContext, order: SimOrder, atMs: number): void {
  const percent = context.random.between(5, 30);
  const total = onBothSides((side) => Math.floor((order.received[side].amountMinor * percent) / 100), order.received);
  if (total.shop.amountMinor === 0) return;
  refund(context, order, { note: 'Goodwill', lines: [], shipping: none(order), total }, atMs);
}

function cancel(order: SimOrder, reason: string, atMs: number): void {
  order.cancelledAt = touch(order, atMs);
  order.cancelReason = reason;
  for (const line of order.lines) line.currentQuantity = 0;
}

function leaveUnpaid(order: SimOrder, status: SimOrder['financialStatus']): void {
  order.financialStatus = status;
  order.received = none(order);
}

/** Edits happen before the money is captured, so that `received` is what the edited order says. */
function removeLine(order: SimOrder, atMs: number): void {
  const line = order.lines.at(-1);
  if (line === undefined || order.lines.length < 2) return;
  line.currentQuantity = 0;
  order.edited = true;
  order.received = orderTotal(order);
  touch(order, atMs);
}

function addExtraLine(context: LifeContext, purchase: Purchase, order: SimOrder, atMs: number): void {
  const present = new Set(order.lines.map((line) => line.productId));
  const entry = context.catalogue.find((candidate) => candidate.launchDay === 0 && !present.has(candidate.product.id));
  if (entry === undefined) return;
  const { place, plan } = purchase;
  order.lines.push(draftExtraLine(context, order, entry, place.taxRateBasisPoints ?? plan.region.taxRateBasisPoints));
  order.edited = true;
  order.received = orderTotal(order);
  touch(order, atMs);
}

function fulfil(context: LifeContext, order: SimOrder, createdMs: number): void {
  const { random, asOfMs } = context;
  const isTill = order.sourceName === 'pos';
  const shippedMs = createdMs + (isTill ? 0 : random.between(8, 70) * HOUR_MS);
  if (shippedMs >= asOfMs) return;
  const isPartial = order.lines.length > 1 && random.chance(0.015);
  const deliveredMs = shippedMs + (isTill ? 0 : random.between(2, 11) * DAY_MS);
  const tracksDelivery = isTill || random.chance(0.8);
  order.fulfillments.push({
    id: context.nextFulfillmentId(),
    createdAt: touch(order, shippedMs),
    deliveredAt: tracksDelivery && deliveredMs < asOfMs ? touch(order, deliveredMs) : null,
    status: 'SUCCESS',
  });
  order.fulfillmentStatus = isPartial ? 'PARTIALLY_FULFILLED' : 'FULFILLED';
}

/** Cancellations, returns, edits and payments, as far as they happened before the as-of instant. */
export function liveOrder(context: LifeContext, purchase: Purchase, order: SimOrder): void {
  const { random, asOfMs } = context;
  const createdMs = purchase.atMs;
  const soonMs = createdMs + random.between(1, 36) * HOUR_MS;
  const laterMs = createdMs + random.between(6, 35) * DAY_MS;
  const { fate } = random.weighted(FATES);
  const shipsUnlessNew = () => fulfil(context, order, createdMs);

  // Money for an order of the last days may still be on its way.
  if (asOfMs - createdMs < 3 * DAY_MS && order.sourceName !== 'pos' && random.chance(0.12)) {
    leaveUnpaid(order, random.chance(0.5) ? 'AUTHORIZED' : 'PENDING');
    return;
  }
  if (fate === 'never-paid') return leaveUnpaid(order, 'PENDING');
  if (fate === 'expired') return leaveUnpaid(order, 'EXPIRED');
  if (fate === 'half-paid') {
    order.received = onBothSides((side) => Math.floor(order.received[side].amountMinor / 2), order.received);
    order.financialStatus = 'PARTIALLY_PAID';
    return;
  }
  if (fate === 'cancelled-paid' && soonMs < asOfMs) {
    refundEverything(context, order, 'Order canceled', soonMs);
    return cancel(order, random.pick(['CUSTOMER', 'INVENTORY', 'OTHER']), soonMs);
  }
  if ((fate === 'cancelled-unpaid' || fate === 'voided') && soonMs < asOfMs) {
    leaveUnpaid(order, 'VOIDED');
    if (fate === 'cancelled-unpaid') cancel(order, random.pick(['FRAUD', 'DECLINED', 'CUSTOMER']), soonMs);
    return;
  }
  if (fate === 'line-removed' && soonMs < asOfMs) removeLine(order, soonMs);
  if (fate === 'line-added' && soonMs < asOfMs) addExtraLine(context, purchase, order, soonMs);
  shipsUnlessNew();
  if (laterMs >= asOfMs || order.fulfillmentStatus === 'UNFULFILLED') return;
  if (fate === 'line-returned') returnLine(context, order, laterMs);
  if (fate === 'units-returned') returnUnits(context, order, laterMs);
  if (fate === 'amount-returned') returnAmount(context, order, laterMs);
  if (fate === 'all-returned') refundEverything(context, order, null, laterMs);
}
