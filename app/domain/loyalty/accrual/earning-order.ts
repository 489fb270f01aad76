import { proportionHalfUp } from '../../money/proportion-half-up.ts';
import { assessOrder } from '../../retention/metrics/order-value.ts';
import type { OrderFacts } from '../../retention/metrics/order-value.ts';
import type { ExclusionReason } from '../../retention/report/report.ts';
import type { Earning, MoneyAmount, Program } from '../program/program.ts';

/** An order as it stands, in the facts that earning goes by. */
export interface EarningOrder {
  readonly orderId: bigint;
  /** Null for a guest. */
  readonly customerId: bigint | null;
  readonly processedAtMs: number;
  /** Of the last payment and of the last parcel so far; null where there is none, or nobody knows of it. */
  readonly paidAtMs: number | null;
  readonly fulfilledAtMs: number | null;
  /** Why it is no purchase by the definitions of the retention reports; null for one that is. */
  readonly exclusion: ExclusionReason | null;
  /** Shopify's OrderDisplayFinancialStatus and OrderDisplayFulfillmentStatus, or null when it gave none. */
  readonly financialStatus: string | null;
  readonly fulfillmentStatus: string | null;
  /**
   * Goods after discounts and refunds to date, without tax, shipping and tips, and without what is still unpaid of an
   * order that was paid in part. 0 for one that is no purchase.
   */
  readonly shopValue: MoneyAmount;
  /** The same in what the shopper paid in, at the order's own rate; null where that is not known. */
  readonly presentmentValue: MoneyAmount | null;
  readonly lines: readonly EarningLine[];
}

export interface EarningLine {
  readonly lineId: bigint;
  /** Null for a line of no product. */
  readonly productId: number | null;
  readonly collectionIds: readonly number[];
  readonly isGiftCard: boolean;
  /** Price after discounts of what is left of the line, in the shop's currency: its weight among the lines. */
  readonly remainingMinor: number;
}

/**
 * Since when an order has all that its points are given for, which is what its return window is counted from: it was paid
 * or, where points come with the fulfillment, paid and sent to the last piece. Of goods that an edit added it is when those
 * were. Where it is not known it is the order's own time: of one that cost nothing, that Shopify names no payment or parcel
 * of, or that was kept before payments were. Never earlier than that: a card is charged seconds before there is an order.
 */
export function occasionMsOf(
  { processedAtMs, paidAtMs, fulfilledAtMs }: Pick<EarningOrder, 'processedAtMs' | 'paidAtMs' | 'fulfilledAtMs'>,
  { occasion }: Pick<Earning, 'occasion'>,
): number {
  const sentAtMs = occasion === 'fulfilled' ? fulfilledAtMs : null;
  return Math.max(processedAtMs, paidAtMs ?? processedAtMs, sentAtMs ?? processedAtMs);
}

/** What is known of an order's money, beside what says whether it is a purchase. */
export interface EarningFacts extends OrderFacts {
  readonly subtotalMinor: number;
  readonly currency: string;
  readonly presentmentCurrency: string;
  /** `subtotalMinor` as the shopper saw it; null where it is not known, or is the same. */
  readonly presentmentSubtotalMinor: number | null;
}

type EarningMoney = Pick<EarningOrder, 'exclusion' | 'shopValue' | 'presentmentValue'>;

/** What an order counts for in earning. */
export function deriveEarningMoney(facts: EarningFacts): EarningMoney {
  const verdict = assessOrder(facts, 'perennial');
  const valueMinor = verdict.counts ? paidPartMinor(facts, verdict.valueMinor) : 0;
  return {
    exclusion: verdict.counts ? null : verdict.reason,
    ...earningMoneyOf(facts, valueMinor),
  };
}

/** Goods of an order, in the shop's currency and in what the shopper paid in. */
export function earningMoneyOf(facts: EarningFacts, valueMinor: number): Pick<EarningMoney, 'shopValue' | 'presentmentValue'> {
  return { shopValue: { currency: facts.currency, amountMinor: valueMinor }, presentmentValue: presentmentValueOf(facts, valueMinor) };
}

const PAID_IN_FULL: ReadonlySet<string | null> = new Set(['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED']);

/** Whether all that the order came to has been paid at some time, by its state alone. */
export function isPaidInFull({ financialStatus }: { readonly financialStatus: string | null }): boolean {
  return PAID_IN_FULL.has(financialStatus);
}

/** Of goods that an edit added and nobody has paid for yet, the shop has nothing: they earn once they are paid. */
function paidPartMinor(facts: EarningFacts, valueMinor: number): number {
  if (isPaidInFull(facts)) return valueMinor;
  const heldMinor = Math.max(0, facts.totalReceivedMinor - facts.totalRefundedMinor);
  const missingMinor = Math.max(0, facts.outstandingMinor);
  if (missingMinor === 0) return valueMinor;
  return proportionHalfUp(valueMinor, heldMinor, heldMinor + missingMinor);
}

function presentmentValueOf(facts: EarningFacts, valueMinor: number): MoneyAmount | null {
  const { currency, presentmentCurrency, subtotalMinor, presentmentSubtotalMinor } = facts;
  if (presentmentCurrency === currency) return { currency, amountMinor: valueMinor };
  if (presentmentSubtotalMinor === null || subtotalMinor <= 0 || presentmentSubtotalMinor < 0) return null;
  const amountMinor = proportionHalfUp(valueMinor, presentmentSubtotalMinor, subtotalMinor);
  return Number.isSafeInteger(amountMinor) ? { currency: presentmentCurrency, amountMinor } : null;
}

/** What is left of a line, rounded half up; 0 of one that has no pieces. */
export function remainingOfLineMinor(line: {
  readonly quantity: number;
  readonly currentQuantity: number;
  readonly discountedTotalMinor: number;
}): number {
  const { quantity, currentQuantity, discountedTotalMinor } = line;
  if (quantity <= 0 || currentQuantity <= 0 || discountedTotalMinor <= 0) return 0;
  if (currentQuantity === quantity) return discountedTotalMinor;
  return proportionHalfUp(discountedTotalMinor, currentQuantity, quantity);
}

/** The order with the collections that its products are in, as somebody found out. */
export function withCollections(order: EarningOrder, collectionsOf: ReadonlyMap<number, readonly number[]>): EarningOrder {
  return {
    ...order,
    lines: order.lines.map((line) => ({
      ...line,
      collectionIds: (line.productId === null ? undefined : collectionsOf.get(line.productId)) ?? [],
    })),
  };
}

/**
 * The order as it earns least, while nobody has asked what the collections of its program hold: as if its products were in
 * all of those that earn nothing. The same order where collections make no difference.
 */
export function withUnknownCollections(order: EarningOrder, program: Program): EarningOrder {
  const rates = program.earning.multipliers.filter(({ scope }) => scope.kind === 'collections');
  if (rates.length === 0) return order;
  const excluded = rates.flatMap(({ scope, factorBasisPoints }) => (scope.kind === 'collections' && factorBasisPoints === 0 ? scope.collectionIds : []));
  return { ...order, lines: order.lines.map((line) => (line.productId === null ? line : { ...line, collectionIds: excluded })) };
}

/**
 * Which collections matter to these orders, by the program that each goes by, and for which of their products.
 *
 * @param orders `chosen`: the lines whose rate was chosen by an award, for good
 */
export function collectionsAsked(
  orders: readonly { readonly order: EarningOrder; readonly program: Program | null; readonly chosen: { has: (lineId: string) => boolean } }[],
): { productIds: number[]; collectionIds: number[] } {
  const productIds = new Set<number>();
  const collectionIds = new Set<number>();
  for (const { order, program, chosen } of orders) {
    const wanted = program?.earning.multipliers.flatMap(({ scope }) => (scope.kind === 'collections' ? scope.collectionIds : [])) ?? [];
    const products = order.lines.flatMap(({ lineId, productId }) => (productId === null || chosen.has(String(lineId)) ? [] : [productId]));
    if (wanted.length === 0 || products.length === 0) continue;
    for (const id of wanted) collectionIds.add(id);
    for (const id of products) productIds.add(id);
  }
  return { productIds: [...productIds], collectionIds: [...collectionIds] };
}
