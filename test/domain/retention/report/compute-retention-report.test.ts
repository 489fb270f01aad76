import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeBasics } from '#app/domain/retention/metrics/basics.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { windowOfDays } from '#app/domain/retention/columns/time-window.ts';
import { ANY_ORDERS, AS_OF_DAYS, ZONES } from '../any-orders.ts';
import { expectSameNumbers } from '../close-to.ts';
import { naiveReport } from '../naive-report.ts';
import { anOrder, columnsOf, dayNamed, NONE_EXCLUDED, reportOn } from '../order-rows.ts';

describe('the retention report', () => {
  it('agrees with the definitions written down a second time, on any orders in any zone', () => {
    fc.assert(
      fc.property(ANY_ORDERS, fc.constantFrom(...ZONES), fc.constantFrom(...AS_OF_DAYS), (rows, timeZone, asOf) => {
        const report = reportOn(rows, asOf, { timeZone });
        const naive = naiveReport(rows, asOf, timeZone);
        expectSameNumbers(Object.fromEntries(Object.entries(report).filter(([key]) => key in naive)), naive);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same whatever order the rows come in', () => {
    const shuffled = ANY_ORDERS.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    fc.assert(
      fc.property(shuffled, ([rows, permuted]) => {
        expect(columnsOf(permuted)).toEqual(columnsOf(rows));
        expect(reportOn(permuted, '2012-03-15')).toEqual(reportOn(rows, '2012-03-15'));
      }),
    );
  });

  it.each(['JPY', 'KWD'])('has the same numbers in minor units of %s, which are not hundredths', (currency) => {
    fc.assert(
      fc.property(ANY_ORDERS, (rows) => {
        expect(reportOn(rows, '2012-03-15', { currency })).toEqual({ ...reportOn(rows, '2012-03-15'), currency });
      }),
      { numRuns: 30 },
    );
  });

  it('adds up over the parts of a split window', () => {
    const splits = fc.tuple(ANY_ORDERS, fc.integer({ min: 0, max: 800 }), fc.constantFrom(...ZONES));
    fc.assert(
      fc.property(splits, ([rows, days, timeZone]) => {
        const columns = columnsOf(rows, { timeZone });
        const [start, end] = [dayNamed('2009-12-01'), dayNamed('2012-12-01')];
        const middle = start + days;
        const whole = computeBasics(columns, everyone(columns), windowOfDays(start, end, timeZone));
        const early = computeBasics(columns, everyone(columns), windowOfDays(start, middle, timeZone));
        const late = computeBasics(columns, everyone(columns), windowOfDays(middle, end, timeZone));
        for (const key of ['orders', 'guestOrders', 'revenueMinor'] as const) {
          expect(early[key] + late[key]).toBe(whole[key]);
        }
        expect(early.customers + late.customers).toBeGreaterThanOrEqual(whole.customers);
      }),
    );
  });

  it('starts every cohort with all its customers and accounts for every order of a customer', () => {
    fc.assert(
      fc.property(ANY_ORDERS, (rows) => {
        const { cohorts, overall } = reportOn(rows, '2012-12-31');
        expect(cohorts.rows.map((row) => row.active[0])).toEqual(cohorts.rows.map((row) => row.size));
        expect(cohorts.weightedCurve[0]?.retention ?? 1).toBe(1);
        const orders = cohorts.rows.flatMap((row) => row.orders).reduce((total, count) => total + count, 0);
        expect(orders).toBe(overall.orders - overall.guestOrders);
      }),
    );
  });

  it('has counts of zero and no rates for a shop without orders', () => {
    const report = reportOn([], '2024-02-29');
    expect(report.overall).toEqual({
      customers: 0,
      orders: 0,
      guestOrders: 0,
      repeatCustomers: 0,
      repeatPurchaseRate: null,
      purchaseFrequency: null,
      revenueMinor: 0,
      aovMinor: null,
      customerValueMinor: null,
      repeatOrderShare: null,
      repeatRevenueShare: null,
    });
    expect(report.inputs).toMatchObject({ orders: 0, counted: 0, firstOrderAt: null, lastOrderAt: null });
    expect(report.cohorts).toMatchObject({ rows: [], weightedCurve: [] });
    expect(report.rfm.breaks).toEqual({ r: [], f: [], m: [] });
    expect(report.simpleClv).toEqual({ lifespanYears: 3, clvMinor: null, observedLifespanDays: null });
    expect(report.daysBetweenOrders).toMatchObject({ n: 0, median: null, mean: null });
    expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/);
  });

  it('knows one customer with one order', () => {
    const report = reportOn([anOrder({ at: '2024-02-29T12:00:00Z', valueMinor: 4999 })], '2024-02-29');
    expect(report.overall).toMatchObject({ customers: 1, repeatPurchaseRate: 0, purchaseFrequency: 1, aovMinor: 4999 });
    expect(report.cohorts).toEqual({
      period: 'month',
      incompletePeriod: null,
      rows: [
        {
          cohort: '2024-02',
          size: 1,
          active: [1],
          orders: [1],
          revenueMinor: [4999],
          cumulativeRevenuePerCustomerMinor: [4999],
        },
      ],
      weightedCurve: [{ offset: 0, customers: 1, active: 1, retention: 1 }],
    });
    expect(report.inputs.firstOrderAt).toBe('2024-02-29T12:00:00Z');
    expect(report.lifecycle).toMatchObject({ basis: 'fixedRule', states: { active: 1, lapsed: 0 } });
  });

  it('gives the simple CLV of the definition: 75 x 2 x 3 = 450', () => {
    const rows = ['2024-01-10', '2024-06-10'].map((day) => anOrder({ at: `${day}T10:00:00Z`, valueMinor: 7500 }));
    expect(reportOn(rows, '2024-06-30').simpleClv).toEqual({
      lifespanYears: 3,
      clvMinor: 45000,
      observedLifespanDays: 152,
    });
  });

  it('accounts for every order it was given, and leaves out those after the as-of day', () => {
    const rows = [
      anOrder({ at: '2024-05-01T00:00:00Z' }),
      anOrder({ at: '2024-05-31T23:59:59Z', customerKey: null }),
      anOrder({ at: '2024-06-01T00:00:00Z' }),
    ];
    const excluded = { ...NONE_EXCLUDED, test: 2, cancelled: 3 };
    const { inputs } = computeRetentionReport(columnsOf(rows), { asOfDay: dayNamed('2024-05-31'), excluded });
    expect(inputs).toEqual({
      orders: 8,
      counted: 2,
      afterAsOf: 1,
      excluded,
      guests: 1,
      firstOrderAt: '2024-05-01T00:00:00Z',
      lastOrderAt: '2024-05-31T23:59:59Z',
    });
  });

  it('counts prospects into their group and into nothing else', () => {
    const rows = [anOrder({ at: '2024-05-01T00:00:00Z' })];
    const options = { asOfDay: dayNamed('2024-05-31'), excluded: NONE_EXCLUDED };
    const without = computeRetentionReport(columnsOf(rows), options);
    const withProspects = computeRetentionReport(columnsOf(rows), { ...options, prospects: 7 });
    expect(withProspects.rfm.groups).toEqual({ ...without.rfm.groups, PROSPECTS: 7 });
    expect(withProspects.overall).toEqual(without.overall);
  });
});
