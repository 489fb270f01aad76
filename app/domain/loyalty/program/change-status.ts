import type { Result } from '../../result.ts';
import type { Program } from './program.ts';

/** What a merchant does to the program as a whole. */
export type StatusChange =
  | { readonly to: 'live' }
  | { readonly to: 'paused' }
  /** `lastRedemptionDay`: calendar day of the shop. */
  | { readonly to: 'winding-down'; readonly lastRedemptionDay: number };

export type StatusRefusal = { readonly reason: 'not-from-here' } | { readonly reason: 'last-day-out-of-range' };

/** Calendar days that members keep for spending what they have. */
export const WIND_DOWN_DAYS = { least: 14, usual: 60, most: 365 } as const;

/**
 * The program after it. One that goes live from nothing, or again after it was being wound down, earns from orders placed
 * from now on; a pause leaves that as it was, so that orders on their way before it still earn.
 */
export function changeStatus(
  program: Program,
  change: StatusChange,
  { nowMs, today }: { nowMs: number; today: number },
): Result<Program, StatusRefusal> {
  const { kind } = program.status;
  switch (change.to) {
    case 'live': {
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
      if (!Number.isSafeInteger(days) || days < WIND_DOWN_DAYS.least || days > WIND_DOWN_DAYS.most) {
        return { ok: false, reason: 'last-day-out-of-range' };
      }
      return { ok: true, value: { ...program, status: { kind: 'winding-down', lastRedemptionDay: change.lastRedemptionDay } } };
    }
  }
}
