import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant, dayOfInstantIn, instantOfClock, startOfDay, UnknownTimeZoneError } from '#app/domain/time/day-of-instant.ts';

const ZONES = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Asia/Kolkata',
  'Pacific/Kiritimati',
  'America/St_Johns',
  'UTC',
];
const ANY_INSTANT = fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2036, 0) });

function dayByTemporal(epochMs: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** Every instant at which the zone changed its clocks, in the years under test. */
function clockChangesOf(timeZone: string): number[] {
  const changes: number[] = [];
  let at = Temporal.Instant.from('2005-01-01T00:00:00Z').toZonedDateTimeISO(timeZone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.year > 2035) return changes;
    changes.push(next.epochMilliseconds);
    at = next;
  }
}

describe('the calendar day of an instant', () => {
  it.each(ZONES)('agrees with Temporal at random instants of 2005 to 2035 in %s', (timeZone) => {
    const dayOf = dayOfInstantIn(timeZone);
    fc.assert(
      fc.property(ANY_INSTANT, (epochMs) => {
        expect(formatDay(dayOf(epochMs))).toBe(dayByTemporal(epochMs, timeZone));
      }),
      { numRuns: 300 },
    );
  });

  it.each(ZONES)('agrees with Temporal around every change of clocks and the midnights beside it in %s', (timeZone) => {
    const hours = [-25, -24, -2, -1, 0, 1, 2, 23, 24, 25];
    const instants = clockChangesOf(timeZone).flatMap((changeMs) =>
      hours.flatMap((hour) => [-1, 0, 1].map((ms) => changeMs + hour * 3_600_000 + ms)),
    );
    const wrong = instants.filter((ms) => formatDay(dayOfInstant(ms, timeZone)) !== dayByTemporal(ms, timeZone));
    expect(wrong).toEqual([]);
  });

  it('gives the same day whatever was asked before', () => {
    const dayOf = dayOfInstantIn('Europe/Berlin');
    const early = Date.UTC(2020, 0, 1, 23, 30);
    const before = dayOf(early);
    dayOf(Date.UTC(2031, 5, 1));
    expect(dayOf(early)).toBe(before);
    expect(formatDay(before)).toBe('2020-01-02');
  });

  it('refuses a zone that is none, and an instant that is none', () => {
    expect(() => dayOfInstant(0, 'Mars/Olympus')).toThrow(UnknownTimeZoneError);
    expect(() => dayOfInstant(NaN, 'UTC')).toThrow(RangeError);
    expect(() => dayOfInstant(1e300, 'UTC')).toThrow(RangeError);
  });
});

describe('the start of a day', () => {
  it.each([
    ['America/New_York', '2024-03-10', '2024-03-10T05:00:00Z'],
    ['America/New_York', '2024-03-11', '2024-03-11T04:00:00Z'],
    ['Asia/Kathmandu', '2024-07-01', '2024-06-30T18:15:00Z'],
    ['America/Santiago', '2023-09-03', '2023-09-03T04:00:00Z'],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00Z'],
    ['America/Toronto', '1919-03-31', '1919-03-31T04:30:00Z'],
    ['America/St_Johns', '2010-11-07', '2010-11-07T02:30:00Z'],
  ])('in %s on %s is %s', (timeZone, day, instant) => {
    expect(startOfDay(parseDay(day) ?? NaN, timeZone)).toBe(Date.parse(instant));
  });

  it.each(ZONES)('agrees with Temporal on random days and beside every change of clocks in %s', (timeZone) => {
    const beside = clockChangesOf(timeZone).flatMap((ms) => [ms - 86_400_000, ms, ms + 86_400_000]);
    const instants = [...beside, ...fc.sample(ANY_INSTANT, { numRuns: 200, seed: 5 })];
    const wrong = instants.map((ms) => dayByTemporal(ms, timeZone)).filter((text) => {
      const expected = Temporal.PlainDate.from(text).toZonedDateTime(timeZone).epochMilliseconds;
      return startOfDay(parseDay(text) ?? NaN, timeZone) !== expected;
    });
    expect(wrong).toEqual([]);
  });
});

describe('the instant of a time on the clock', () => {
  it('is that of Temporal in every zone, also around changes of the clock', () => {
    const changes = ZONES.map((timeZone) => ({ timeZone, instants: clockChangesOf(timeZone) }));
    const nearChanges = changes.flatMap(({ timeZone, instants }) => instants.flatMap((at) => [-5400, -1, 0, 1800, 5400].map((by) => ({ timeZone, near: at + by * 1000 }))));
    for (const { timeZone, near } of nearChanges) {
      const clock = Temporal.Instant.fromEpochMilliseconds(near).toZonedDateTimeISO(timeZone).toPlainDateTime();
      for (const shifted of [clock, clock.add({ minutes: 45 }), clock.subtract({ minutes: 45 })]) {
        const clockMs = shifted.toZonedDateTime('UTC').epochMilliseconds;
        const expected = shifted.toZonedDateTime(timeZone).epochMilliseconds;
        expect([timeZone, String(shifted), instantOfClock(clockMs, timeZone)]).toEqual([timeZone, String(shifted), expected]);
      }
    }
  });
});
