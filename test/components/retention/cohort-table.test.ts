import { describe, expect, it } from 'vitest';

import { cohortLinks } from '#app/components/customers-link.ts';
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
    const { rows, offsets, firstOffset } = cohortTableOf(cohorts, { measure: 'customers', cohorts: 24 });
    expect([firstOffset, offsets]).toEqual([1, 2]);
    expect(rows.map(({ cells }) => cells.map(({ value }) => value))).toEqual([[4, 1], [2], []]);
    expect(rows[0]?.cells[0]?.weight).toBe(0.4);
  });

  it('marks the month that is still running and leaves it out of averages and of the scale', () => {
    const { rows, averages, highest } = cohortTableOf(cohorts, { measure: 'retention', cohorts: 24 });
    expect(rows.map(({ cells }) => cells.map(({ isRunning }) => isRunning))).toEqual([[false, true], [true], []]);
    expect(averages).toEqual([0.4, null]);
    expect(highest).toBe(0.4);
  });

  it('marks nothing on the last day of a month', () => {
    const { rows } = cohortTableOf({ ...cohorts, incompletePeriod: null }, { measure: 'retention', cohorts: 24 });
    expect(rows.flatMap(({ cells }) => cells).some(({ isRunning }) => isRunning)).toBe(false);
  });

  it('shows the last months only where there are many', () => {
    const { rows, offsets } = cohortTableOf(cohorts, { measure: 'retention', cohorts: 2 });
    expect(rows.map(({ cohort }) => cohort)).toEqual(['2026-02', '2026-03']);
    expect(offsets).toBe(1);
  });

  it('is whole with every period since, where there were none with new customers as well', () => {
    const row = (cohort: string, periods: number) => ({ cohort, size: 1, active: Array.from({ length: periods }, () => 1) });
    const sparse = { rows: [row('2021-01', 60), row('2025-12', 1)], weightedCurve: [] };
    const look = (cohortsShown: number) => cohortTableOf(sparse, { measure: 'retention', cohorts: cohortsShown });
    expect([look(24), look(Infinity)].map(({ offsets, isWhole }) => [offsets, isWhole])).toEqual([[24, false], [59, true]]);
  });

  it('has no columns in a store’s first month', () => {
    const { offsets, highest } = cohortTableOf({ ...cohorts, rows: cohorts.rows.slice(2), weightedCurve: [] }, { measure: 'retention', cohorts: 24 });
    expect([offsets, highest]).toEqual([0, 0]);
  });

  it('shows revenue a customer from the first period on, with the average of the cohorts that completed it', () => {
    const rows = [
      { cohort: '2026-01', size: 10, active: [10, 4, 1], orders: [12, 4, 1], cumulativeRevenuePerCustomerMinor: [1_000, 1_400, 1_500] },
      { cohort: '2026-02', size: 30, active: [30, 2], orders: [30, 2], cumulativeRevenuePerCustomerMinor: [2_000, 2_100] },
      { cohort: '2026-03', size: 5, active: [5], orders: [5], cumulativeRevenuePerCustomerMinor: [9_000] },
    ];
    const table = cohortTableOf({ ...cohorts, rows }, { measure: 'revenue', cohorts: 24 });
    expect(table.rows.map(({ cells }) => cells.map(({ value }) => value))).toEqual([[1_000, 1_400, 1_500], [2_000, 2_100], [9_000]]);
    expect(table.averages).toEqual([1_750, 1_400, null]);
    const orders = cohortTableOf({ ...cohorts, rows }, { measure: 'orders', cohorts: 24 });
    expect(orders.averages).toEqual([42 / 40, 0.4, null]);
  });

  it('weighs rolling periods by the customers whose period has ended', () => {
    const rows = [
      { cohort: '2026-01', size: 10, eligible: [10, 8], active: [10, 4] },
      { cohort: '2026-02', size: 20, eligible: [5], active: [5] },
    ];
    const table = cohortTableOf({ rows, weightedCurve: [] }, { measure: 'retention', cohorts: 24 });
    expect(table.rows.map(({ cells }) => cells.map(({ value, isRunning }) => [value, isRunning]))).toEqual([[[0.5, false]], []]);
  });

  it('gives the highest retention the strongest shade and none the lightest', () => {
    expect([shadeOf(0.4, 0.4), shadeOf(0.2, 0.4), shadeOf(0, 0.4), shadeOf(0, 0)]).toEqual([SHADES - 1, 4, 0, 0]);
    expect(shadeOf(0.9, 0.4)).toBe(SHADES - 1);
  });
});

it('leads from a cohort that is not over to those who have begun in it so far', () => {
  const linkOf = cohortLinks({ asOf: '2026-03-10', cut: 'country:GB' });
  const queryOf = (cohort: string) => [...new URL(linkOf(cohort) ?? '', 'https://app.example').searchParams];
  expect(queryOf('2026-03')).toEqual([['asOf', '2026-03-10'], ['daysSinceFirstOrder', '0..9'], ['country', 'GB']]);
  expect(queryOf('2026-02')).toEqual([['asOf', '2026-03-10'], ['daysSinceFirstOrder', '10..37'], ['country', 'GB']]);
});
