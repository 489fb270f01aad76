import type { ShopperLoyaltyOn } from '../../../app/contracts/shopper-loyalty.ts';
import { sayPoints } from '../../shopper-kit/src/words.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';

export interface ProfileView {
  figure: string;
  tier: string | null;
  pending: string | null;
}

export function viewProfile({ balance, tier }: Pick<ShopperLoyaltyOn, 'balance' | 'tier'>, wording: Wording): ProfileView {
  return {
    figure: sayPoints('points', balance.points, wording),
    tier: tier?.name ?? null,
    pending: balance.pendingPoints > 0 ? sayPoints('pending', balance.pendingPoints, wording) : null,
  };
}

/** For the editor of checkout and accounts, where no customer is. */
export const SAMPLE: Pick<ShopperLoyaltyOn, 'balance' | 'tier' | 'texts'> = {
  balance: { points: 640, pendingPoints: 120, nextSpendable: null, nextExpiry: null },
  tier: { name: 'Silver', keptUntil: null, next: null, perks: [] },
  texts: {},
};
