import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import { customerOfRow } from '#app/domain/retention/metrics/customer-rows.ts';
import { CUSTOMER_SORTS, pageOfCustomers, sortColumn } from '#app/domain/segments/page-of-customers.ts';
import type { PageKey, PageOfCustomers, SortOrder } from '#app/domain/segments/page-of-customers.ts';
import type { SegmentScope } from '#app/domain/segments/segment-scope.ts';
import { ALL_CUSTOMERS } from '#app/domain/segments/segment.ts';
import { selectMembers } from '#app/domain/segments/select-members.ts';
import { anOrder } from '../retention/order-rows.ts';
import { ANY_SEGMENT, ANY_SHOP, segmentScopeOf } from './any-segment-scope.ts';

const ANY_SORT: fc.Arbitrary<SortOrder> = fc.record({ by: fc.constantFrom(...CUSTOMER_SORTS), isDescending: fc.boolean() });

const keyOf = ({ columns, rows }: SegmentScope, row: number) => Number(customerKeyAt(columns, customerOfRow(rows, row)));

/** All members as objects, sorted by value and then by customer. */
function naiveList(scope: SegmentScope, isMember: Uint8Array, { by, isDescending }: SortOrder): number[] {
  const values = sortColumn(scope, by);
  return [...isMember.keys()]
    .filter((row) => isMember[row] === 1)
    .map((row) => ({ key: keyOf(scope, row), value: values?.[row] ?? 0 }))
    .toSorted((a, b) => (isDescending ? b.value - a.value : a.value - b.value) || a.key - b.key)
    .map(({ key }) => key);
}

describe('pages of customers', () => {
  it('are the sorted list cut in pieces, forward by next and backward by previous', () => {
    fc.assert(
      fc.property(ANY_SHOP, ANY_SEGMENT, ANY_SORT, fc.integer({ min: 1, max: 4 }), ({ orders, asOfDay }, segment, sort, size) => {
        const scope = segmentScopeOf(orders, asOfDay);
        const { isMember } = selectMembers(scope, segment);
        const list = naiveList(scope, isMember, sort);
        const turn = (keys: { after?: PageKey; before?: PageKey }) =>
          pageOfCustomers(scope, isMember, { sort, after: keys.after ?? null, before: keys.before ?? null, size });
        const pages: PageOfCustomers[] = [turn({})];
        for (let last = pages[0]; last?.next; pages.push(last)) last = turn({ after: last.next });
        expect(pages.flatMap(({ rows }) => rows.map((row) => keyOf(scope, row)))).toEqual(list);
        for (const [index, page] of pages.entries()) {
          expect(page.precedingCount).toBe(index * size);
          if (page.previous === null) expect(index).toBe(0);
          else expect(turn({ before: page.previous })).toEqual(pages[index - 1]);
        }
      }),
      { numRuns: 300 },
    );
  });

  const BEFORE = [[1, 500], [2, 400], [3, 300], [4, 200], [5, 100]] as const; // prettier-ignore
  const scopeOfSpent = (spent: readonly (readonly [number, number])[]) =>
    segmentScopeOf(spent.map(([customerKey, valueMinor]) => anOrder({ customerKey, valueMinor, at: '2024-01-10T00:00:00Z' })), '2024-03-01');
  const spentPage = (scope: SegmentScope, keys: { after?: PageKey | null; before?: PageKey | null }) => {
    const { isMember } = selectMembers(scope, ALL_CUSTOMERS);
    const sort: SortOrder = { by: 'spent', isDescending: true };
    const page = pageOfCustomers(scope, isMember, { sort, after: null, before: null, size: 2, ...keys });
    return { ...page, keys: page.rows.map((row) => keyOf(scope, row)) };
  };

  it('show nobody twice and leave nobody out when customers come and go between two pages', () => {
    const first = spentPage(scopeOfSpent(BEFORE), {});
    expect([first.keys, first.next]).toEqual([[1, 2], { value: 400, customer: 2 }]);
    const changed = scopeOfSpent([[-7, 900], [1, 500], [3, 300], [4, 200], [5, 100]]); // prettier-ignore
    expect(spentPage(changed, { after: first.next }).keys).toEqual([3, 4]);
  });

  it('go on with the next of the same value when the customer at whom they ended is gone', () => {
    const scope = scopeOfSpent([[1, 300], [3, 300], [5, 100]]); // prettier-ignore
    expect(spentPage(scope, { after: { value: 300, customer: 2 } }).keys).toEqual([3, 5]);
    expect(spentPage(scope, { after: { value: 300, customer: 1 } }).keys).toEqual([3, 5]);
  });

  it('have of whom nothing is predicted below those of whom nothing is expected', () => {
    const known = scopeOfSpent([[1, 500], [2, 400], [3, 300]]); // prettier-ignore
    const predictions = known.predictions && { ...known.predictions, pAlive: Float64Array.of(NaN, 0, 0.5) };
    const scope = { ...known, predictions };
    const { isMember } = selectMembers(scope, ALL_CUSTOMERS);
    const page = pageOfCustomers(scope, isMember, { sort: { by: 'pAlive', isDescending: true }, after: null, before: null, size: 3 });
    expect(page.rows.map((row) => keyOf(scope, row))).toEqual([3, 2, 1]);
  });

  it('beyond the end are the last one, and before the beginning the first', () => {
    const scope = scopeOfSpent(BEFORE);
    expect(spentPage(scope, { after: { value: 1, customer: 9 } })).toMatchObject({ keys: [4, 5], precedingCount: 3, next: null });
    expect(spentPage(scope, { before: { value: 450, customer: 9 } })).toMatchObject({ keys: [1, 2], precedingCount: 0, previous: null });
  });

  it('stand in the order of customers where nothing is known to sort by', () => {
    const orders = BEFORE.map(([customerKey]) => anOrder({ customerKey, at: '2024-01-10T00:00:00Z' }));
    const scope = segmentScopeOf(orders, '2024-03-01', { predictions: false, lines: false, tiers: false });
    const { isMember } = selectMembers(scope, ALL_CUSTOMERS);
    const page = pageOfCustomers(scope, isMember, { sort: { by: 'pAlive', isDescending: true }, after: null, before: null, size: 3 });
    expect(page.rows.map((row) => keyOf(scope, row))).toEqual([1, 2, 3]);
    expect(page.next).toEqual({ value: 0, customer: 3 });
  });
});
