import { describe, expect, it } from 'vitest';
import { cohortsCompleteOn } from '#app/domain/retention/metrics/cohorts-complete-on.ts';

const MONTHS = [{ cohort: '2026-09', size: 20 }, { cohort: '2026-10', size: 12 }];

describe('when enough customers have completed a period', () => {
  it.each([
    ['month', MONTHS, 30, '2027-01-01'],
    ['month', MONTHS, 20, '2026-12-01'],
    ['quarter', [{ cohort: '2026-Q3', size: 30 }], 30, '2027-04-01'],
    ['week', [{ cohort: '2026-W45', size: 30 }], 30, '2026-11-23'],
    // Who began on the last day of October has completed three times thirty days on 29 January.
    ['rolling30Days', MONTHS, 30, '2027-01-30'],
  ] as const)('is told of cohorts by %s', (period, rows, customers, day) => {
    expect(cohortsCompleteOn({ rows, period, offset: 2, customers })).toBe(day);
  });

  it('is not told where there are not so many customers', () => {
    expect(cohortsCompleteOn({ rows: MONTHS, period: 'month', offset: 2, customers: 33 })).toBeNull();
  });
});
