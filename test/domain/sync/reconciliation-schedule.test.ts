import { describe, expect, it } from 'vitest';

import { nextNightlyMs, nightlyScope, RECENT_MS, visibleFromMs, windowFromMs } from '#app/domain/sync/reconciliation-schedule.ts';

const at = (text: string) => Date.parse(text);
const clock = (text: string, shopId = 0, timeZone = 'Europe/Berlin') => ({ nowMs: at(text), timeZone, shopId });

describe('the nightly comparison', () => {
  it.each([
    ['2026-11-22T00:30:00Z', '2026-11-22T02:00:00Z'],
    ['2026-11-22T02:00:00Z', '2026-11-23T02:00:00Z'],
    ['2026-11-22T12:00:00Z', '2026-11-23T02:00:00Z'],
    // The clocks went back that night: three hours after midnight is two o'clock for the second time.
    ['2026-10-24T12:00:00Z', '2026-10-25T01:00:00Z'],
  ])('asked for at %s is due at three in the morning at the shop, %s', (now, due) => {
    expect(new Date(nextNightlyMs(clock(now))).toISOString()).toBe(new Date(due).toISOString());
  });

  it('of each shop has a minute of its own within two hours', () => {
    const minutes = Array.from({ length: 120 }, (_, shopId) => (nextNightlyMs(clock('2026-11-22T12:00:00Z', shopId)) - at('2026-11-23T02:00:00Z')) / 60_000);
    expect(new Set(minutes).size).toBe(120);
    expect([Math.min(...minutes), Math.max(...minutes)]).toEqual([0, 119]);
  });

  it('looks at everything once a week, on another day for the next shop', () => {
    const week = (shopId: number) =>
      Array.from({ length: 7 }, (_, day) => nightlyScope(clock(`2026-11-${16 + day}T02:00:00Z`, shopId))).indexOf('all');
    for (const shopId of [0, 1, 2, 6]) {
      const scopes = Array.from({ length: 14 }, (_, day) => nightlyScope(clock(`2026-11-${10 + day}T02:00:00Z`, shopId)));
      expect(scopes.filter((scope) => scope === 'all')).toHaveLength(2);
    }
    expect(week(1)).not.toBe(week(2));
  });
});

describe('what is compared', () => {
  const nowMs = at('2026-11-22T02:00:00Z');

  it('is the last sixty days, or all since the comparison before when that is longer ago', () => {
    expect(windowFromMs('recent', { nowMs, lastAsOfMs: at('2026-11-21T02:00:00Z') })).toBe(nowMs - RECENT_MS);
    expect(windowFromMs('recent', { nowMs, lastAsOfMs: at('2026-07-01T02:00:00Z') })).toBe(at('2026-07-01T02:00:00Z'));
  });

  it('is everything the first time, and when everything is asked for', () => {
    expect(windowFromMs('recent', { nowMs, lastAsOfMs: null })).toBeNull();
    expect(windowFromMs('all', { nowMs, lastAsOfMs: nowMs })).toBeNull();
  });

  it('leaves a day between what we are shown and what counts as gone', () => {
    expect(visibleFromMs(null, nowMs)).toBeNull();
    expect(visibleFromMs(60, nowMs)).toBe(at('2026-09-24T02:00:00Z'));
  });
});
