import type { ProgramVersion } from '../program/version-in-force.ts';
import { tierAt } from '../tiers/tier-at.ts';
import { quoteAward } from './quote-award.ts';
import type { EarningCart } from './quote-award.ts';

interface EstimateInput {
  /** In force now: see `versionInForce`. */
  readonly version: ProgramVersion;
  readonly cart: EarningCart;
  /** Of the member, in the order in which they were added; none for who is none yet. */
  readonly tierChanges: Parameters<typeof tierAt>[1];
  readonly isFirstOrder: boolean;
  readonly nowMs: number;
}

/** All that an order of these goods gives its customer, were it placed and paid now: its award, and what a first order gives. */
export function estimatePoints({ version: { program }, cart, tierChanges, isFirstOrder, nowMs }: EstimateInput): number {
  const tier = tierAt(program, tierChanges, nowMs);
  const { targetPoints } = quoteAward({ program, cart, tier, nowMs });
  return targetPoints > 0 && isFirstOrder ? targetPoints + (program.earning.firstOrderPoints ?? 0) : targetPoints;
}
