import type { SimLineItem, SimMoneyBag, SimOrder } from '../state.ts';
import { onBothSides, type MoneySide } from './money-arithmetic.ts';

/** Price of the ordered quantity after discounts; contains the tax when the order's taxes are included. */
export function lineNetMinor(line: SimLineItem, side: MoneySide): number {
  return line.unitPrice[side].amountMinor * line.quantity - line.discount[side].amountMinor;
}

/**
 * The part of an amount that belongs to some of a line's units, rounded down. The generator only splits lines whose
 * amounts divide evenly, so that any other rounding rule gives the same number.
 */
export function shareOfLineMinor(amountMinor: number, units: number, line: SimLineItem): number {
  if (line.quantity === 0) return 0;
  return Math.floor((amountMinor * units) / line.quantity);
}

function refundedUnits(order: SimOrder, line: SimLineItem): number {
  let units = 0;
  for (const refund of order.refunds) {
    for (const refundLine of refund.lines) if (refundLine.lineItemId === line.id) units += refundLine.quantity;
  }
  return units;
}

/**
 * What the buyer owes for an order before any refund: the units that no edit removed, with their tax when it is not
 * in the price, shipping with its tax, and the tip. Equals `received` once the order is paid.
 */
export function orderTotal(order: SimOrder): SimMoneyBag {
  return onBothSides((side) => {
    let totalMinor = order.shipping[side].amountMinor + order.tip[side].amountMinor;
    if (!order.taxesIncluded) totalMinor += order.shippingTax[side].amountMinor;
    for (const line of order.lines) {
      const units = order.cancelledAt === null ? line.currentQuantity + refundedUnits(order, line) : line.quantity;
      totalMinor += shareOfLineMinor(lineNetMinor(line, side), units, line);
      if (!order.taxesIncluded) totalMinor += shareOfLineMinor(line.tax[side].amountMinor, units, line);
    }
    return totalMinor;
  }, order.received);
}

/** Money returned so far. */
export function refundedTotal(order: SimOrder): SimMoneyBag {
  return onBothSides(
    (side) => order.refunds.reduce((sum, refund) => sum + refund.total[side].amountMinor, 0),
    order.received,
  );
}
