import type { ProgramVersion } from '../program/version-in-force.ts';
import type { TierReason } from '../tiers/plan-tier-change.ts';

/** A change of a member's tier as a page tells it. */
export interface ToldTierChange {
  /** As it is called now, or was when it last had a name. */
  readonly tier: string;
  readonly effectiveAtMs: number;
  readonly code: TierReason['code'];
  /** What was counted, what it came to and what decided: minor units, points or orders. */
  readonly basis: string;
  readonly amount: number;
  readonly threshold: number;
  /** `YYYY-MM-DD`, first day of what was counted; null for a lifetime. */
  readonly from: string | null;
  /** `overtaken`: a fall that lay ahead and never came, since the tier was reached again. */
  readonly standing: 'past' | 'holds' | 'ahead' | 'overtaken';
}

export interface RecordedTierChange {
  readonly tierId: string;
  readonly effectiveAtMs: number;
  readonly reason: Readonly<Record<string, unknown>>;
}

/**
 * A member's tiers, the newest decision first.
 *
 * @param changes in the order in which they were added
 */
export function tellTierHistory(
  changes: readonly RecordedTierChange[],
  { versions, nowMs }: { versions: readonly ProgramVersion[]; nowMs: number },
): ToldTierChange[] {
  const held = changes.findLastIndex(({ effectiveAtMs }) => effectiveAtMs <= nowMs);
  return changes
    .map(({ tierId, effectiveAtMs, reason }, index) => ({
      tier: nameOf(tierId, versions),
      effectiveAtMs,
      code: codeOf(reason['code']),
      basis: textOf(reason['basis']) ?? '',
      amount: numberOf(reason['amount']),
      threshold: numberOf(reason['threshold']),
      from: textOf(reason['from']),
      standing: standingOf(changes, { index, held, nowMs }),
    }))
    .toReversed();
}

function standingOf(
  changes: readonly RecordedTierChange[],
  { index, held, nowMs }: { index: number; held: number; nowMs: number },
): ToldTierChange['standing'] {
  const change = changes[index];
  if (index === held) return 'holds';
  // One that was added later and takes effect no later comes first.
  const isOvertaken = change !== undefined && changes.slice(index + 1).some(({ effectiveAtMs }) => effectiveAtMs <= change.effectiveAtMs);
  if (isOvertaken) return 'overtaken';
  return (change?.effectiveAtMs ?? 0) > nowMs ? 'ahead' : 'past';
}

function nameOf(tierId: string, versions: readonly ProgramVersion[]): string {
  const named = versions.findLast(({ program }) => program.tiers?.levels.some(({ id }) => id === tierId));
  return named?.program.tiers?.levels.find(({ id }) => id === tierId)?.name ?? tierId;
}

const CODES: readonly TierReason['code'][] = ['reached', 'kept', 'not-reached', 'level-removed', 'stopped'];

/** One that a later version of the app knows reads as a tier that was reached. */
function codeOf(value: unknown): TierReason['code'] {
  return CODES.find((code) => code === value) ?? 'reached';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
