import { formatDay } from '../../time/calendar-day.ts';
import { dayOfInstant, startOfDay } from '../../time/day-of-instant.ts';
import type { TierLevel, Tiers } from '../program/program.ts';
import { deriveTierBasis, findDropDay } from './derive-tier-basis.ts';
import type { TierFact, TierStanding } from './derive-tier-basis.ts';

/**
 * A member's tier from an instant on. Changes are only ever added to: of those that have taken effect, the one that was
 * added last holds, so that whoever reaches a tier again overtakes a fall that lies ahead.
 */
export interface TierDecision {
  readonly tierId: string;
  readonly effectiveAtMs: number;
  /** Until when the higher tier is kept; null for what is no fall. */
  readonly graceUntilMs: number | null;
  readonly reason: TierReason;
}

/** Why, in facts that are kept with the change. Growth only. */
export type TierReason = {
  /**
   * `reached`: a higher tier. `kept`: reached again while a fall lay ahead. `not-reached`: fell short of `threshold`.
   * `level-removed`: the tier is no more, and this is the one next to it. `stopped`: the one that was held when the program
   * was stopped, while a fall lay ahead.
   */
  readonly code: 'reached' | 'kept' | 'not-reached' | 'level-removed' | 'stopped';
  readonly basis: string;
  readonly window: string;
  readonly amount: number;
  /** The one that was reached or missed. */
  readonly threshold: number;
  /** Of the tier that is given. */
  readonly levelThreshold: number;
  /** `YYYY-MM-DD`, first day of what was counted; null for a lifetime. */
  readonly from: string | null;
};

export interface TierReviewInput {
  readonly tiers: Tiers;
  /** In the order in which they were added. */
  readonly changes: readonly EarlierChange[];
  readonly facts: readonly TierFact[];
  readonly atMs: number;
  readonly timeZone: string;
}

export interface EarlierChange {
  readonly tierId: string;
  readonly effectiveAtMs: number;
  readonly graceUntilMs: number | null;
  readonly reason: { readonly basis?: unknown; readonly levelThreshold?: unknown };
}

/**
 * What a review finds: a member rises at once, and falls once the days of grace are over, counted from the review that
 * found it, so that every fall is told of before. Neither another basis nor other thresholds change that.
 *
 * @returns null when all stays as it is
 */
export function planTierChange(input: TierReviewInput): TierDecision | null {
  const { tiers, changes, facts, atMs, timeZone } = input;
  const standing = deriveTierBasis(facts, tiers, { atMs, timeZone });
  const reached = levelReached(tiers, standing.amount);
  const last = changes.at(-1);
  const given = givenIndex(tiers, last);
  if (given === null) return replaceRemoved(input, standing, reached);
  const held = heldIndex(tiers, changes, atMs);
  if (reached > given) {
    const isAhead = last !== undefined && last.effectiveAtMs > atMs;
    if (isAhead && reached < held) {
      // Still a fall, though not as deep as the one that lay ahead.
      return decide(input, standing, { index: reached, code: 'not-reached', judgedBy: held, effectiveAtMs: last.effectiveAtMs, isFall: true });
    }
    const effectiveAtMs = Math.max(atMs, isAhead ? 0 : (last?.effectiveAtMs ?? 0));
    return decide(input, standing, { index: reached, code: reached > held ? 'reached' : 'kept', judgedBy: reached, effectiveAtMs, isFall: false });
  }
  if (reached < given) {
    const graceEndMs = startOfDay(dayOfInstant(atMs, timeZone) + tiers.graceDays, timeZone);
    const effectiveAtMs = Math.max(atMs, graceEndMs, last?.effectiveAtMs ?? 0);
    return decide(input, standing, { index: reached, code: 'not-reached', judgedBy: given, effectiveAtMs, isFall: true });
  }
  return null;
}

/** Only a rise, for an instant that is past: what has been reached since is not known there, and nobody falls for it. */
export function planTierRise(input: TierReviewInput): TierDecision | null {
  const decision = planTierChange(input);
  return decision !== null && decision.graceUntilMs === null && decision.reason.code !== 'level-removed' ? decision : null;
}

/**
 * While a program does not run nobody falls: a fall that lay ahead when it was stopped is overtaken by what was held then.
 * Once it runs again the member is judged anew, with all days of grace.
 */
export function planTierStay({ tiers, changes, stoppedAtMs }: Pick<TierReviewInput, 'tiers' | 'changes'> & { stoppedAtMs: number }): TierDecision | null {
  const last = changes.at(-1);
  if (last === undefined || last.graceUntilMs === null || last.effectiveAtMs <= stoppedAtMs) return null;
  const { id, threshold } = levelAt(tiers, heldIndex(tiers, changes, stoppedAtMs));
  const { basis, window } = tiers;
  const reason: TierReason = { code: 'stopped', basis, window, amount: 0, threshold, levelThreshold: threshold, from: null };
  return { tierId: id, effectiveAtMs: stoppedAtMs, graceUntilMs: null, reason };
}

/** The next instant after `atMs` at which time alone may change the tier; null when it will not. */
export function findNextTierReviewMs({ tiers, changes, facts, atMs, timeZone }: TierReviewInput): number | null {
  const moments = changes.map(({ effectiveAtMs }) => effectiveAtMs).filter((effectiveAtMs) => effectiveAtMs > atMs);
  const index = givenIndex(tiers, changes.at(-1)) ?? 0;
  const threshold = tiers.levels[index]?.threshold ?? 0;
  const day = index === 0 ? null : findDropDay(facts, { ...tiers, threshold }, { atMs, timeZone });
  if (day !== null) moments.push(startOfDay(day, timeZone));
  return moments.length === 0 ? null : Math.min(...moments);
}

interface Verdict {
  readonly index: number;
  readonly code: TierReason['code'];
  /** The level whose threshold decided. */
  readonly judgedBy: number;
  readonly effectiveAtMs: number;
  readonly isFall: boolean;
}

function decide({ tiers }: TierReviewInput, { amount, fromDay }: TierStanding, verdict: Verdict): TierDecision {
  const level = levelAt(tiers, verdict.index);
  return {
    tierId: level.id,
    effectiveAtMs: verdict.effectiveAtMs,
    graceUntilMs: verdict.isFall ? verdict.effectiveAtMs : null,
    reason: {
      code: verdict.code,
      basis: tiers.basis,
      window: tiers.window,
      amount,
      threshold: levelAt(tiers, verdict.judgedBy).threshold,
      levelThreshold: level.threshold,
      from: fromDay === null ? null : formatDay(fromDay),
    },
  };
}

/** The merchant took the level away: the member gets the nearest that is not above it, or what they reach if that is more. */
function replaceRemoved(input: TierReviewInput, standing: TierStanding, reached: number): TierDecision {
  const { tiers, changes, atMs } = input;
  const { basis, levelThreshold } = changes.at(-1)?.reason ?? {};
  const nearest = basis === tiers.basis && typeof levelThreshold === 'number' ? levelReached(tiers, levelThreshold) : reached;
  const index = Math.max(nearest, reached);
  return decide(input, standing, { index, code: 'level-removed', judgedBy: index, effectiveAtMs: atMs, isFall: false });
}

function levelReached({ levels }: Tiers, amount: number): number {
  return Math.max(0, levels.findLastIndex(({ threshold }) => threshold <= amount));
}

/** Of the newest decision, in effect or not; null where its level is no more. */
function givenIndex({ levels }: Tiers, last: EarlierChange | undefined): number | null {
  if (last === undefined) return 0;
  const index = levels.findIndex(({ id }) => id === last.tierId);
  return index < 0 ? null : index;
}

function heldIndex({ levels }: Tiers, changes: readonly EarlierChange[], atMs: number): number {
  const inEffect = changes.findLast(({ effectiveAtMs }) => effectiveAtMs <= atMs);
  return Math.max(0, levels.findIndex(({ id }) => id === inEffect?.tierId));
}

function levelAt({ levels }: Tiers, index: number): TierLevel {
  const level = levels[index];
  if (level === undefined) throw new RangeError(`no level ${index} of ${levels.length}`);
  return level;
}
