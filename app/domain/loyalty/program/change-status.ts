import type { Result } from '../../result.ts';
import { dayOfInstant, startOfDay } from '../../time/day-of-instant.ts';
import type { Program } from './program.ts';

/** What a merchant does to the program as a whole. */
export type StatusChange =
  /** `sinceDay`: calendar day of the shop from which past orders earn as well. */
  | { readonly to: 'live'; readonly sinceDay?: number }
  | { readonly to: 'paused' }
  /** `lastRedemptionDay`: calendar day of the shop. */
  | { readonly to: 'winding-down'; readonly lastRedemptionDay: number };

export type StatusRefusal = { readonly reason: 'not-from-here' | 'last-day-out-of-range' | 'since-day-out-of-range' };

/** Day 0 is 1 January 1970, before which no store sold anything online; a program keeps its instants above 0. */
const FIRST_DAY = 1;

/** Calendar days that members keep for spending what they have: `leastToSpend` once the last of it can be spent. */
export const WIND_DOWN_DAYS = { leastToSpend: 14, usual: 60, most: 365 } as const;

/** Points of today's orders wait for their return window, and must not end with it. */
export function windDownDays({ earning: { pendingDays } }: Pick<Program, 'earning'>): { least: number; usual: number; most: number } {
  const { leastToSpend, usual, most } = WIND_DOWN_DAYS;
  const least = pendingDays + leastToSpend;
  return { least, usual: Math.max(usual, least), most };
}

/**
 * The program after it. One that goes live from nothing, or again after it was being wound down, earns from orders placed
 * from now on; a pause leaves that as it was, so that orders on their way before it still earn. One that goes live from
 * nothing, or is live, may look back at orders of before it: ever further, and never less far, since points that were given
 * stay.
 */
export function changeStatus(
  program: Program,
  change: StatusChange,
  { nowMs, timeZone }: { nowMs: number; timeZone: string },
): Result<Program, StatusRefusal> {
  const { kind } = program.status;
  const today = dayOfInstant(nowMs, timeZone);
  switch (change.to) {
    case 'live': {
      if (change.sinceDay !== undefined) return lookBack(program, change.sinceDay, { nowMs, timeZone });
      if (kind === 'live') return { ok: true, value: program };
      const earnsFromMs = kind === 'paused' ? program.earning.earnsFromMs : nowMs;
      return { ok: true, value: { ...program, status: { kind: 'live' }, earning: { ...program.earning, earnsFromMs } } };
    }
    case 'paused':
      if (kind !== 'live' && kind !== 'paused') return { ok: false, reason: 'not-from-here' };
      return { ok: true, value: { ...program, status: { kind: 'paused' } } };
    case 'winding-down': {
      if (kind === 'off') return { ok: false, reason: 'not-from-here' };
      const days = change.lastRedemptionDay - today;
      const { least, most } = windDownDays(program);
      if (!Number.isSafeInteger(days) || days < least || days > most) {
        return { ok: false, reason: 'last-day-out-of-range' };
      }
      return { ok: true, value: { ...program, status: { kind: 'winding-down', lastRedemptionDay: change.lastRedemptionDay } } };
    }
  }
}

function lookBack(program: Program, sinceDay: number, { nowMs, timeZone }: { nowMs: number; timeZone: string }): Result<Program, StatusRefusal> {
  const { status, earning } = program;
  if (status.kind !== 'off' && status.kind !== 'live') return { ok: false, reason: 'not-from-here' };
  const fromMs = Number.isSafeInteger(sinceDay) && sinceDay > FIRST_DAY ? startOfDay(sinceDay, timeZone) : Infinity;
  if (fromMs >= (status.kind === 'live' ? earning.earnsFromMs : nowMs)) return { ok: false, reason: 'since-day-out-of-range' };
  return { ok: true, value: { ...program, status: { kind: 'live' }, earning: { ...earning, earnsFromMs: fromMs } } };
}
