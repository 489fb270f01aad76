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
  /**
   * After discounts and before returns and edits; with its tax when `taxesIncluded`. Only the value before refunds asks
   * for it; where it is not given, what was returned is not in that value.
   */
  subtotalMinor?: number;
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
export const COUNTING_PRESETS = ['perennial', 'asShopifyCounts'] as const;

export type CountingPreset = (typeof COUNTING_PRESETS)[number];

/**
 * What an order is worth. `goods` is the value of the definitions: after discounts and refunds, without tax, shipping
 * and tips. `total` is with tax and shipping, without tips. Each also gross of refunds.
 */
export const ORDER_VALUE_VARIANTS = ['goods', 'goodsBeforeRefunds', 'total', 'totalBeforeRefunds'] as const;

export type OrderValueVariant = (typeof ORDER_VALUE_VARIANTS)[number];

/** How a shop counts: which of its orders are purchases, and what one of them is worth. */
export interface OrderCounting {
  readonly preset: CountingPreset;
  readonly value: OrderValueVariant;
}

export const DEFAULT_COUNTING: OrderCounting = { preset: 'perennial', value: 'goods' };

export function isSameCounting(a: OrderCounting, b: OrderCounting): boolean {
  return a.preset === b.preset && a.value === b.value;
}

/** Null for words that are not of this version. */
export function parseCounting(preset: string, value: string): OrderCounting | null {
  const [knownPreset] = COUNTING_PRESETS.filter((known) => known === preset);
  const [knownValue] = ORDER_VALUE_VARIANTS.filter((known) => known === value);
  return knownPreset === undefined || knownValue === undefined ? null : { preset: knownPreset, value: knownValue };
}

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
export function assessOrder(
  order: OrderFacts,
  preset: CountingPreset,
  variant: OrderValueVariant = DEFAULT_COUNTING.value,
): OrderVerdict {
  if (order.test) return { counts: false, reason: 'test' };
  if (order.deleted) return { counts: false, reason: 'deleted' };
  if (order.cancelledAt !== null) return { counts: false, reason: 'cancelled' };
  if (order.financialStatus === null || !isKnownFinancialStatus(order.financialStatus)) {
    return { counts: false, reason: 'unknownState' };
  }
  if (preset === 'perennial' && isFullyRefunded(order)) return { counts: false, reason: 'refunded' };
  return { counts: true, valueMinor: deriveOrderValue(order, variant) };
}

function isFullyRefunded(order: OrderFacts): boolean {
  if (order.financialStatus === 'REFUNDED') return true;
  return order.totalReceivedMinor > 0 && order.totalRefundedMinor >= order.totalReceivedMinor;
}

/** Of an order that counts. */
export function deriveOrderValue(order: OrderFacts, variant: OrderValueVariant): number {
  switch (variant) {
    case 'goods':
      return goodsAfterRefunds(order);
    case 'goodsBeforeRefunds':
      return goodsBeforeRefunds(order);
    case 'total':
      return Math.max(0, totalAfterReturnsMinor(order) - freeRefundMinor(order));
    case 'totalBeforeRefunds':
      return totalBeforeRefunds(order);
  }
}

/**
 * Goods after discounts and refunds, without tax, shipping and tips, never below zero.
 *
 * A refund of returned lines is already out of the current subtotal. A refund of a free amount is not: it comes off the
 * goods and their tax before it comes off anything else, and its goods part is without tax, rounded half up.
 */
function goodsAfterRefunds(order: OrderFacts): number {
  const { goodsNetMinor, goodsTaxMinor } = goodsAfterReturns(order);
  const goodsWithTaxMinor = goodsNetMinor + goodsTaxMinor;
  const freeOffGoodsMinor = Math.min(freeRefundMinor(order), goodsWithTaxMinor);
  if (freeOffGoodsMinor === 0) return goodsNetMinor;
  return goodsNetMinor - proportionHalfUp(freeOffGoodsMinor, goodsNetMinor, goodsWithTaxMinor);
}

/**
 * The goods as they were bought, without tax: those that are left and those that money went back for. Goods that an edit
 * took off before they were paid for were never bought.
 */
function goodsBeforeRefunds(order: OrderFacts): number {
  const { goodsNetMinor } = goodsAfterReturns(order);
  const { currentSubtotalMinor, subtotalMinor = currentSubtotalMinor } = order;
  const returnedMinor = Math.min(subtotalMinor - currentSubtotalMinor, refundForReturnsMinor(order));
  if (returnedMinor <= 0) return goodsNetMinor;
  return goodsNetMinor + withoutGoodsTax(order, returnedMinor);
}

/**
 * An amount that is priced as the order's goods are, without tax. Where prices contain tax it is taken to have the
 * proportion of the goods that are left; where nothing is left that cost money, nothing says how much was tax.
 */
export function withoutGoodsTax(order: OrderFacts, amountMinor: number): number {
  if (!order.taxesIncluded || order.currentSubtotalMinor === 0) return amountMinor;
  return proportionHalfUp(amountMinor, goodsAfterReturns(order).goodsNetMinor, order.currentSubtotalMinor);
}

function goodsAfterReturns(order: OrderFacts): { goodsNetMinor: number; goodsTaxMinor: number } {
  const goodsTaxMinor = Math.max(0, order.currentTaxMinor - order.currentShippingTaxMinor);
  const goodsNetMinor = Math.max(0, order.currentSubtotalMinor - (order.taxesIncluded ? goodsTaxMinor : 0));
  return { goodsNetMinor, goodsTaxMinor };
}

/** Money that went back for returned lines and shipping is out of the current amounts and is added again. */
function totalBeforeRefunds(order: OrderFacts): number {
  return totalAfterReturnsMinor(order) + refundForReturnsMinor(order);
}

/** Money that went back for returned lines and refunded shipping. */
function refundForReturnsMinor(order: OrderFacts): number {
  return order.totalReceivedMinor <= 0 ? 0 : Math.max(0, order.totalRefundedMinor - freeRefundMinor(order));
}

/** Goods, tax and shipping, without tips. */
function totalAfterReturnsMinor(order: OrderFacts): number {
  const addedTaxMinor = order.taxesIncluded ? 0 : order.currentTaxMinor;
  return order.currentSubtotalMinor + order.currentShippingMinor + addedTaxMinor;
}

/**
 * Refunded money that no returned line and no refunded shipping explains: what the order costs now, less what is still
 * to come, is what the shop should hold; it holds that much less. Never more than was refunded at all, so that duties,
 * cash rounding or a payment that was written off cannot pass for a refund.
 */
function freeRefundMinor(order: OrderFacts): number {
  if (order.totalReceivedMinor <= 0) return 0;
  const costsNowMinor = totalAfterReturnsMinor(order) + order.tipMinor;
  const netPaymentMinor = order.totalReceivedMinor - order.totalRefundedMinor;
  const missingMinor = costsNowMinor - order.outstandingMinor - netPaymentMinor;
  return Math.min(Math.max(0, missingMinor), order.totalRefundedMinor);
}
