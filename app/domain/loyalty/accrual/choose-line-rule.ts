import type { Multiplier } from '../program/program.ts';
import type { LineRule, TierAtAward } from './award-reason.ts';
import type { EarningLine } from './earning-order.ts';

/** The rate as it is: what a line earns by when nothing better applies. */
const USUAL: LineRule = { kind: 'usual', id: null, factorBasisPoints: 10_000 };

/** Buying one is changing money: it earns when it is spent. */
const GIFT_CARD: LineRule = { kind: 'gift-card', id: null, factorBasisPoints: 0 };

/** Value that no line explains is of no product and no collection. */
const NO_LINE: Pick<EarningLine, 'productId' | 'collectionIds' | 'isGiftCard'> = {
  productId: null,
  collectionIds: [],
  isGiftCard: false,
};

/**
 * The one rule that a line earns by: the best for the shopper, and never two. A multiplier of 0 excludes the line and wins
 * over all; of equals, the plainer one and then the earlier stays.
 */
export function chooseLineRule(
  line: Pick<EarningLine, 'productId' | 'collectionIds' | 'isGiftCard'> | null,
  { multipliers, tier, processedAtMs }: { multipliers: readonly Multiplier[]; tier: TierAtAward | null; processedAtMs: number },
): LineRule {
  const { isGiftCard } = line ?? NO_LINE;
  if (isGiftCard) return GIFT_CARD;
  let best = USUAL;
  if (tier !== null && tier.factorBasisPoints > best.factorBasisPoints) {
    best = { kind: 'tier', id: tier.id, factorBasisPoints: tier.factorBasisPoints };
  }
  for (const multiplier of multipliers) {
    if (!isInForce(multiplier, processedAtMs) || !isInScope(multiplier, line ?? NO_LINE)) continue;
    const { id, factorBasisPoints } = multiplier;
    if (factorBasisPoints === 0) return { kind: 'multiplier', id, factorBasisPoints };
    if (factorBasisPoints > best.factorBasisPoints) best = { kind: 'multiplier', id, factorBasisPoints };
  }
  return best;
}

function isInForce({ startsAtMs, endsAtMs }: Multiplier, atMs: number): boolean {
  return (startsAtMs === null || atMs >= startsAtMs) && (endsAtMs === null || atMs < endsAtMs);
}

function isInScope(
  { scope }: Multiplier,
  { productId, collectionIds }: Pick<EarningLine, 'productId' | 'collectionIds'>,
): boolean {
  switch (scope.kind) {
    case 'all':
      return true;
    case 'products':
      return productId !== null && scope.productIds.includes(productId);
    case 'collections':
      return collectionIds.some((id) => scope.collectionIds.includes(id));
  }
}
