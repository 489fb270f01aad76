import { dayOfInstant } from '../../time/day-of-instant.ts';
import type { Program } from './program.ts';
import type { ProgramVersion } from './version-in-force.ts';

/** Calendar days of the shop that members are left after a change by which points could end sooner. */
const NOTICE_DAYS = 30;

/**
 * The first day on which any points may end. Whenever another rule begins to run, be it a shorter time, or the same as
 * before a pause, nobody loses points to it for 30 days: what it would have ended by then ends on the last of them. So it
 * is where the program begins to look back at orders of before it, whose points are new however old the orders are.
 *
 * @param versions the oldest first
 * @returns -Infinity while one rule has always run, Infinity while none runs
 */
export function earliestExpiryDay(versions: readonly ProgramVersion[], timeZone: string): number {
  const rules = versions.map(({ program }) => runningRule(program));
  const newest = rules.at(-1);
  if (newest === undefined || newest === null) return Infinity;
  const begins = versions[rules.findLastIndex((rule) => rule !== newest) + 1];
  const lastBegins = [begins === versions[0] ? undefined : begins, versions.findLast(looksFurtherBack)].flatMap((version) => version?.savedAtMs ?? []);
  return lastBegins.length === 0 ? -Infinity : dayOfInstant(Math.max(...lastBegins), timeZone) + NOTICE_DAYS;
}

function looksFurtherBack({ program, savedAtMs }: ProgramVersion, index: number, versions: readonly ProgramVersion[]): boolean {
  const before = versions[index - 1]?.program;
  const reachedMs = before === undefined || before.status.kind === 'off' ? savedAtMs : before.earning.earnsFromMs;
  return program.status.kind === 'live' && program.earning.earnsFromMs < Math.min(savedAtMs, reachedMs);
}

/** Null while nothing expires by the program's state. */
function runningRule({ status, expiry }: Program): string | null {
  if (status.kind === 'paused' || status.kind === 'off') return null;
  return expiry.kind === 'never' ? 'never' : `${expiry.kind} ${expiry.months}`;
}
