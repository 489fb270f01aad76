import { formatDay } from '../../time/calendar-day.ts';
import { dayOfInstant } from '../../time/day-of-instant.ts';
import { MS_PER_24_HOURS } from '../../time/durations.ts';

/** A change with its place among its member's. */
export interface NumberedChange {
  readonly memberId: bigint;
  readonly changeNo: number;
  readonly tierId: string;
  readonly effectiveAtMs: number;
  readonly graceUntilMs: number | null;
  readonly reason: { readonly code?: unknown };
}

export interface TierNotice {
  readonly key: string;
  readonly memberId: bigint;
  readonly kind: 'tier-raised' | 'tier-falling' | 'tier-fell' | 'tier-replaced';
  readonly facts: Readonly<Record<string, string>>;
  readonly dueMs: number;
}

/** A fall is told of once it has happened, though not years later. */
const TOLD_WITHIN_MS = 7 * MS_PER_24_HOURS;

/** What a member is told when a change is decided; null where nothing is new to them. */
export function tellTierChange(change: NumberedChange, { nowMs, timeZone }: { nowMs: number; timeZone: string }): TierNotice | null {
  const { tierId, effectiveAtMs, graceUntilMs, reason } = change;
  if (reason.code === 'kept' || reason.code === 'stopped') return null;
  if (graceUntilMs === null) return noticeOf(change, reason.code === 'reached' ? 'tier-raised' : 'tier-replaced', { tierId }, nowMs);
  if (effectiveAtMs <= nowMs) return null;
  return noticeOf(change, 'tier-falling', { tierId, day: formatDay(dayOfInstant(effectiveAtMs, timeZone)) }, nowMs);
}

/** Of a fall that has taken effect and that nothing has overtaken. */
export function tellTierFallen(changes: readonly NumberedChange[], nowMs: number): TierNotice | null {
  const held = changes.findLast(({ effectiveAtMs }) => effectiveAtMs <= nowMs);
  if (held === undefined || held.graceUntilMs === null || held.effectiveAtMs < nowMs - TOLD_WITHIN_MS) return null;
  return noticeOf(held, 'tier-fell', { tierId: held.tierId }, nowMs);
}

function noticeOf({ memberId, changeNo }: NumberedChange, kind: TierNotice['kind'], facts: TierNotice['facts'], dueMs: number): TierNotice {
  return { key: `${kind}/${memberId}/${changeNo}`, memberId, kind, facts, dueMs };
}
