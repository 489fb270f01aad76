import type { OfferRule } from './offer-rule.ts';

/**
 * A rule whose amounts are of another currency than the shop has now: no amount of the old one holds in the new. It asks for
 * no minimum, and is off where it gives an amount or asks for one, until it is saved again.
 */
export function withoutAmounts(rule: OfferRule): OfferRule {
  const { conditions, grant, isEnabled } = rule;
  const asksForAmount = conditions.leastSubtotalMinor !== null || conditions.mostSubtotalMinor !== null;
  const givesAmount = grant.kind === 'amount' || grant.kind === 'store-credit';
  return {
    ...rule,
    isEnabled: isEnabled && !asksForAmount && !givesAmount,
    conditions: { ...conditions, leastSubtotalMinor: null, mostSubtotalMinor: null },
    minimumSubtotalMinor: 0,
  };
}
