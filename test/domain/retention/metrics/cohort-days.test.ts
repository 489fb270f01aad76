import { describe, expect, it } from 'vitest';

import { daysOfCohort } from '#app/domain/retention/metrics/cohort-days.ts';
import { CALENDARS } from '#app/domain/retention/metrics/calendar-periods.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';

describe('the days of a cohort', () => {
  it.each([
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2026-Q1', '2026-01-01', '2026-03-31'],
    ['2026-Q4', '2026-10-01', '2026-12-31'],
    // ISO 8601: 2020 had 53 weeks, and its last one ended in 2021.
    ['2020-W53', '2020-12-28', '2021-01-03'],
    ['2021-W01', '2021-01-04', '2021-01-10'],
  ])('of %s are %s to %s', (cohort, first, last) => {
    const days = daysOfCohort(cohort);
    expect([formatDay(days?.firstDay ?? NaN), formatDay(days?.lastDay ?? NaN)]).toEqual([first, last]);
  });

  it('are those that have its name, in each kind of period', () => {
    for (const period of ['month', 'quarter', 'week'] as const) {
      const { format, periodOfDay } = CALENDARS[period];
      for (let day = 14_000; day < 20_000; day += 1) {
        const days = daysOfCohort(format(periodOfDay(day)));
        expect(days !== null && days.firstDay <= day && day <= days.lastDay).toBe(true);
      }
    }
  });

  it('are none of what is no cohort', () => {
    expect([daysOfCohort('2026'), daysOfCohort('2026-Q5'), daysOfCohort('')]).toEqual([null, null, null]);
  });
});
