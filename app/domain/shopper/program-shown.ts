import type { Program } from '../loyalty/program/program.ts';
import { dayOfInstant } from '../time/day-of-instant.ts';

/** What shoppers are shown of a program's state. */
export interface ProgramShown {
  readonly status: 'live' | 'paused' | 'winding-down';
  /** Of one that is being wound down. */
  readonly lastRedemptionDay: number | null;
}

/** Null for one that is off, or has been wound down. */
export function programShown({ status }: Pick<Program, 'status'>, { nowMs, timeZone }: { nowMs: number; timeZone: string }): ProgramShown | null {
  switch (status.kind) {
    case 'off':
      return null;
    case 'live':
    case 'paused':
      return { status: status.kind, lastRedemptionDay: null };
    case 'winding-down':
      return dayOfInstant(nowMs, timeZone) > status.lastRedemptionDay ? null : { status: status.kind, lastRedemptionDay: status.lastRedemptionDay };
  }
}
