import type { Program, Reward } from './program.ts';

/** What shoppers expect: 100 points are one unit of money, and five are earned with each. */
const POINTS_A_UNIT = 100;
const EARNED_A_UNIT = 5;

/**
 * A program that could go live as it is, for a shop of one currency: 5 % back in steps of 500 points, three tiers, points
 * that wait 14 days and expire after 12 months without activity. Nothing earns before it is switched on.
 *
 * @param unitMinor minor units of one unit of `currency`: 100 for USD, 1 for JPY
 */
export function defaultProgram({ currency, unitMinor }: { currency: string; unitMinor: number }): Program {
  const amountReward = (points: number): Reward => ({
    id: `amount-${points}`,
    name: '',
    isOffered: true,
    gives: { kind: 'amount', points, amounts: [{ currency, amountMinor: (points / POINTS_A_UNIT) * unitMinor }] },
    ...USUAL_TERMS,
  });
  return {
    status: { kind: 'off' },
    earning: {
      earnsFromMs: 0,
      occasion: 'paid',
      pendingDays: 14,
      rates: [{ currency, points: EARNED_A_UNIT, perMinor: unitMinor }],
      otherCurrencies: 'convert',
      multipliers: [],
      thresholdBonuses: [],
      maximumPointsAnOrder: null,
      maximumPointsByHand: null,
      welcomePoints: 100,
      firstOrderPoints: null,
      birthdayPoints: 200,
    },
    expiry: { kind: 'inactivity', months: 12, noticeDays: [30, 7] },
    rewards: [
      {
        id: 'any-amount',
        name: '',
        isOffered: true,
        gives: {
          kind: 'any-amount',
          pointsAStep: POINTS_A_UNIT,
          amounts: [{ currency, amountMinor: unitMinor }],
          leastPoints: POINTS_A_UNIT,
          mostPoints: null,
        },
        ...USUAL_TERMS,
      },
      ...[500, 1000, 1500, 2000].map(amountReward),
    ],
    tiers: {
      basis: 'points',
      window: 'rolling-year',
      graceDays: 30,
      levels: [
        { id: 'bronze', name: 'Bronze', threshold: 0, factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null },
        { id: 'silver', name: 'Silver', threshold: 1000, factorBasisPoints: 12_500, entryPoints: null, hasFreeShipping: false, tag: null },
        { id: 'gold', name: 'Gold', threshold: 2000, factorBasisPoints: 15_000, entryPoints: null, hasFreeShipping: false, tag: null },
      ],
    },
  };
}

const USUAL_TERMS = {
  minimumSubtotals: [],
  validDays: 30,
  limitAMember: null,
  combinesWith: { order: false, product: true, shipping: true },
} as const;
