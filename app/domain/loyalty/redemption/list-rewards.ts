import { dayOfInstant } from '../../time/day-of-instant.ts';
import type { MoneyAmount, Program, Reward } from '../program/program.ts';
import { acceptsRedemptions, pricesOf } from './choose-reward.ts';
import { worthOfReward } from './reward-worth-of-points.ts';

/** A reward as one member sees it. */
export interface ListedReward {
  readonly reward: Reward;
  /** What it takes at least. */
  readonly leastPoints: number;
  /** The most that this member could spend on it now, a whole number of steps; 0 while they cannot. */
  readonly mostPoints: number;
  /** Points that are missing; 0 when it is within reach. */
  readonly shortfallPoints: number;
  /** Of the most that they could spend, or of the least where they cannot yet. */
  readonly worth: MoneyAmount | null;
  readonly isWithinReach: boolean;
  /** Why it cannot be had although the points would do. */
  readonly hindrance: 'limit-reached' | null;
}

interface RewardsInput {
  readonly program: Program;
  /** What the member can spend. */
  readonly points: number;
  readonly currency: string;
  /** How often the member has had each, not counting those that were released. */
  readonly timesRedeemed: ReadonlyMap<string, number>;
  readonly nowMs: number;
  readonly timeZone: string;
}

/**
 * What is offered, the cheapest first; nothing while the program takes no redemptions. Rewards of money that have no
 * amount in this currency are left out.
 *
 * @throws UnknownTimeZoneError
 */
export function listRewards({ program, points, currency, timesRedeemed, nowMs, timeZone }: RewardsInput): ListedReward[] {
  if (!acceptsRedemptions(program, dayOfInstant(nowMs, timeZone))) return [];
  return program.rewards
    .filter(({ isOffered, gives }) => isOffered && (!('amounts' in gives) || gives.amounts.some((amount) => amount.currency === currency)))
    .map((reward) => listReward(reward, { points, currency, times: timesRedeemed.get(reward.id) ?? 0 }))
    .sort((a, b) => a.leastPoints - b.leastPoints);
}

function listReward(reward: Reward, { points, currency, times }: { points: number; currency: string; times: number }): ListedReward {
  const { leastPoints, mostPoints, stepPoints } = pricesOf(reward);
  const hindrance = reward.limitAMember !== null && times >= reward.limitAMember ? 'limit-reached' : null;
  const spendable = Math.min(points, mostPoints ?? points);
  const affordable = spendable >= leastPoints ? spendable - (spendable % stepPoints) : 0;
  return {
    reward,
    leastPoints,
    mostPoints: affordable,
    shortfallPoints: Math.max(0, leastPoints - points),
    worth: worthOfReward(reward.gives, { points: affordable === 0 ? leastPoints : affordable, currency }),
    isWithinReach: affordable > 0 && hindrance === null,
    hindrance,
  };
}
