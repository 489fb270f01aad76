import type { OfferGrant } from './offer-rule.ts';

const BASIS_POINTS = 10_000;

/**
 * What is wrong with how deep an offer goes, and what would do; null where it may. An amount is held against the least order
 * that it works for, so that one without a minimum may go to the full depth. Store credit is held against the order that it
 * is given for, when that is known.
 */
export function findTooDeep(
  grant: OfferGrant,
  minimumSubtotalMinor: number,
  mostDepthBasisPoints: number,
): { field: 'percent'; mostBasisPoints: number } | { field: 'minimum'; leastMinor: number } | null {
  if (mostDepthBasisPoints >= BASIS_POINTS) return null;
  switch (grant.kind) {
    case 'percent':
      return grant.basisPoints > mostDepthBasisPoints ? { field: 'percent', mostBasisPoints: mostDepthBasisPoints } : null;
    case 'amount': {
      const leastMinor = Math.ceil((grant.amountMinor * BASIS_POINTS) / mostDepthBasisPoints);
      return minimumSubtotalMinor < leastMinor ? { field: 'minimum', leastMinor } : null;
    }
    case 'free-shipping':
    case 'store-credit':
      return null;
  }
}

/** Whether store credit is more of an order than the depth allows. */
export function isCreditTooDeep(amountMinor: number, { subtotalMinor, mostDepthBasisPoints }: { subtotalMinor: number; mostDepthBasisPoints: number }): boolean {
  return amountMinor * BASIS_POINTS > subtotalMinor * mostDepthBasisPoints;
}
