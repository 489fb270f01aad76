import { MS_PER_24_HOURS } from '../../time/durations.ts';
import type { EntryKind } from '../ledger/entry.ts';
import type { TierLevel } from '../program/program.ts';

/** Of the extensions that tell Shopify Flow of them; a deployed handle never changes. */
export const FLOW_TRIGGERS = ['points-earned', 'reward-redeemed', 'tier-changed'] as const;
export type FlowTrigger = (typeof FLOW_TRIGGERS)[number];

/** What was recorded, or took effect, longer ago is history by the time it is noticed and starts no workflow. */
export const FLOW_LATE_MS = 3 * MS_PER_24_HOURS;
/** An order may be paid or fulfilled, and so earn, weeks after it was made; one of last year earns by a repair. */
const FLOW_OLD_MS = 60 * MS_PER_24_HOURS;

/** One thing that Flow is told of, before anybody has. */
export interface FlowEventDraft {
  /** The business key: of the entry, or of the change of tier. Flow gets it too, so that a workflow can tell a repeat. */
  readonly key: string;
  readonly trigger: FlowTrigger;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly redemptionId: string | null;
  readonly occurredAtMs: number;
}

export interface ToldLedgerEntry {
  readonly kind: EntryKind;
  readonly key: string;
  readonly reasonCode: string;
  readonly redemptionId: string | null;
  readonly occurredAtMs: number;
  readonly recordedAtMs: number;
  /** When the version of the program was saved that it was decided under; null where none was asked. */
  readonly ruledAtMs: number | null;
  /** When a backup was restored; null: never. */
  readonly restoredAtMs: number | null;
  /** What was issued by it, net. */
  readonly issuedPoints: number;
  /** What it took from those that can be spent, for a reward. */
  readonly reservedPoints: number;
}

/**
 * What Flow is told of an entry; null for most. Points that a person, a file or a workflow gave are not earned: a workflow
 * that adds points when points are earned would never end.
 */
export function flowEventOfEntry(entry: ToldLedgerEntry): FlowEventDraft | null {
  const { kind, key, reasonCode, redemptionId, occurredAtMs, recordedAtMs, ruledAtMs, restoredAtMs, issuedPoints, reservedPoints } = entry;
  // Of before there was a program: earned looking back, perhaps by thousands at once, to whom nothing has happened today.
  const isBackward = ruledAtMs !== null && occurredAtMs < ruledAtMs;
  // Decided anew since, and Flow may have been told by the entry that was lost.
  const isOfBefore = restoredAtMs !== null && occurredAtMs < restoredAtMs;
  if (isBackward || isOfBefore || occurredAtMs < recordedAtMs - FLOW_OLD_MS) return null;
  if ((kind === 'order' || kind === 'grant') && issuedPoints > 0) {
    return { key, trigger: 'points-earned', facts: { points: issuedPoints, reason: reasonCode }, redemptionId: null, occurredAtMs };
  }
  if (kind === 'reserve' && redemptionId !== null) {
    return { key, trigger: 'reward-redeemed', facts: { points: reservedPoints }, redemptionId, occurredAtMs };
  }
  return null;
}

/** Tiers that were reached since the backup are reached again, at the moment of that: for so long they are not told from new ones. */
const RESTORE_QUIET_MS = MS_PER_24_HOURS;

interface TierHeld {
  readonly memberId: bigint;
  /** What Flow last heard of; null for nothing. */
  readonly toldTierId: string | null;
  /** What the member has now. */
  readonly tierId: string | null;
  readonly levels: readonly Pick<TierLevel, 'id'>[];
  /** The one by which they have it. */
  readonly change: { readonly changeNo: number; readonly effectiveAtMs: number } | null;
  /** When a backup was restored; null: never. */
  readonly restoredAtMs: number | null;
  readonly nowMs: number;
}

/** Several changes that nobody was told of are one. Whoever never heard of the member takes them to have been at the bottom. */
export function flowEventOfTier({ memberId, toldTierId, tierId, levels, change, restoredAtMs, nowMs }: TierHeld): FlowEventDraft | null {
  const before = toldTierId ?? levels[0]?.id ?? null;
  if (tierId === null || change === null || before === null || tierId === before) return null;
  if (change.effectiveAtMs < nowMs - FLOW_LATE_MS) return null;
  if (restoredAtMs !== null && change.effectiveAtMs < restoredAtMs + RESTORE_QUIET_MS) return null;
  const rank = (id: string) => levels.findIndex((level) => level.id === id);
  const direction = rank(tierId) > rank(before) ? 'up' : 'down';
  return {
    key: `tier/${memberId}/${change.changeNo}`,
    trigger: 'tier-changed',
    facts: { tierId, before, direction },
    redemptionId: null,
    occurredAtMs: change.effectiveAtMs,
  };
}

/** What an event says besides its own facts, as it is when it is told. */
export interface FlowNames {
  readonly balancePoints: number;
  readonly pendingPoints: number;
  /** Of a tier, as the program calls it now; the id of one that is no more. */
  readonly tierName: (tierId: string) => string;
  /** Of the redemption; empty for another trigger, or where there is none. */
  readonly rewardName: string;
  readonly code: string;
}

/** The fields of the extension of this trigger, by the names that merchants see. */
export function flowPayload(
  { trigger, key, facts, customerId }: Pick<FlowEventDraft, 'trigger' | 'key' | 'facts'> & { readonly customerId: bigint },
  names: FlowNames,
): Record<string, string | number> {
  const whole = { customer_id: Number(customerId), 'Points balance': names.balancePoints, 'Event ID': key };
  const text = (fact: string) => String(facts[fact] ?? '');
  switch (trigger) {
    case 'points-earned':
      return { ...whole, Points: Number(facts['points'] ?? 0), 'Points pending': names.pendingPoints, Reason: text('reason') };
    case 'reward-redeemed':
      return { ...whole, Points: Number(facts['points'] ?? 0), Reward: names.rewardName, Code: names.code };
    case 'tier-changed':
      return {
        ...whole,
        ...{ Tier: names.tierName(text('tierId')), 'Tier handle': text('tierId') },
        ...{ 'Tier before': names.tierName(text('before')), Direction: text('direction') },
      };
  }
}
