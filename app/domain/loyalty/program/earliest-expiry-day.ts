import { dayOfInstant } from '../../time/day-of-instant.ts';
import type { Program } from './program.ts';
import type { ProgramVersion } from './version-in-force.ts';

/** Calendar days of the shop that members are left after a change by which points could end sooner. */
const NOTICE_DAYS = 30;

/**
 * The first day on which any points may end. Whenever another rule begins to run, be it a shorter time, or the same as
 * before a pause, nobody loses points to it for 30 days: what it would have ended by then ends on the last of them.
 *
 * @param versions the oldest first
 * @returns -Infinity while one rule has always run, Infinity while none runs
 */
export function earliestExpiryDay(versions: readonly ProgramVersion[], timeZone: string): number {
  const rules = versions.map(({ program }) => runningRule(program));
  const newest = rules.at(-1);
  if (newest === undefined || newest === null) return Infinity;
  const begins = versions[rules.findLastIndex((rule) => rule !== newest) + 1];
  if (begins === undefined || begins === versions[0]) return -Infinity;
  return dayOfInstant(begins.savedAtMs, timeZone) + NOTICE_DAYS;
}

/** Null while nothing expires by the program's state. */
function runningRule({ status, expiry }: Program): string | null {
  if (status.kind === 'paused' || status.kind === 'off') return null;
  return expiry.kind === 'never' ? 'never' : `${expiry.kind} ${expiry.months}`;
}
