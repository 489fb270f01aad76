import type { ShopperEntries, ShopperLoyaltyOn, ShopperReward } from '../../../app/contracts/shopper-loyalty.ts';

const DAY_MS = 86_400_000;

/** For the editor of checkout and accounts, where no customer is. */
export function sampleLoyalty(now: Date): ShopperLoyaltyOn {
  const at = (days: number) => new Date(now.getTime() + days * DAY_MS).toISOString();
  return {
    state: 'on',
    program: { status: 'live', lastRedemptionDay: null },
    balance: { points: 640, pendingPoints: 120, nextSpendable: { points: 120, at: at(14) }, nextExpiry: null },
    tier: {
      name: 'Silver',
      keptUntil: null,
      next: { name: 'Gold', missing: { kind: 'points', points: 360 }, progressBasisPoints: 6400 },
      perks: [{ kind: 'multiplier', factorBasisPoints: 15_000 }, { kind: 'early-access' }],
    },
    rewards: [reward('1', 'free-shipping', 500, 0), reward('2', 'percent', 1000, 360)],
    redemptions: [],
    waysToEarn: [
      { kind: 'first-order', points: 50, isDone: true },
      { kind: 'birthday', points: 200 },
    ],
    birthday: { points: 200, day: null, canSet: true },
    texts: {},
  };
}

export function sampleEntries(now: Date): ShopperEntries {
  const entry = { at: now.toISOString(), isPending: false, orderName: '#1001', rewardName: null };
  return {
    entries: [
      { ...entry, sequence: 2, kind: 'order', points: 120, isPending: true },
      { ...entry, sequence: 1, kind: 'welcome', points: 100, orderName: null },
    ],
    next: null,
  };
}

function reward(rewardId: string, kind: ShopperReward['kind'], leastPoints: number, shortfallPoints: number): ShopperReward {
  return {
    rewardId,
    name: '',
    kind,
    leastPoints,
    mostPoints: shortfallPoints === 0 ? leastPoints : 0,
    stepPoints: 1,
    shortfallPoints,
    isWithinReach: shortfallPoints === 0,
    hindrance: null,
    worth: null,
    percentBasisPoints: kind === 'percent' ? 1000 : null,
    minimumSubtotal: null,
    validDays: 30,
  };
}
