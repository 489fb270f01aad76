import { describe, expect, it } from 'vitest';

import { cohortTableOf, shadeOf, SHADES } from '#app/components/retention/cohort-table.ts';
import type { CohortsShown } from '#app/components/retention/cohort-table.ts';

const cohorts: CohortsShown = {
  incompletePeriod: '2026-03',
  rows: [
    { cohort: '2026-01', size: 10, active: [10, 4, 1] },
    { cohort: '2026-02', size: 20, active: [20, 2] },
    { cohort: '2026-03', size: 5, active: [5] },
  ],
  weightedCurve: [
    { offset: 0, customers: 30, active: 30, retention: 1 },
    { offset: 1, customers: 10, active: 4, retention: 0.4 },
  ],
};

describe('the table of cohorts', () => {
  it('begins with the month after the first order', () => {
    const { rows, offsets } = cohortTableOf(cohorts, 24);
    expect(offsets).toBe(2);
    expect(rows.map(({ cells }) => cells.map(({ active }) => active))).toEqual([[4, 1], [2], []]);
    expect(rows[0]?.cells[0]?.retention).toBe(0.4);
  });

  it('marks the month that is still running and leaves it out of averages and of the scale', () => {
    const { rows, averages, highest } = cohortTableOf(cohorts, 24);
    expect(rows.map(({ cells }) => cells.map(({ isRunning }) => isRunning))).toEqual([[false, true], [true], []]);
    expect(averages).toEqual([0.4, null]);
    expect(highest).toBe(0.4);
  });

  it('marks nothing on the last day of a month', () => {
    const { rows } = cohortTableOf({ ...cohorts, incompletePeriod: null }, 24);
    expect(rows.flatMap(({ cells }) => cells).some(({ isRunning }) => isRunning)).toBe(false);
  });

  it('shows the last months only where there are many', () => {
    const { rows, offsets } = cohortTableOf(cohorts, 2);
    expect(rows.map(({ cohort }) => cohort)).toEqual(['2026-02', '2026-03']);
    expect(offsets).toBe(1);
  });

  it('has no columns in a store’s first month', () => {
    const { offsets, highest } = cohortTableOf({ ...cohorts, rows: cohorts.rows.slice(2), weightedCurve: [] }, 24);
    expect([offsets, highest]).toEqual([0, 0]);
  });

  it('gives the highest retention the strongest shade and none the lightest', () => {
    expect([shadeOf(0.4, 0.4), shadeOf(0.2, 0.4), shadeOf(0, 0.4), shadeOf(0, 0)]).toEqual([SHADES - 1, 4, 0, 0]);
    expect(shadeOf(0.9, 0.4)).toBe(SHADES - 1);
  });
});
