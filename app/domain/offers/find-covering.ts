import type { OfferConditions, OfferRule } from './offer-rule.ts';
import { countryOf } from './province-codes.ts';

/** The rule above that fits every order which this one would, so that it is never reached; null without one. */
export function findCovering(rules: readonly OfferRule[], index: number): OfferRule | null {
  const rule = rules[index];
  if (rule?.isEnabled !== true) return null;
  // Store credit passes guests by, and orders that are small for it.
  return rules.slice(0, index).find((above) => above.isEnabled && above.grant.kind !== 'store-credit' && covers(above.conditions, rule.conditions)) ?? null;
}

function covers(wide: OfferConditions, narrow: OfferConditions): boolean {
  if (wide.orders !== 'any' && wide.orders !== narrow.orders) return false;
  const lists = ['segments', 'tiers', 'countries', 'products'] as const;
  if (!lists.every((list) => wide[list].length === 0 || (narrow[list].length > 0 && narrow[list].every((id) => wide[list].includes(id) || (list === 'countries' && wide[list].includes(countryOf(id))))))) return false;
  const isFromBelow = (wide.leastSubtotalMinor ?? -Infinity) <= (narrow.leastSubtotalMinor ?? -Infinity);
  return isFromBelow && (wide.mostSubtotalMinor ?? Infinity) >= (narrow.mostSubtotalMinor ?? Infinity);
}
