import { proportionHalfUp } from '../../money/proportion-half-up.ts';
import type { ExclusionReason } from '../report/report.ts';

/**
 * What is known of an order, in minor units of the shop's currency at the order's own rate. "Current" is after edits
 * and returns, as Shopify means it.
 */
export interface OrderFacts {
  test: boolean;
  deleted: boolean;
  /** Instant, or null while it stands. */
  cancelledAt: number | null;
  /** Shopify's OrderDisplayFinancialStatus, or null when it gave none. */
  financialStatus: string | null;
  /** Whether the subtotal and shipping contain their tax. */
  taxesIncluded: boolean;
  /** After discounts and returns; with its tax when `taxesIncluded`. */
  currentSubtotalMinor: number;
  /** All tax of the order, that on shipping too. */
  currentTaxMinor: number;
  /** The part of `currentTaxMinor` that is on shipping. 0 when the source cannot tell. */
  currentShippingTaxMinor: number;
  /** After discounts and refunds; with its tax when `taxesIncluded`. */
  currentShippingMinor: number;
  tipMinor: number;
  /** Money that came in. */
  totalReceivedMinor: number;
  /** Money that went back. */
  totalRefundedMinor: number;
  /** Money still to come; negative when the shop owes the customer. */
  outstandingMinor: number;
}

/** The two ways of counting differ in one thing: whether a fully refunded order is a purchase. */
export type CountingPreset = 'perennial' | 'asShopifyCounts';

export type OrderVerdict =
  | { readonly counts: true; readonly valueMinor: number }
  | { readonly counts: false; readonly reason: ExclusionReason };

const KNOWN_FINANCIAL_STATUSES: ReadonlySet<string> = new Set([
  'PENDING',
  'AUTHORIZED',
  'PAID',
  'PARTIALLY_PAID',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
  'VOIDED',
  'EXPIRED',
]);

/** Shopify adds states to versions that are out already: an order in one that is new to us counts for nothing. */
export function isKnownFinancialStatus(status: string): boolean {
  return KNOWN_FINANCIAL_STATUSES.has(status);
}

/**
 * Whether an order is a purchase, and what it is worth: the first reason that applies excludes it. An order of value
 * zero is a purchase.
 */
export function assessOrder(order: OrderFacts, preset: CountingPreset): OrderVerdict {
  if (order.test) return { counts: false, reason: 'test' };
  if (order.deleted) return { counts: false, reason: 'deleted' };
  if (order.cancelledAt !== null) return { counts: false, reason: 'cancelled' };
  if (order.financialStatus === null || !isKnownFinancialStatus(order.financialStatus)) {
    return { counts: false, reason: 'unknownState' };
  }
  if (preset === 'perennial' && isFullyRefunded(order)) return { counts: false, reason: 'refunded' };
  return { counts: true, valueMinor: deriveOrderValue(order) };
}

function isFullyRefunded(order: OrderFacts): boolean {
  if (order.financialStatus === 'REFUNDED') return true;
  return order.totalReceivedMinor > 0 && order.totalRefundedMinor >= order.totalReceivedMinor;
}

/**
 * Goods after discounts and refunds, without tax, shipping and tips, never below zero.
 *
 * A refund of returned lines is already out of the current subtotal. A refund of a free amount is not: it comes off the
 * goods and their tax before it comes off anything else, and its goods part is without tax, rounded half up.
 */
function deriveOrderValue(order: OrderFacts): number {
  const goodsTaxMinor = Math.max(0, order.currentTaxMinor - order.currentShippingTaxMinor);
  const goodsNetMinor = Math.max(0, order.currentSubtotalMinor - (order.taxesIncluded ? goodsTaxMinor : 0));
  const goodsWithTaxMinor = goodsNetMinor + goodsTaxMinor;
  const freeOffGoodsMinor = Math.min(freeRefundMinor(order), goodsWithTaxMinor);
  if (freeOffGoodsMinor === 0) return goodsNetMinor;
  return goodsNetMinor - proportionHalfUp(freeOffGoodsMinor, goodsNetMinor, goodsWithTaxMinor);
}

/**
 * Refunded money that no returned line and no refunded shipping explains: what the order costs now, less what is still
 * to come, is what the shop should hold; it holds that much less. Never more than was refunded at all, so that duties,
 * cash rounding or a payment that was written off cannot pass for a refund.
 */
function freeRefundMinor(order: OrderFacts): number {
  if (order.totalReceivedMinor <= 0) return 0;
  const addedTaxMinor = order.taxesIncluded ? 0 : order.currentTaxMinor;
  const costsNowMinor = order.currentSubtotalMinor + order.currentShippingMinor + addedTaxMinor + order.tipMinor;
  const netPaymentMinor = order.totalReceivedMinor - order.totalRefundedMinor;
  const missingMinor = costsNowMinor - order.outstandingMinor - netPaymentMinor;
  return Math.min(Math.max(0, missingMinor), order.totalRefundedMinor);
}
