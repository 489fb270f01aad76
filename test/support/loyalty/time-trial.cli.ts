/** Lets points mature and expire around every odd day of some zones, and prints what came of it: `from-year to-year`. */
import { createHash } from 'node:crypto';

import { deriveDueMs } from '#app/domain/loyalty/ledger/derive-due.ts';
import type { EntryDraft } from '#app/domain/loyalty/ledger/entry.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
import { planAward } from '#app/domain/loyalty/ledger/plan-award.ts';
import { planExpiry, planMaturities } from '#app/domain/loyalty/ledger/plan-passing-of-time.ts';
import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { Expiry, Program } from '#app/domain/loyalty/program/program.ts';
import { ReviewedTierPath } from '#app/domain/loyalty/tiers/tier-path.ts';
import { dateOfDay, dayAfterMonths, dayOfDate, formatDay, isLastDayOfMonth, parseDay } from '#app/domain/time/calendar-day.ts';
import { startOfDay } from '#app/domain/time/day-of-instant.ts';
import { LedgerUnderTest } from '#test/domain/loyalty/ledger/ledger-under-test.ts';

const ZONES = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Casablanca', 'Asia/Kathmandu', 'Pacific/Apia'];
const [FIRST_YEAR = 2020, LAST_YEAR = 2035] = process.argv.slice(2).map(Number);
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MONTHS = 6;

const faults: string[] = [];
const digest = createHash('sha256');
const counts = { transitions: 0, lots: 0, ticks: 0, falls: 0 };

/** What a clock on the shop's wall would show, by Intl alone and none of the app's code. */
class WallClock {
  readonly #day: Intl.DateTimeFormat;
  readonly #offset: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    this.#day = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    this.#offset = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  }

  dateAt(atMs: number): string {
    return this.#day.format(atMs);
  }

  /** Whether the instant is the first of the day. */
  begins(day: string, atMs: number): boolean {
    return this.dateAt(atMs) === day && this.dateAt(atMs - 1) < day;
  }

  transitionDays(): string[] {
    const days = [];
    let before = '';
    for (let atMs = Date.UTC(FIRST_YEAR, 0, 1); atMs < Date.UTC(LAST_YEAR + 1, 0, 1); atMs += DAY_MS / 2) {
      const offset = this.#offset.format(atMs).split(' ').at(-1) ?? '';
      if (before !== '' && offset !== before) days.push(this.dateAt(atMs));
      before = offset;
    }
    return days;
  }
}

function oddDays(clock: WallClock): number[] {
  const days = new Set<number>();
  for (const text of clock.transitionDays()) {
    counts.transitions += 1;
    const day = parseDay(text) ?? NaN;
    for (const offset of [-2, -1, 0, 1, 2]) days.add(day + offset);
  }
  const end = dayOfDate({ year: LAST_YEAR, month: 12, dayOfMonth: 31 });
  for (let day = dayOfDate({ year: FIRST_YEAR, month: 1, dayOfMonth: 1 }); day <= end; day += 1) {
    const { month, dayOfMonth } = dateOfDay(day);
    if (isLastDayOfMonth(day) || dayOfMonth === 1 || (month === 2 && dayOfMonth >= 27)) days.add(day);
  }
  return [...days].sort((a, b) => a - b);
}

/** The day from which so many months lead to another; some days follow none. */
function dayBefore(day: number): number | null {
  for (let candidate = day - 31 * MONTHS; candidate < day - 28 * MONTHS; candidate += 1) {
    if (dayAfterMonths(candidate, MONTHS) === day) return candidate;
  }
  return null;
}

interface Trial {
  readonly clock: WallClock;
  readonly timeZone: string;
  readonly kind: 'age' | 'inactivity';
  readonly pendingDays: number;
  readonly day: number;
}

/** Clocks that go as they should, jump an hour either way, and step back by five seconds. */
function ticksAround(atMs: number): number[] {
  return [-3 * DAY_MS, -HOUR_MS, -1, -5000, -1, 0, -5000, -HOUR_MS, 0, HOUR_MS, 0, 2 * DAY_MS].map((offset) => atMs + offset);
}

function tryLot({ clock, timeZone, kind, pendingDays, day }: Trial): void {
  const begun = dayBefore(day);
  if (begun === null) return;
  counts.lots += 1;
  const expiry: Expiry = { kind, months: MONTHS, noticeDays: [30, 7] };
  const usual = defaultProgram({ currency: 'EUR', unitMinor: 100 });
  const program: Program = { ...usual, expiry, earning: { ...usual.earning, pendingDays } };
  // By inactivity it counts from the order, by age from the day on which the points could be spent.
  const orderDay = kind === 'age' && pendingDays > 0 ? begun - pendingDays - 1 : begun;
  // The last instant of the day, which is on it by any clock.
  const orderedAtMs = startOfDay(orderDay + 1, timeZone) - 1;
  const terms = lotTermsOf({ program, occasionMs: orderedAtMs, orderId: 1n, timeZone });
  const name = `${timeZone} ${formatDay(day)} ${kind} ${pendingDays}`;
  const member = new LedgerUnderTest(new Set());
  const award = { targetPoints: 100, givenPoints: 0, entriesSoFar: 0, subject: { kind: 'order', orderId: 1n } } as const;
  member.append(planAward(member.ledger, { ...award, terms, programVersion: 1, occurredAtMs: orderedAtMs, nowMs: orderedAtMs, reason: { code: 'order-earned' } }));
  const rules = { expiry, lastActivityMs: orderedAtMs, timeZone };
  const midnightMs = startOfDay(day, timeZone);
  if (!clock.begins(formatDay(day), midnightMs)) faults.push(`${name}: ${new Date(midnightMs).toISOString()} is not midnight`);
  const matures = formatDay(orderDay + pendingDays + 1);
  if (pendingDays > 0 && !clock.begins(matures, terms.maturesAtMs)) faults.push(`${name}: matures at ${new Date(terms.maturesAtMs).toISOString()}`);
  let latestMs = -Infinity;
  const expired: EntryDraft[] = [];
  for (const nowMs of [...ticksAround(terms.maturesAtMs), ...ticksAround(midnightMs)]) {
    counts.ticks += 1;
    latestMs = Math.max(latestMs, nowMs);
    const dueMs = deriveDueMs(member.ledger, rules, nowMs);
    if (dueMs !== null && dueMs <= nowMs) {
      member.append(planMaturities(member.ledger, { memberId: 1n, nowMs }));
      const over = planExpiry(member.ledger, { memberId: 1n, ...rules, nowMs });
      if (over !== null) expired.push(over);
      member.append(over);
    }
    const { points, pendingPoints } = member.balance();
    const isOver = latestMs >= midnightMs;
    const isMature = latestMs >= terms.maturesAtMs;
    const wanted = isOver ? [0, 0] : isMature || pendingDays === 0 ? [100, 0] : [0, 100];
    if (points !== wanted[0] || pendingPoints !== wanted[1]) faults.push(`${name}: ${points} and ${pendingPoints} at ${new Date(nowMs).toISOString()}`);
  }
  if (expired.length !== 1 || expired[0]?.occurredAtMs !== midnightMs) faults.push(`${name}: expired ${expired.length} times`);
  digest.update(`${name} ${terms.maturesAtMs} ${terms.expiresOn} ${midnightMs} ${expired.map(({ key, occurredAtMs }) => `${key}@${occurredAtMs}`).join()}\n`);
}

/** A tier that was reached a year and thirty days before is lost at the first instant of the day. */
function tryTier(clock: WallClock, timeZone: string, day: number): void {
  counts.falls += 1;
  const path = new ReviewedTierPath(defaultProgram({ currency: 'EUR', unitMinor: 100 }), timeZone);
  const atMs = startOfDay(day - 365 - 30 + 1, timeZone) - 1;
  path.note({ atMs, spendMinor: 0, points: 5000, orders: 1 });
  const midnightMs = startOfDay(day, timeZone);
  const levels = [midnightMs - 1, midnightMs].map((nowMs) => path.levelAt(nowMs)?.id);
  const effectiveAtMs = path.changes.at(-1)?.effectiveAtMs ?? NaN;
  const isRight = levels.join() === 'gold,bronze' && clock.begins(formatDay(day), effectiveAtMs);
  if (!isRight) faults.push(`${timeZone} ${formatDay(day)}: ${levels.join()}, fell at ${new Date(effectiveAtMs).toISOString()}`);
  digest.update(`${timeZone} ${day} ${effectiveAtMs}\n`);
}

for (const timeZone of ZONES) {
  const clock = new WallClock(timeZone);
  for (const day of oddDays(clock)) {
    for (const kind of ['age', 'inactivity'] as const) {
      for (const pendingDays of [0, 14]) tryLot({ clock, timeZone, kind, pendingDays, day });
    }
    tryTier(clock, timeZone, day);
  }
}
process.stdout.write(JSON.stringify({ ...counts, faults: faults.length, samples: faults.slice(0, 5), digest: digest.digest('hex') }));
