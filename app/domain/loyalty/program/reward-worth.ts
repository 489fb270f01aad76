import type { Reward, RewardGives } from './program.ts';

/** The fewest points that get some of it. */
export function leastPointsOf(gives: RewardGives): number {
  return gives.kind === 'any-amount' ? Math.max(gives.leastPoints, gives.pointsAStep) : gives.points;
}

/** What it takes off for its fewest points; null where that is not money, or nothing in this currency. */
export function leastAmountOf(gives: RewardGives, currency: string): number | null {
  const amountMinor = amountIn(gives, currency);
  if (amountMinor === null) return null;
  return gives.kind === 'any-amount' ? amountMinor * Math.floor(leastPointsOf(gives) / gives.pointsAStep) : amountMinor;
}

/** The most money that so many points are worth in one redemption; null while they are worth none. */
export function worthOfPoints(rewards: readonly Reward[], points: number, currency: string): number | null {
  let best: number | null = null;
  for (const { isOffered, gives } of rewards) {
    const amountMinor = isOffered ? amountIn(gives, currency) : null;
    if (amountMinor === null || points < leastPointsOf(gives)) continue;
    const times = gives.kind === 'any-amount' ? Math.floor(Math.min(points, gives.mostPoints ?? points) / gives.pointsAStep) : 1;
    best = Math.max(best ?? 0, amountMinor * times);
  }
  return best;
}

function amountIn(gives: RewardGives, currency: string): number | null {
  if (!('amounts' in gives)) return null;
  return gives.amounts.find((amount) => amount.currency === currency)?.amountMinor ?? null;
}
