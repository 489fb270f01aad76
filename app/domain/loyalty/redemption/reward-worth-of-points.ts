import type { MoneyAmount, RewardGives } from '../program/program.ts';

/** The money that so many points get from a reward; null where it gives none, or none in this currency. */
export function worthOfReward(gives: RewardGives, { points, currency }: { points: number; currency: string }): MoneyAmount | null {
  if (!('amounts' in gives)) return null;
  const amount = gives.amounts.find((candidate) => candidate.currency === currency);
  if (amount === undefined) return null;
  const times = gives.kind === 'any-amount' ? Math.floor(points / gives.pointsAStep) : 1;
  return { currency, amountMinor: amount.amountMinor * times };
}
