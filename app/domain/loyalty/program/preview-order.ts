import type { TierAtAward } from '../accrual/award-reason.ts';
import type { OrderAward } from '../accrual/compute-order-award.ts';
import type { EarningLine } from '../accrual/earning-order.ts';
import { quoteAward } from '../accrual/quote-award.ts';
import type { MoneyAmount, Program } from './program.ts';

/** What an order would earn once the program is live, by the function that gives the points. */
export function previewOrder(
  program: Program,
  { value, lines = [], tier = null, nowMs }: { value: MoneyAmount; lines?: readonly EarningLine[]; tier?: TierAtAward | null; nowMs: number },
): OrderAward {
  const live: Program = { ...program, status: { kind: 'live' }, earning: { ...program.earning, earnsFromMs: 0 } };
  return quoteAward({ program: live, cart: { presentmentValue: value, shopValue: null, lines }, tier, nowMs });
}
