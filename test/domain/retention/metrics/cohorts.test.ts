import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { computeCohorts } from '#app/domain/retention/metrics/cohorts.ts';
import { computeRollingCohorts } from '#app/domain/retention/metrics/rolling-cohorts.ts';
import type { CalendarPeriod, Cohorts, RollingCohorts } from '#app/domain/retention/report/report.ts';
import { ANY_ORDERS, AS_OF_DAYS, ZONES } from '../any-orders.ts';
import { expectSameNumbers } from '../close-to.ts';
import { naiveCohortsOf, naiveRollingCohorts } from '../naive-report.ts';
import { anOrder, columnsOf, dayNamed } from '../order-rows.ts';

function cohortsOf<Period extends CalendarPeriod>(
  rows: readonly OrderRow[],
  { period, asOf, timeZone = 'UTC' }: { period: Period; asOf: string; timeZone?: string },
): Cohorts<Period> {
  const columns = columnsOf(rows, { timeZone });
  return computeCohorts(columns, everyone(columns), asOfDayIn(timeZone, dayNamed(asOf)), period);
}

function rollingOf(rows: readonly OrderRow[], asOf: string, timeZone = 'UTC'): RollingCohorts {
  const columns = columnsOf(rows, { timeZone });
  return computeRollingCohorts(columns, everyone(columns), asOfDayIn(timeZone, dayNamed(asOf)));
}

function ordersAt(customerKey: number, ...instants: string[]): OrderRow[] {
  return instants.map((at) => anOrder({ customerKey, at }));
}

describe('cohorts', () => {
  it.each(['month', 'week', 'quarter'] as const)('by %s agree with the definition written down a second time', (period) => {
    fc.assert(
      fc.property(ANY_ORDERS, fc.constantFrom(...ZONES), fc.constantFrom(...AS_OF_DAYS), (rows, timeZone, asOf) => {
        expectSameNumbers(cohortsOf(rows, { period, asOf, timeZone }), naiveCohortsOf(rows, asOf, timeZone, period));
      }),
      { numRuns: 40 },
    );
  });

  it('of weeks begin on Monday and bear the year of their Thursday', () => {
    const rows = [
      ...ordersAt(1, '2024-12-29T12:00:00Z'),
      ...ordersAt(2, '2024-12-30T12:00:00Z', '2025-01-06T12:00:00Z'),
      ...ordersAt(3, '2027-01-03T12:00:00Z'),
    ];
    const { incompletePeriod, rows: cohorts } = cohortsOf(rows, { period: 'week', asOf: '2027-01-04' });
    expect(cohorts.map(({ cohort, active }) => [cohort, active.slice(0, 2)])).toEqual([
      ['2024-W52', [1, 0]],
      ['2025-W01', [1, 1]],
      ['2026-W53', [1, 0]],
    ]);
    expect(incompletePeriod).toBe('2027-W01');
    expect(cohortsOf(rows, { period: 'week', asOf: '2027-01-03' }).incompletePeriod).toBeNull();
  });

  it('of quarters hold three months, and are over on the last day', () => {
    const rows = ordersAt(1, '2024-02-29T12:00:00Z', '2024-03-31T12:00:00Z', '2024-04-01T12:00:00Z');
    const running = cohortsOf(rows, { period: 'quarter', asOf: '2024-06-29' });
    expect(running).toMatchObject({ incompletePeriod: '2024-Q2', rows: [{ cohort: '2024-Q1', orders: [2, 1] }] });
    expect(running.weightedCurve).toHaveLength(1);
    expect(cohortsOf(rows, { period: 'quarter', asOf: '2024-06-30' }).weightedCurve).toHaveLength(2);
  });

  it('tell what a customer of the cohort has brought by each age', () => {
    const rows = [...ordersAt(1, '2024-01-05T00:00:00Z', '2024-03-05T00:00:00Z'), ...ordersAt(2, '2024-01-06T00:00:00Z')];
    const [row] = cohortsOf(rows, { period: 'month', asOf: '2024-04-30' }).rows;
    expect(row?.cumulativeRevenuePerCustomerMinor).toEqual([1000, 1000, 1500, 1500]);
  });
});

describe('rolling cohorts', () => {
  it('agree with the definition written down a second time', () => {
    fc.assert(
      fc.property(ANY_ORDERS, fc.constantFrom(...ZONES), fc.constantFrom(...AS_OF_DAYS), (rows, timeZone, asOf) => {
        expectSameNumbers(rollingOf(rows, asOf, timeZone), naiveRollingCohorts(rows, asOf, timeZone));
      }),
      { numRuns: 100 },
    );
  });

  it('follow each customer from their own first order, and only through periods that have ended', () => {
    const rows = [
      ...ordersAt(1, '2024-01-01T00:00:00Z', '2024-01-30T23:59:59Z', '2024-03-20T00:00:00Z'),
      ...ordersAt(2, '2024-01-30T00:00:00Z', '2024-03-01T00:00:00Z', '2024-03-30T00:00:00Z'),
    ];
    // The first has lived 90 days, the second 61: the order after 60 days is in a period that has not ended.
    expect(rollingOf(rows, '2024-03-30')).toEqual({
      period: 'rolling30Days',
      rows: [
        {
          cohort: '2024-01',
          size: 2,
          eligible: [2, 2, 1],
          active: [2, 1, 1],
          orders: [3, 1, 1],
          revenueMinor: [3000, 1000, 1000],
          cumulativeRevenuePerCustomerMinor: [1500, 2000, 3000],
        },
      ],
      weightedCurve: [
        { offset: 0, customers: 2, active: 2, retention: 1 },
        { offset: 1, customers: 2, active: 1, retention: 0.5 },
        { offset: 2, customers: 1, active: 1, retention: 1 },
      ],
    });
  });

  it('count a customer without a whole period in the size of the cohort and nowhere else', () => {
    const { rows, weightedCurve } = rollingOf(ordersAt(1, '2024-03-20T00:00:00Z'), '2024-03-30');
    expect(rows).toMatchObject([{ cohort: '2024-03', size: 1, eligible: [], active: [] }]);
    expect(weightedCurve).toEqual([]);
  });
});
