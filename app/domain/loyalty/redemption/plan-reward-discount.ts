import type { MoneyAmount, Reward } from '../program/program.ts';

/** The native discount that a redemption becomes. */
export interface RewardDiscount {
  /** What the merchant reads in the list of discounts; no other discount has the same. */
  readonly title: string;
  readonly code: string;
  /** The only customer who may use it, once. */
  readonly customerId: bigint;
  readonly gives: DiscountGives;
  readonly minimumSubtotal: MoneyAmount | null;
  readonly combinesWith: Reward['combinesWith'];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export type DiscountGives =
  | { readonly kind: 'amount'; readonly amount: MoneyAmount }
  | { readonly kind: 'percent'; readonly percentBasisPoints: number }
  | { readonly kind: 'free-shipping' }
  /** One piece of it: its price, off this variant alone. A whole percentage would make every piece in the cart free. */
  | { readonly kind: 'free-product'; readonly variantId: number };

interface DiscountInput {
  readonly reward: Reward;
  readonly redemption: {
    readonly redemptionId: string;
    readonly points: number;
    readonly worth: MoneyAmount | null;
    readonly code: string;
    readonly reservedAtMs: number;
    readonly expiresAtMs: number;
  };
  readonly customerId: bigint;
  /** Of the shop, which discounts are in. */
  readonly currency: string;
}

/**
 * A function of what was decided when the points were reserved, so that it is the same whenever it is worked out.
 *
 * @returns null for store credit, which is no discount, and for an amount that is not in the shop's currency any more
 */
export function planRewardDiscount({ reward, redemption, customerId, currency }: DiscountInput): RewardDiscount | null {
  const gives = givesOf(reward, redemption.worth);
  if (gives === null || (gives.kind === 'amount' && gives.amount.currency !== currency)) return null;
  const minimum = reward.minimumSubtotals.find((amount) => amount.currency === currency);
  return {
    title: discountTitleOf(redemption),
    code: redemption.code,
    customerId,
    gives,
    minimumSubtotal: minimum === undefined || minimum.amountMinor === 0 ? null : minimum,
    // Shopify takes no two discounts on shipping, and refuses one that says it would.
    combinesWith: { ...reward.combinesWith, shipping: reward.combinesWith.shipping && gives.kind !== 'free-shipping' },
    startsAtMs: redemption.reservedAtMs,
    endsAtMs: redemption.expiresAtMs,
  };
}

/** By which a discount that has the code is known to be ours. */
export function discountTitleOf({ points, redemptionId }: { readonly points: number; readonly redemptionId: string }): string {
  return `Perennial: reward for ${points} points (${redemptionId})`;
}

function givesOf({ gives }: Reward, worth: MoneyAmount | null): DiscountGives | null {
  switch (gives.kind) {
    case 'amount':
    case 'any-amount':
      return worth && { kind: 'amount', amount: worth };
    case 'percent':
      return { kind: 'percent', percentBasisPoints: gives.percentBasisPoints };
    case 'free-shipping':
      return { kind: 'free-shipping' };
    case 'free-product':
      return { kind: 'free-product', variantId: gives.variantId };
    case 'store-credit':
      return null;
  }
}
