import type { Program, Reward, RewardGives } from '#app/domain/loyalty/program/program.ts';

const TERMS = { isOffered: true, minimumSubtotals: [], validDays: 30, limitAMember: null, combinesWith: { order: false, product: true, shipping: true } };
const AMOUNTS = [{ currency: 'USD', amountMinor: 500 }];

/** A program with one of everything that there is. */
export function programOfAll(): Program {
  const gives: RewardGives[] = [
    { kind: 'amount', points: 500, amounts: AMOUNTS },
    { kind: 'any-amount', pointsAStep: 50, amounts: AMOUNTS, leastPoints: 100, mostPoints: 5000 },
    { kind: 'percent', points: 300, percentBasisPoints: 1250 },
    { kind: 'free-shipping', points: 200 },
    { kind: 'free-product', points: 900, variantId: 77, title: 'Mug - Red' },
    { kind: 'store-credit', points: 600, amounts: AMOUNTS },
  ];
  return {
    status: { kind: 'paused' },
    earning: {
      earnsFromMs: Date.parse('2026-01-05T10:00:00Z'),
      occasion: 'fulfilled',
      pendingDays: 30,
      rates: [{ currency: 'USD', points: 3, perMinor: 200 }, { currency: 'JPY', points: 1, perMinor: 1000 }],
      otherCurrencies: 'nothing',
      multipliers: [
        { id: 'm1', name: 'Double days', scope: { kind: 'all' }, factorBasisPoints: 20_000, startsAtMs: Date.parse('2026-03-01T05:00:00Z'), endsAtMs: null },
        { id: 'm2', name: '', scope: { kind: 'products', productIds: [4, 5] }, factorBasisPoints: 0, startsAtMs: null, endsAtMs: null },
        { id: 'm3', name: 'Tea', scope: { kind: 'collections', collectionIds: [9] }, factorBasisPoints: 12_345, startsAtMs: null, endsAtMs: Date.parse('2026-12-01T05:00:00Z') },
      ],
      thresholdBonuses: [{ id: 'b1', currency: 'USD', minimumMinor: 10_000, points: 250 }, { id: 'b2', currency: 'JPY', minimumMinor: 9000, points: 200 }],
      maximumPointsAnOrder: 5000,
      maximumPointsByHand: 2000,
      welcomePoints: 100,
      firstOrderPoints: 50,
      birthdayPoints: null,
    },
    expiry: { kind: 'age', months: 18, noticeDays: [60, 30, 7] },
    rewards: gives.map((one, index): Reward => ({ ...TERMS, id: `r${index}`, name: index === 0 ? 'Five off' : '', gives: one, minimumSubtotals: index === 2 ? AMOUNTS : [], limitAMember: index === 3 ? 2 : null })),
    tiers: {
      basis: 'spend',
      window: 'lifetime',
      graceDays: 0,
      levels: [
        { id: 't1', name: 'Leaf', threshold: 0, factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null },
        { id: 't2', name: 'Tree', threshold: 25_050, factorBasisPoints: 15_000, entryPoints: 100, hasFreeShipping: true, tag: 'vip' },
      ],
    },
  };
}
