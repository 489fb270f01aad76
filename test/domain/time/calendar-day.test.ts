import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  dateOfDay,
  dayOfDate,
  firstDayOfMonth,
  formatDay,
  formatMonth,
  isLastDayOfMonth,
  monthOfDay,
  parseDay,
} from '#app/domain/time/calendar-day.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';

const EPOCH = Temporal.PlainDate.from('1970-01-01');
const ANY_DAY = fc.integer({ min: -500_000, max: 500_000 });

describe('calendar days', () => {
  it.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2000-02-29', 11_016],
    ['2024-02-29', 19_782],
    ['2024-03-01', 19_783],
    ['0001-01-01', -719_162],
  ])('numbers %s as %i', (text, day) => {
    expect(parseDay(text)).toBe(day);
    expect(formatDay(day)).toBe(text);
  });

  it.each(['2023-02-29', '1900-02-29', '2024-13-01', '2024-00-10', '2024-04-31', '2024-1-1', '', '2024-01-01T00:00'])(
    'knows no day %j',
    (text) => {
      expect(parseDay(text)).toBeNull();
    },
  );

  it('agrees with Temporal on every date, both ways', () => {
    fc.assert(
      fc.property(ANY_DAY, (day) => {
        const { year, month, day: dayOfMonth } = EPOCH.add({ days: day });
        expect(dateOfDay(day)).toEqual({ year, month, dayOfMonth });
        expect(dayOfDate({ year, month, dayOfMonth })).toBe(day);
      }),
    );
  });

  it('puts each day between the first of its month and the first of the next', () => {
    fc.assert(
      fc.property(ANY_DAY, (day) => {
        const month = monthOfDay(day);
        expect(firstDayOfMonth(month)).toBeLessThanOrEqual(day);
        expect(firstDayOfMonth(month + 1)).toBeGreaterThan(day);
        expect(isLastDayOfMonth(day)).toBe(firstDayOfMonth(month + 1) === day + 1);
      }),
    );
  });

  it('names months', () => {
    expect(['2011-12-31', '2012-01-01'].map((text) => formatMonth(monthOfDay(parseDay(text) ?? 0)))).toEqual([
      '2011-12',
      '2012-01',
    ]);
  });

  it('writes an instant as Temporal does', () => {
    expect(formatInstant(Date.UTC(2011, 11, 9, 12, 50))).toBe('2011-12-09T12:50:00Z');
    fc.assert(
      fc.property(fc.integer({ min: -60_000_000_000_000, max: 60_000_000_000_000 }), (epochMs) => {
        const text = formatInstant(epochMs);
        expect(Temporal.Instant.from(text).epochMilliseconds).toBe(epochMs);
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
      }),
    );
  });
});
