import { proportionHalfUp } from '../../money/proportion-half-up.ts';
import type { Entry } from '../ledger/entry.ts';
import { isMemberAccount } from '../ledger/entry.ts';
import { deriveBalance } from '../ledger/member-ledger.ts';
import type { MemberLedger } from '../ledger/member-ledger.ts';
import { costOf, findPointWorth } from '../members/liability.ts';
import type { Program } from '../program/program.ts';
import { leastPointsOf } from '../program/reward-worth.ts';

/** What looking back at some orders of before a program comes to. Of customers who are disjoint, such sums add up. */
export interface PastAwards {
  readonly ordersSeen: number;
  readonly earningOrders: number;
  /** Who are given points. */
  readonly members: number;
  readonly points: number;
  /** Who come to have enough for the cheapest reward, pending points included, and had not before. */
  readonly reachReward: number;
  /** Who come into a tier above the first. */
  readonly reachTier: number;
}

export const NO_PAST_AWARDS: PastAwards = { ordersSeen: 0, earningOrders: 0, members: 0, points: 0, reachReward: 0, reachTier: 0 };

export function addPastAwards(one: PastAwards, other: PastAwards): PastAwards {
  return {
    ordersSeen: one.ordersSeen + other.ordersSeen,
    earningOrders: one.earningOrders + other.earningOrders,
    members: one.members + other.members,
    points: one.points + other.points,
    reachReward: one.reachReward + other.reachReward,
    reachTier: one.reachTier + other.reachTier,
  };
}

interface Planned {
  readonly ordersSeen: number;
  /** As they are after the entries. */
  readonly members: readonly { readonly memberId: bigint; readonly ledger: MemberLedger }[];
  readonly entries: readonly Pick<Entry, 'memberId' | 'source' | 'kind' | 'postings'>[];
  readonly tierChanges: readonly { readonly memberId: bigint; readonly reason: { readonly code?: unknown } }[];
}

export function countPastAwards({ ordersSeen, members, entries, tierChanges }: Planned, { rewards }: Pick<Program, 'rewards'>): PastAwards {
  const given = new Map<bigint, number>();
  const moved = new Map<bigint, number>();
  const earningOrders = new Set<bigint>();
  for (const { memberId, kind, source, postings } of entries) {
    const issued = sumWhere(postings, ({ account }) => account === 'issued', -1);
    given.set(memberId, (given.get(memberId) ?? 0) + issued);
    moved.set(memberId, (moved.get(memberId) ?? 0) + sumWhere(postings, ({ account }) => isMemberAccount(account) && account !== 'reserved', 1));
    if (kind === 'order' && issued > 0 && source.orderId !== null) earningOrders.add(source.orderId);
  }
  const cheapest = cheapestOf(rewards);
  const reachReward = members.filter(({ memberId, ledger }) => {
    const { points, pendingPoints } = deriveBalance(ledger);
    const before = points + pendingPoints - (moved.get(memberId) ?? 0);
    return before < cheapest && points + pendingPoints >= cheapest;
  });
  return {
    ordersSeen,
    earningOrders: earningOrders.size,
    members: [...given.values()].filter((points) => points > 0).length,
    points: [...given.values()].reduce((sum, points) => sum + points, 0),
    reachReward: reachReward.length,
    reachTier: new Set(tierChanges.flatMap(({ memberId, reason }) => (reason.code === 'reached' ? [memberId] : []))).size,
  };
}

function sumWhere<T extends { readonly points: number }>(postings: readonly T[], isMeant: (posting: T) => boolean, sign: 1 | -1): number {
  return postings.reduce((sum, posting) => (isMeant(posting) ? sum + sign * posting.points : sum), 0);
}

function cheapestOf(rewards: Program['rewards']): number {
  return Math.min(...rewards.filter(({ isOffered }) => isOffered).map(({ gives }) => leastPointsOf(gives)));
}

const WHOLE_BASIS_POINTS = 10_000;

/** What points come to in money, all of them and those that are assumed to be spent; null where no reward gives any. */
export interface PastLiability {
  readonly allMinor: number;
  readonly spentMinor: number;
}

export function liabilityOfPast({ points }: PastAwards, { rewards }: Pick<Program, 'rewards'>, terms: { currency: string; breakageBasisPoints: number }): PastLiability | null {
  const allMinor = costOf(Math.max(0, points), findPointWorth(rewards, terms.currency));
  if (allMinor === null) return null;
  return { allMinor, spentMinor: proportionHalfUp(allMinor, WHOLE_BASIS_POINTS - terms.breakageBasisPoints, WHOLE_BASIS_POINTS) };
}

/** The orders that are looked back at, as they are: by what it is known again whether they are still those that were counted. */
export interface PastOrders {
  readonly orders: number;
  readonly goodsMinor: number;
}

/** A share of 2 %: what comes and goes in a day of shopping, and no more. */
const MUCH = { of: 1, in: 50 } as const;

/** Whether the orders are others by much than those that were counted. */
export function hasChangedMuch(counted: PastOrders, now: PastOrders): boolean {
  const differs = (before: number, after: number) => Math.abs(after - before) * MUCH.in > Math.max(before, after) * MUCH.of;
  return differs(counted.orders, now.orders) || differs(counted.goodsMinor, now.goodsMinor);
}
