import { describe, expect, it } from 'vitest';

import type { Program, Tiers } from '#app/domain/loyalty/program/program.ts';
import type { TierFact } from '#app/domain/loyalty/tiers/derive-tier-basis.ts';
import { deriveTierProgress } from '#app/domain/shopper/tier-progress.ts';
import { dayOfDate } from '#app/domain/time/calendar-day.ts';
import { MS_PER_24_HOURS } from '#app/domain/time/durations.ts';

const NOW_MS = Date.UTC(2026, 5, 15, 12);
const level = (id: string, threshold: number) => ({ id, name: id, threshold, factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null });
const TIERS: Tiers = { basis: 'points', window: 'rolling-year', graceDays: 30, levels: [level('low', 0), level('mid', 300), level('high', 1000)] };
const fact = (points: number, daysAgo: number): TierFact => ({ atMs: NOW_MS - daysAgo * MS_PER_24_HOURS, spendMinor: 0, points, orders: 1 });
const change = (tierId: string, effectiveAtMs = NOW_MS - 1) => ({ tierId, effectiveAtMs, graceUntilMs: null, reason: {} });
const live: Program['status'] = { kind: 'live' };

function progressOf(input: { tiers?: Tiers | null; status?: Program['status']; changes?: ReturnType<typeof change>[]; facts?: TierFact[] }) {
  const { tiers = TIERS, status = live, changes = [], facts = [] } = input;
  return deriveTierProgress({ program: { tiers, status }, changes, facts, nowMs: NOW_MS, timeZone: 'Europe/Berlin' });
}

describe('the way to the next tier', () => {
  it('is none where there are no tiers', () => {
    expect(progressOf({ tiers: null })).toBeNull();
    expect(progressOf({ tiers: { ...TIERS, levels: [] } })).toBeNull();
  });

  it('is whole for whoever did nothing yet', () => {
    expect(progressOf({})).toMatchObject({ level: { id: 'low' }, keptUntilDay: null, next: { level: { id: 'mid' }, missing: 300, progressBasisPoints: 0 } });
  });

  it('is what is missing of it, and no more than all once it is reached and nobody has come to say so', () => {
    expect(progressOf({ facts: [fact(100, 3)] })).toMatchObject({ next: { missing: 200, progressBasisPoints: 3333 } });
    expect(progressOf({ facts: [fact(900, 3)] })).toMatchObject({ level: { id: 'low' }, next: { missing: 0, progressBasisPoints: 10_000 } });
    expect(progressOf({ facts: [fact(-50, 3)] })).toMatchObject({ next: { missing: 300, progressBasisPoints: 0 } });
  });

  it('ends at the top, which is kept until what reached it leaves the window', () => {
    const top = progressOf({ changes: [change('high')], facts: [fact(400, 100), fact(700, 10)] });
    expect(top).toMatchObject({ level: { id: 'high' }, next: null });
    // The 400 of 7 March count for 365 days with their own: on 6 March 2027 for the last time.
    expect(top?.keptUntilDay).toBe(dayOfDate({ year: 2027, month: 3, dayOfMonth: 6 }));
  });

  it('is certain to no day while the program does not run, and of a lifetime for good', () => {
    const facts = [fact(1100, 10)];
    expect(progressOf({ status: { kind: 'paused' }, changes: [change('high')], facts })).toMatchObject({ keptUntilDay: null });
    expect(progressOf({ tiers: { ...TIERS, window: 'lifetime' }, changes: [change('high')], facts })).toMatchObject({ keptUntilDay: null });
  });
});
