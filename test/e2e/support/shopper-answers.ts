import type { EarnEstimate } from '#app/contracts/earn-estimate.ts';
import type { NextOrderOffer, NextOrderOfferGranted } from '#app/contracts/next-order-offer.ts';
import type { OrderThanks } from '#app/contracts/order-thanks.ts';
import type { ShopperEntries, ShopperLoyaltyOn, ShopperRedemption, ShopperReward } from '#app/contracts/shopper-loyalty.ts';

const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR', decimals: 2 });

export const AN_OFFER: NextOrderOffer = {
  state: 'ready',
  code: 'BACK-ABCD2345',
  percentBasisPoints: 1500,
  minimumSubtotal: EUR(2500),
  endsAt: '2026-12-21T22:59:59Z',
  isPersonal: true,
};

/** Of every other kind, by what each gives. */
export function aGrantedOffer(gives: NextOrderOfferGranted['gives'], changes: Partial<NextOrderOfferGranted> = {}): NextOrderOfferGranted {
  const code = gives.kind === 'store-credit' ? null : 'BACK-ABCD2345';
  return { state: 'granted', gives, code, minimumSubtotal: null, endsAt: '2026-12-21T22:59:59Z', isPersonal: false, countsDown: false, ...changes };
}

/** A flash offer that ends so long after it is asked for. */
export function aFlashOffer(leftMs: number): NextOrderOfferGranted {
  const endsAtMs = Date.parse('2026-11-24T18:00:00Z');
  const time = { endsAt: new Date(endsAtMs).toISOString(), countsDown: true, asOf: new Date(endsAtMs - leftMs).toISOString() };
  return aGrantedOffer({ kind: 'percent', percentBasisPoints: 1_000 }, { ...time, minimumSubtotal: EUR(2_500) });
}

export const AN_ESTIMATE: EarnEstimate = { state: 'known', points: 245, who: 'you', texts: {} };

export const FIVE_EUROS = EUR(500);

export const SOME_THANKS: OrderThanks = {
  points: { state: 'ready', points: 120, standing: 'pending', spendableFrom: '2026-12-06T09:00:00Z', balancePoints: 1240 },
  account: { state: 'none' },
};

export function aReward(rewardId: string, changes: Partial<ShopperReward> = {}): ShopperReward {
  return {
    rewardId,
    name: '',
    kind: 'amount',
    leastPoints: 500,
    mostPoints: 500,
    stepPoints: 1,
    shortfallPoints: 0,
    isWithinReach: true,
    hindrance: null,
    worth: EUR(500),
    percentBasisPoints: null,
    minimumSubtotal: null,
    validDays: 30,
    ...changes,
  };
}

export function aRedemption(redemptionId: string, changes: Partial<ShopperRedemption> = {}): ShopperRedemption {
  return {
    redemptionId,
    rewardId: 'five',
    name: '',
    kind: 'amount',
    percentBasisPoints: null,
    points: 500,
    state: 'ready',
    code: 'PTS-7KQ2M9XH',
    worth: EUR(500),
    endsAt: '2026-12-22T22:59:59Z',
    ...changes,
  };
}

/** A member in the middle of everything. */
export function someLoyalty(changes: Partial<ShopperLoyaltyOn> = {}): ShopperLoyaltyOn {
  return {
    state: 'on',
    program: { status: 'live', lastRedemptionDay: null },
    balance: {
      points: 1240,
      pendingPoints: 120,
      nextSpendable: { points: 120, at: '2026-12-06T09:00:00Z' },
      nextExpiry: { points: 300, day: '2027-03-31' },
    },
    tier: {
      name: 'Silver',
      keptUntil: '2027-12-31',
      next: { name: 'Gold', missing: { kind: 'spend', amount: EUR(12000) }, progressBasisPoints: 7600 },
      perks: [{ kind: 'multiplier', factorBasisPoints: 15_000 }, { kind: 'free-shipping' }, { kind: 'early-access' }],
    },
    rewards: [
      aReward('five'),
      aReward('any', { kind: 'any-amount', leastPoints: 100, mostPoints: 1200, stepPoints: 100, worth: EUR(100) }),
      aReward('ten-percent', { kind: 'percent', percentBasisPoints: 1000, worth: null, leastPoints: 1000, mostPoints: 1000, minimumSubtotal: EUR(4000) }),
      aReward('shipping', { kind: 'free-shipping', worth: null, leastPoints: 750, mostPoints: 750, hindrance: 'limit-reached', isWithinReach: false }),
      aReward('twenty', { worth: EUR(2000), leastPoints: 2000, mostPoints: 0, shortfallPoints: 760, isWithinReach: false }),
    ],
    redemptions: [
      aRedemption('r1'),
      aRedemption('r2', { state: 'used', code: null }),
      aRedemption('r3', { state: 'returned', code: null, points: 1000, kind: 'percent', percentBasisPoints: 1000, worth: null }),
    ],
    waysToEarn: [
      { kind: 'order', points: 5, per: EUR(100), tierFactorBasisPoints: 15_000 },
      { kind: 'threshold', points: 100, minimum: EUR(10000) },
      { kind: 'multiplier', name: 'Tea', factorBasisPoints: 20_000, endsAt: '2026-12-24T22:59:59Z' },
      { kind: 'first-order', points: 50, isDone: true },
      { kind: 'birthday', points: 200 },
    ],
    birthday: { points: 200, day: null, canSet: true },
    texts: {},
    ...changes,
  };
}

export function someEntries(): ShopperEntries {
  const entry = (sequence: number, kind: ShopperEntries['entries'][number]['kind'], points: number) => ({
    sequence,
    at: `2026-11-${String(10 + sequence).padStart(2, '0')}T10:00:00Z`,
    kind,
    points,
    isPending: kind === 'order',
    orderName: kind.startsWith('order') ? '#1042' : null,
    rewardName: kind === 'redeemed' ? '€5 off' : null,
  });
  return { entries: [entry(5, 'order', 120), entry(4, 'redeemed', -500), entry(3, 'order-changed', -40), entry(2, 'spendable', 0)], next: 2 };
}
