import { proportionHalfUp } from '../../money/proportion-half-up.ts';
import { leastAmountOf, leastPointsOf } from '../program/reward-worth.ts';
import type { Reward } from '../program/program.ts';

/** What members hold and owe, now. */
export interface PointsHeld {
  /** Spendable, of those who owe nothing. */
  readonly spendablePoints: number;
  readonly owedPoints: number;
  readonly pendingPoints: number;
  readonly reservedPoints: number;
  readonly membersWithPoints: number;
  readonly membersWhoOwe: number;
}

/** Points that came and went, net: what a refund takes back lowers what was issued, and what comes back what was redeemed. */
export interface PointsMoved {
  readonly issuedPoints: number;
  readonly redeemedPoints: number;
  readonly expiredPoints: number;
  /** By hand and by imports. */
  readonly adjustedPoints: number;
}

export interface MovedInMonth extends PointsMoved {
  /** `YYYY-MM` in shop time, of when it was entered: a month that is over changes no more. */
  readonly month: string;
}

/** What a point costs when it is spent on the reward that is reached first. */
export interface PointWorth {
  readonly reward: Pick<Reward, 'name' | 'gives'>;
  readonly points: number;
  readonly amountMinor: number;
}

export interface Liability {
  readonly asOfMs: number;
  readonly timeZone: string;
  readonly currency: string;
  readonly held: PointsHeld;
  readonly worth: PointWorth | null;
  /** Of all that could be spent: spendable and reserved; null without a reward that is worth money. */
  readonly costMinor: number | null;
  readonly pendingCostMinor: number | null;
  readonly total: PointsMoved;
  /** Expired of all that ended, spent or expired; null before any did. */
  readonly breakage: number | null;
  /** The last twelve, the newest last; months in which nothing was entered are there too. */
  readonly months: readonly MovedInMonth[];
  /** Spendable points by the month in which they end as things stand, this month and eleven more. */
  readonly expiring: readonly { readonly month: string; readonly points: number }[];
  readonly expiringLaterPoints: number;
  readonly neverExpiringPoints: number;
  /** What is held less what all entries together say should be; 0, or something is wrong. */
  readonly differencePoints: number;
}

/** The offered reward that takes the fewest points, of those that are worth money in the shop's currency. */
export function findPointWorth(rewards: readonly Reward[], currency: string): PointWorth | null {
  const worths = rewards.flatMap((reward) => {
    const amountMinor = leastAmountOf(reward.gives, currency);
    const points = leastPointsOf(reward.gives);
    return reward.isOffered && amountMinor !== null && points > 0 ? [{ reward: { name: reward.name, gives: reward.gives }, points, amountMinor }] : [];
  });
  return worths.reduce<PointWorth | null>((cheapest, next) => (cheapest === null || next.points < cheapest.points ? next : cheapest), null);
}

export function costOf(points: number, worth: PointWorth | null): number | null {
  return worth && proportionHalfUp(worth.amountMinor, points, worth.points);
}

export function computeBreakage({ expiredPoints, redeemedPoints }: PointsMoved): number | null {
  const ended = expiredPoints + redeemedPoints;
  return ended > 0 && expiredPoints >= 0 && redeemedPoints >= 0 ? expiredPoints / ended : null;
}

/** What should be held by what came and went, less what is. */
export function differenceOf(held: PointsHeld, total: PointsMoved): number {
  const should = total.issuedPoints + total.adjustedPoints - total.redeemedPoints - total.expiredPoints;
  return held.spendablePoints - held.owedPoints + held.pendingPoints + held.reservedPoints - should;
}

/** `YYYY-MM`, so many months from one; negative for earlier ones. */
export function monthAfter(month: string, months: number): string {
  const [year = '', number = ''] = month.split('-');
  const index = Number(year) * 12 + Number(number) - 1 + months;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}
