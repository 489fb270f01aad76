import type { MoneyAmount, Program } from '../program/program.ts';
import type { TierAtAward } from './award-reason.ts';
import { computeOrderAward } from './compute-order-award.ts';
import type { OrderAward } from './compute-order-award.ts';
import type { EarningLine } from './earning-order.ts';

/** Goods that somebody is about to buy. */
export interface EarningCart {
  /** After discounts, without tax, shipping and tips. */
  readonly presentmentValue: MoneyAmount;
  /** Null where it is not known; what has no rate in the shopper's currency then earns nothing. */
  readonly shopValue: MoneyAmount | null;
  readonly lines: readonly EarningLine[];
}

/**
 * What the goods would earn if they were paid for, and sent, now: "you will earn" is the very function that "you earned"
 * comes from.
 */
export function quoteAward({
  program,
  cart,
  tier,
  nowMs,
}: {
  readonly program: Program;
  readonly cart: EarningCart;
  readonly tier: TierAtAward | null;
  readonly nowMs: number;
}): OrderAward {
  const { presentmentValue, shopValue, lines } = cart;
  return computeOrderAward({
    program,
    tier,
    choices: null,
    order: {
      orderId: 0n,
      customerId: null,
      processedAtMs: nowMs,
      paidAtMs: null,
      fulfilledAtMs: null,
      exclusion: null,
      financialStatus: 'PAID',
      fulfillmentStatus: 'FULFILLED',
      presentmentValue,
      shopValue: shopValue ?? presentmentValue,
      lines,
    },
  });
}
