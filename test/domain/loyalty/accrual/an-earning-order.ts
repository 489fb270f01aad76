import { deriveEarningMoney, remainingOfLineMinor } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EarningLine, EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { Earning, Program } from '#app/domain/loyalty/program/program.ts';

export const NOON_MS = Date.UTC(2026, 5, 1, 12);

/** The default program, live, for dollars: 5 points a dollar, and what the test changes about earning. */
export function aProgram(earning: Partial<Earning> = {}, currency = 'USD', unitMinor = 100): Program {
  const program = defaultProgram({ currency, unitMinor });
  return { ...program, status: { kind: 'live' }, earning: { ...program.earning, ...earning } };
}

export function aLine(line: Partial<EarningLine> = {}): EarningLine {
  return { lineId: 1n, productId: 11, collectionIds: [], isGiftCard: false, remainingMinor: 10_00, ...line };
}

/** A paid order of 2026-06-01, in dollars, whose value is what its lines come to. */
export function anOrder(order: Partial<EarningOrder> = {}): EarningOrder {
  const lines = order.lines ?? [aLine()];
  const value = { currency: 'USD', amountMinor: lines.reduce((sum, { remainingMinor }) => sum + remainingMinor, 0) };
  return {
    orderId: 7001n,
    customerId: 501n,
    processedAtMs: NOON_MS,
    paidAtMs: null,
    fulfilledAtMs: null,
    exclusion: null,
    financialStatus: 'PAID',
    fulfillmentStatus: 'UNFULFILLED',
    shopValue: value,
    presentmentValue: order.shopValue ?? value,
    ...order,
    lines,
  };
}

interface SoldLine {
  readonly lineId: bigint;
  readonly productId: number;
  readonly unitMinor: number;
  readonly quantity: number;
}

/** An order as it was sold, for refunds of it. Prices are without tax, and no discount is on the whole. */
export interface SoldOrder {
  readonly currency: string;
  readonly presentmentCurrency: string;
  readonly presentmentSubtotalMinor: number | null;
  readonly lines: readonly SoldLine[];
}

/** Some pieces of a line, with or without money; or money for no line. */
export type RefundStep = { readonly lineIndex: number; readonly pieces: number } | { readonly freeMinor: number };

/** How Shopify tells the order after the refunds, each as far as there is anything left to refund. */
export function afterRefunds(sold: SoldOrder, refunds: readonly RefundStep[]): EarningOrder {
  const left = sold.lines.map(({ quantity }) => quantity);
  const subtotalMinor = sold.lines.reduce((sum, { unitMinor, quantity }) => sum + unitMinor * quantity, 0);
  let freeMinor = 0;
  for (const refund of refunds) {
    if ('freeMinor' in refund) freeMinor += refund.freeMinor;
    else left[refund.lineIndex] = Math.max(0, (left[refund.lineIndex] ?? 0) - refund.pieces);
  }
  const currentSubtotalMinor = sold.lines.reduce((sum, { unitMinor }, index) => sum + unitMinor * (left[index] ?? 0), 0);
  freeMinor = Math.min(freeMinor, currentSubtotalMinor);
  const totalRefundedMinor = subtotalMinor - currentSubtotalMinor + freeMinor;
  const financialStatus = totalRefundedMinor === 0 ? 'PAID' : totalRefundedMinor < subtotalMinor ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
  return anOrder({
    financialStatus,
    ...deriveEarningMoney({
      ...sold,
      test: false,
      deleted: false,
      cancelledAt: null,
      financialStatus,
      taxesIncluded: false,
      subtotalMinor,
      currentSubtotalMinor,
      currentTaxMinor: 0,
      currentShippingTaxMinor: 0,
      currentShippingMinor: 0,
      tipMinor: 0,
      totalReceivedMinor: subtotalMinor,
      totalRefundedMinor,
      outstandingMinor: 0,
    }),
    lines: sold.lines.map(({ lineId, productId, unitMinor, quantity }, index) =>
      aLine({
        lineId,
        productId,
        remainingMinor: remainingOfLineMinor({ quantity, currentQuantity: left[index] ?? 0, discountedTotalMinor: unitMinor * quantity }),
      }),
    ),
  });
}
