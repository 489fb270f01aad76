import type { Program, TierLevel, Tiers } from '../loyalty/program/program.ts';
import { deriveTierBasis } from '../loyalty/tiers/derive-tier-basis.ts';
import type { TierFact } from '../loyalty/tiers/derive-tier-basis.ts';
import { findNextTierReviewMs } from '../loyalty/tiers/plan-tier-change.ts';
import type { EarlierChange } from '../loyalty/tiers/plan-tier-change.ts';
import { tierAt } from '../loyalty/tiers/tier-at.ts';
import { dayOfInstant } from '../time/day-of-instant.ts';

export interface TierProgress {
  readonly level: TierLevel;
  /** The last day on which it is certain; null where nothing ends it. */
  readonly keptUntilDay: number | null;
  /** Null at the top. `missing` is of the basis: minor units of the shop's currency, points or orders. */
  readonly next: { readonly level: TierLevel; readonly missing: number; readonly progressBasisPoints: number } | null;
}

interface ProgressInput {
  readonly program: Pick<Program, 'tiers' | 'status'>;
  readonly changes: readonly EarlierChange[];
  readonly facts: readonly TierFact[];
  readonly nowMs: number;
  readonly timeZone: string;
}

const WHOLE_BASIS_POINTS = 10_000;

/** Where a member stands between two tiers; null where the program has none. */
export function deriveTierProgress({ program, changes, facts, nowMs, timeZone }: ProgressInput): TierProgress | null {
  const { tiers, status } = program;
  const level = tierAt(program, changes, nowMs);
  if (tiers === null || level === null) return null;
  const index = tiers.levels.indexOf(level);
  // While the program does not run, nobody rises or falls.
  const reviewMs =
    index > 0 && status.kind === 'live' ? findNextTierReviewMs({ tiers, changes, facts, atMs: nowMs, timeZone }) : null;
  return {
    level,
    keptUntilDay: reviewMs === null ? null : dayOfInstant(reviewMs, timeZone) - 1,
    next: nextOf(tiers, { index, facts, nowMs, timeZone }),
  };
}

function nextOf(
  tiers: Tiers,
  { index, facts, nowMs, timeZone }: { index: number; facts: readonly TierFact[]; nowMs: number; timeZone: string },
): TierProgress['next'] {
  const level = tiers.levels[index + 1];
  if (level === undefined) return null;
  const { amount } = deriveTierBasis(facts, tiers, { atMs: nowMs, timeZone });
  const reached = Math.min(Math.max(amount, 0), level.threshold);
  const progress = level.threshold === 0 ? WHOLE_BASIS_POINTS : Number((BigInt(reached) * BigInt(WHOLE_BASIS_POINTS)) / BigInt(level.threshold));
  return { level, missing: level.threshold - reached, progressBasisPoints: progress };
}
