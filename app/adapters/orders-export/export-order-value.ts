import type { OrderFacts } from '#app/domain/retention/metrics/order-value.ts';

/** What the export says of an order's money, in minor units of its currency. */
export interface ExportMoney {
  /** In capitals, as the Admin API writes it; null when the cell is empty. */
  financialStatus: string | null;
  /** Goods after discounts, as they were ordered: a later refund does not change it. */
  subtotalMinor: number;
  shippingMinor: number;
  taxesMinor: number;
  /** Null when the file has no Total. */
  totalMinor: number | null;
  discountMinor: number;
  /** Everything that went back, without saying for what. Null when the cell is empty. */
  refundedMinor: number | null;
}

/** Orders in these states have been paid for once. */
const PAID_ONCE: ReadonlySet<string> = new Set(['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'PARTIALLY_PAID']);

/**
 * The facts that `assessOrder` decides on. The export tells neither which lines a refund was for nor what part of it was
 * shipping: all of it is a free refund, which comes off the goods and their tax first. Without tax the value is
 * Subtotal - Refunded Amount, and nothing less than nothing.
 *
 * Nor does it tell the tax on shipping, so all tax is taken for tax on goods, and whether prices contain their tax: see
 * `deriveTaxesIncluded`. What Total has beyond its parts is a tip or a duty, and what it lacks was a discount on shipping.
 */
export function orderFactsOf(money: ExportMoney, cancelledAt: number | null): OrderFacts {
  const { financialStatus, subtotalMinor, shippingMinor, taxesMinor } = money;
  const taxesIncluded = deriveTaxesIncluded(money);
  const partsMinor = subtotalMinor + shippingMinor + (taxesIncluded ? 0 : taxesMinor);
  const totalMinor = money.totalMinor ?? partsMinor;
  // A refunded order without an amount gave all of it back.
  const isAllBack = financialStatus === 'REFUNDED' && (money.refundedMinor ?? 0) === 0;
  const refundedMinor = isAllBack ? totalMinor : (money.refundedMinor ?? 0);
  const wasPaid = refundedMinor > 0 || (financialStatus !== null && PAID_ONCE.has(financialStatus));
  return {
    test: false,
    deleted: false,
    cancelledAt,
    financialStatus,
    taxesIncluded,
    currentSubtotalMinor: subtotalMinor,
    currentTaxMinor: taxesMinor,
    currentShippingTaxMinor: 0,
    currentShippingMinor: shippingMinor,
    tipMinor: totalMinor - partsMinor,
    totalReceivedMinor: wasPaid ? totalMinor : 0,
    totalRefundedMinor: refundedMinor,
    outstandingMinor: wasPaid ? 0 : totalMinor,
  };
}

/**
 * By arithmetic, since the file does not say. Total is Subtotal + Shipping + Taxes where tax comes on top, Subtotal +
 * Shipping where prices contain it. Where it is neither, a discount on shipping may be missing from it; else Total is
 * above the first sum for a tip or a duty (on top), and below it because the tax was never added (included).
 */
function deriveTaxesIncluded(money: ExportMoney): boolean {
  const { subtotalMinor, shippingMinor, taxesMinor, totalMinor, discountMinor } = money;
  if (taxesMinor <= 0 || totalMinor === null) return false;
  const withoutTaxMinor = subtotalMinor + shippingMinor;
  const beyondMinor = totalMinor - withoutTaxMinor;
  if (beyondMinor >= taxesMinor) return false;
  if (beyondMinor === 0) return true;
  const offShippingMinor = Math.min(shippingMinor, discountMinor);
  return !(offShippingMinor > 0 && beyondMinor === taxesMinor - offShippingMinor);
}
