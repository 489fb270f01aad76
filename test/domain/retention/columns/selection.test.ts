import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { everyone, intersect, selectByFirstOrder } from '#app/domain/retention/columns/selection.ts';
import type { Selection } from '#app/domain/retention/columns/selection.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import type { RetentionReport } from '#app/domain/retention/report/report.ts';
import { ANY_ORDERS, AS_OF_DAYS, ZONES } from '../any-orders.ts';
import { anOrder, columnsOf, dayNamed, NONE_EXCLUDED, reportOn } from '../order-rows.ts';

const COUNTRIES = ['DE', 'FR', null];

/** The rows of customers whose first row has the country, and of guests whose own has it. */
function rowsOfCountry(rows: readonly OrderRow[], country: string | null): OrderRow[] {
  const firstOf = new Map<unknown, OrderRow>();
  for (const row of [...rows].sort((a, b) => a.processedAtMs - b.processedAtMs || a.orderId - b.orderId)) {
    if (!firstOf.has(row.customerKey)) firstOf.set(row.customerKey, row);
  }
  return rows.filter((row) => (row.customerKey === null ? row : firstOf.get(row.customerKey))?.country === country);
}

describe('a selection', () => {
  it('has the report that its customers and guests would have as a shop of their own', () => {
    const inputs = fc.tuple(ANY_ORDERS, fc.constantFrom(...ZONES), fc.constantFrom(...AS_OF_DAYS));
    fc.assert(
      fc.property(inputs, fc.constantFrom(...COUNTRIES), ([rows, timeZone, asOf], country) => {
        const columns = columnsOf(rows, { timeZone });
        const selection = selectByFirstOrder(columns, { dimension: 'country', value: country });
        const report = computeRetentionReport(columns, { asOfDay: dayNamed(asOf), excluded: NONE_EXCLUDED, selection });
        expect(report).toEqual(reportOn(rowsOfCountry(rows, country), asOf, { timeZone }));
      }),
      { numRuns: 200 },
    );
  });

  it('is a part of a cut whose parts add up to the whole', () => {
    fc.assert(
      fc.property(ANY_ORDERS, fc.constantFrom(...AS_OF_DAYS), (rows, asOf) => {
        const columns = columnsOf(rows);
        const options = { asOfDay: dayNamed(asOf), excluded: NONE_EXCLUDED };
        const parts = COUNTRIES.map((value) => selectByFirstOrder(columns, { dimension: 'country', value }));
        const reports = parts.map((selection) => computeRetentionReport(columns, { ...options, selection }));
        const whole = computeRetentionReport(columns, options);
        for (const count of COUNTS) expect(reports.reduce((sum, part) => sum + count(part), 0)).toBe(count(whole));
        expect(parts.flatMap(({ customers }) => [...customers]).sort((a, b) => a - b)).toEqual([
          ...everyone(columns).customers,
        ]);
      }),
    );
  });

  it('goes by the first order, whatever the later ones say', () => {
    const columns = columnsOf([
      anOrder({ customerKey: 1, at: '2024-01-01T00:00:00Z', country: 'DE' }),
      anOrder({ customerKey: 1, at: '2024-02-01T00:00:00Z', country: 'FR' }),
      anOrder({ customerKey: 2, at: '2024-01-01T00:00:00Z', country: 'FR' }),
      anOrder({ customerKey: null, at: '2024-01-01T00:00:00Z', country: 'FR' }),
      anOrder({ customerKey: 3, at: '2024-01-01T00:00:00Z' }),
    ]);
    const indexesOf = (value: string | null) => lists(selectByFirstOrder(columns, { dimension: 'country', value }));
    expect(indexesOf('DE')).toEqual([[0], []]);
    expect(indexesOf('FR')).toEqual([[1], [4]]);
    expect(indexesOf(null)).toEqual([[2], []]);
    expect(indexesOf('US')).toEqual([[], []]);
  });

  it('of two selections is of those who are in both', () => {
    const lists = fc.uniqueArray(fc.nat(30)).map((indexes) => indexes.sort((a, b) => a - b));
    fc.assert(
      fc.property(lists, lists, lists, lists, (a, b, c, d) => {
        const both = intersect(selectionOf(a, b), selectionOf(c, d));
        expect([...both.customers]).toEqual(a.filter((index) => c.includes(index)));
        expect([...both.guestOrders]).toEqual(b.filter((index) => d.includes(index)));
      }),
    );
  });
});

const COUNTS: ((report: RetentionReport) => number)[] = [
  ({ inputs }) => inputs.orders,
  ({ inputs }) => inputs.guests,
  ({ overall }) => overall.customers,
  ({ overall }) => overall.repeatCustomers,
  ({ overall }) => overall.revenueMinor,
  ({ trailing365 }) => trailing365.customers,
  ({ trailing365 }) => trailing365.orders,
  ({ maturedRepeatRate }) => maturedRepeatRate['90'].eligible,
  ({ maturedRepeatRate }) => maturedRepeatRate['90'].repeated,
  ({ daysBetweenOrders }) => daysBetweenOrders.n,
  ({ cohorts }) => cohorts.rows.flatMap(({ orders }) => orders).reduce((sum, orders) => sum + orders, 0),
  ({ cohorts }) => cohorts.rows.reduce((sum, { size }) => sum + size, 0),
  ({ lifecycle }) => lifecycle.stages.building,
];

function selectionOf(customers: number[], guestOrders: number[]): Selection {
  return { customers: Uint32Array.from(customers), guestOrders: Uint32Array.from(guestOrders) };
}

function lists({ customers, guestOrders }: Selection): number[][] {
  return [[...customers], [...guestOrders]];
}
