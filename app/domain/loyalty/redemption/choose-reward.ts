import { dayOfInstant, startOfDay } from '../../time/day-of-instant.ts';
import { MS_PER_SECOND } from '../../time/durations.ts';
import type { Result } from '../../result.ts';
import type { MoneyAmount, Program, Reward } from '../program/program.ts';
import { worthOfReward } from './reward-worth-of-points.ts';

/** What somebody asks for. */
export interface RewardChoice {
  readonly rewardId: string;
  /** For a reward of any amount; null takes the fixed price of the others. */
  readonly points: number | null;
  /** Of store credit; discounts are in the shop's. */
  readonly currency: string;
}

/** What it costs and what it gives, fixed from now on. */
export interface ChosenReward {
  readonly reward: Reward;
  readonly points: number;
  /** Null where it is not worth money. */
  readonly worth: MoneyAmount | null;
  /** The last second of the last day, at the shop, as Shopify's own admin writes it. */
  readonly expiresAtMs: number;
}

export type ChoiceRefusal =
  | { readonly reason: 'program-closed' }
  | { readonly reason: 'not-offered' }
  | { readonly reason: 'not-in-currency'; readonly currency: string }
  | { readonly reason: 'wrong-points'; readonly leastPoints: number; readonly mostPoints: number | null; readonly stepPoints: number };

interface ChoiceTerms {
  readonly program: Program;
  readonly nowMs: number;
  readonly timeZone: string;
}

/** @throws UnknownTimeZoneError */
export function chooseReward(choice: RewardChoice, { program, nowMs, timeZone }: ChoiceTerms): Result<ChosenReward, ChoiceRefusal> {
  const today = dayOfInstant(nowMs, timeZone);
  if (!acceptsRedemptions(program, today)) return { ok: false, reason: 'program-closed' };
  const reward = program.rewards.find(({ id, isOffered }) => id === choice.rewardId && isOffered);
  if (reward === undefined) return { ok: false, reason: 'not-offered' };
  const { gives } = reward;
  const points = gives.kind === 'any-amount' ? choice.points : (choice.points ?? gives.points);
  if (points === null || !isPriceOf(reward, points)) return { ok: false, reason: 'wrong-points', ...pricesOf(reward) };
  const worth = worthOfReward(gives, { points, currency: choice.currency });
  if (worth === null && 'amounts' in gives) return { ok: false, reason: 'not-in-currency', currency: choice.currency };
  const expiresAtMs = startOfDay(today + reward.validDays + 1, timeZone) - MS_PER_SECOND;
  return { ok: true, value: { reward, points, worth, expiresAtMs } };
}

/** Rewards go on while earning is paused, and while a program winds down to the end of its last day. */
export function acceptsRedemptions({ status }: Pick<Program, 'status'>, today: number): boolean {
  return status.kind === 'winding-down' ? today <= status.lastRedemptionDay : status.kind !== 'off';
}

/** Which prices a reward has: between the least and the most, in whole steps. */
export function pricesOf({ gives }: Reward): { leastPoints: number; mostPoints: number | null; stepPoints: number } {
  if (gives.kind !== 'any-amount') return { leastPoints: gives.points, mostPoints: gives.points, stepPoints: gives.points };
  const { pointsAStep, leastPoints, mostPoints } = gives;
  // A least that is no whole step is met by the next one.
  const least = Math.max(pointsAStep, Math.ceil(leastPoints / pointsAStep) * pointsAStep);
  return { leastPoints: least, mostPoints, stepPoints: pointsAStep };
}

function isPriceOf(reward: Reward, points: number): boolean {
  const { leastPoints, mostPoints, stepPoints } = pricesOf(reward);
  return Number.isSafeInteger(points) && points >= leastPoints && points <= (mostPoints ?? points) && points % stepPoints === 0;
}
