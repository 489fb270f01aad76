import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { computeCustomerRows, customerOfRow } from '#app/domain/retention/metrics/customer-rows.ts';
import { RfmAgreementTally } from '#app/domain/retention/metrics/rfm-agreement.ts';
import type { RfmAgreement } from '#app/domain/retention/metrics/rfm-agreement.ts';
import { RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import { ANY_ORDERS, AS_OF_DAYS } from '../any-orders.ts';
import { anOrder, columnsOf, dayNamed } from '../order-rows.ts';

type Columns = ReturnType<typeof columnsOf>;

/** Our group of each customer who has ordered, by their number. */
function oursOf(columns: Columns, asOf: string): Map<number | string, string> {
  const rows = rowsOf(columns, asOf);
  return new Map(
    Array.from(rows.groups, (code, row) => [customerKeyAt(columns, customerOfRow(rows, row)), RFM_GROUPS[code] ?? '']),
  );
}

const rowsOf = (columns: Columns, asOf: string) => computeCustomerRows(columns, everyone(columns), asOfDayIn('UTC', dayNamed(asOf)));

function compare(columns: Columns, asOf: string, theirs: Iterable<readonly [number, string]>): RfmAgreement {
  const tally = new RfmAgreementTally(columns, rowsOf(columns, asOf));
  for (const [customer, group] of theirs) tally.take(customer, group);
  return tally.result();
}

describe('the agreement with Shopify', () => {
  const columns = columnsOf([
    anOrder({ customerKey: 1, at: '2026-01-01T10:00:00Z' }),
    anOrder({ customerKey: 2, at: '2026-05-01T10:00:00Z' }),
    anOrder({ customerKey: 4, at: '2026-06-01T10:00:00Z', valueMinor: 9_000 }),
    anOrder({ customerKey: 5, at: '2026-06-20T10:00:00Z' }),
    anOrder({ customerKey: null, at: '2026-06-21T10:00:00Z' }),
  ]);
  const asOf = '2026-06-10';

  it('counts each pair of groups, and those that are one', () => {
    const ours = oursOf(columns, asOf);
    const agreement = compare(columns, asOf, [[1, ours.get(1) ?? ''], [2, 'SUPER_FANS'], [4, ours.get(4) ?? '']]);
    expect(agreement).toMatchObject({ customers: 3, agreeing: 2, share: 2 / 3 });
    expect(agreement.pairs).toContainEqual({ ours: ours.get(2), theirs: 'SUPER_FANS', customers: 1 });
    expect(agreement.pairs.reduce((sum, { customers }) => sum + customers, 0)).toBe(3);
  });

  it('leaves out who has not ordered by then, who is not known here, and who has no group there', () => {
    expect(compare(columns, asOf, [[0, 'NEW'], [2, 'NEW'], [3, 'NEW'], [5, 'NEW'], [99, 'PROSPECTS']])).toMatchObject({ customers: 1 });
    expect(compare(columns, asOf, [])).toEqual({ customers: 0, agreeing: 0, share: null, pairs: [] });
  });

  it('is whole when Shopify says what we say, and nothing when it says something else of everybody', () => {
    fc.assert(
      fc.property(ANY_ORDERS, fc.constantFrom(...AS_OF_DAYS), (orders, day) => {
        const some = columnsOf(orders);
        const ours = [...oursOf(some, day)].flatMap(([key, group]) => (typeof key === 'number' ? [[key, group] as const] : []));
        expect(compare(some, day, ours)).toMatchObject({ customers: ours.length, agreeing: ours.length });
        expect(compare(some, day, ours.map(([key]) => [key, 'OTHER'] as const))).toMatchObject({ customers: ours.length, agreeing: 0 });
      }),
    );
  });
});
