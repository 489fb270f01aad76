import { lowerBound } from '../retention/columns/customer-keys.ts';
import { numberAt } from '../retention/columns/number-column.ts';
import type { NumberColumn } from '../retention/columns/number-column.ts';
import { customerKeyAt } from '../retention/columns/order-columns.ts';
import type { CustomerKey } from '../retention/columns/order-columns.ts';
import { customerOfRow } from '../retention/metrics/customer-rows.ts';
import type { SegmentScope } from './segment-scope.ts';
import { SmallestEntries } from './smallest-entries.ts';

export const CUSTOMER_SORTS = ['spent', 'orders', 'lastOrder', 'firstOrder', 'predictedValue', 'pAlive'] as const;

export type CustomerSort = (typeof CUSTOMER_SORTS)[number];

export interface SortOrder {
  readonly by: CustomerSort;
  readonly isDescending: boolean;
}

/** A place in a sorted list: it stays one when customers come, go or change. */
export interface PageKey {
  readonly value: number;
  readonly customer: CustomerKey;
}

export interface PageRequest {
  readonly sort: SortOrder;
  /** The page after, or before, a place; both null for the first. */
  readonly after: PageKey | null;
  readonly before: PageKey | null;
  readonly size: number;
}

export interface PageOfCustomers {
  /** Rows of the scope, as the list shows them. */
  readonly rows: readonly number[];
  /** Members that stand before the first of these. */
  readonly precedingCount: number;
  readonly next: PageKey | null;
  readonly previous: PageKey | null;
}

/** Below all that is predicted of anybody. */
const NOT_KNOWN = -1;

/** Null where it is not known of anybody. */
export function sortColumn({ rows, predictions }: SegmentScope, sort: CustomerSort): NumberColumn | null {
  switch (sort) {
    case 'spent':
      return rows.revenueMinor;
    case 'orders':
      return rows.orders;
    case 'lastOrder':
      return rows.lastDays;
    case 'firstOrder':
      return rows.firstDays;
    case 'predictedValue':
      return predictions?.predictedClv365Minor ?? null;
    case 'pAlive':
      return predictions?.pAlive ?? null;
  }
}

/**
 * One page of the members by a column, ties by customer. It is found in one pass that keeps as many rows as a page has:
 * nothing is sorted but the page, and the hundredth costs what the first does. Beyond the end is the last page.
 *
 * Where the column is not known of anybody, customers stand in the order of their keys.
 */
export function pageOfCustomers(scope: SegmentScope, isMember: Uint8Array, request: PageRequest): PageOfCustomers {
  const { after, before, size } = request;
  const list = new SortedList(scope, isMember, request.sort);
  if (before === null) {
    const found = list.nearest({ from: after === null ? null : list.placeOf(after), isForward: true, atMost: size + 1 });
    if (found.count > 0 || after === null) return pageAfter(list, found, size);
  }
  const found = list.nearest({ from: before === null ? null : list.placeOf(before), isForward: false, atMost: size });
  if (found.count < size) return pageOfCustomers(scope, isMember, { ...request, before: null, after: null });
  const rows = found.rows.reverse();
  const precedingCount = found.count - rows.length;
  const isLast = found.count === found.total;
  return {
    rows,
    precedingCount,
    next: isLast ? null : list.keyAt(rows.at(-1)),
    previous: precedingCount === 0 ? null : list.keyAt(rows[0]),
  };
}

function pageAfter(list: SortedList, found: Nearest, size: number): PageOfCustomers {
  const rows = found.rows.slice(0, size);
  const precedingCount = found.total - found.count;
  return {
    rows,
    precedingCount,
    next: found.count > size ? list.keyAt(rows.at(-1)) : null,
    previous: precedingCount === 0 ? null : list.keyAt(rows[0]),
  };
}

/** Between two rows, or at one: the customers below it stand before it where values are the same. */
interface Place {
  /** The value with the sign of the direction. */
  readonly rank: number;
  readonly customer: number;
  /** Whether there is such a customer, who is then neither before nor after it. */
  readonly isThere: boolean;
}

interface Nearest {
  /** The nearest first. */
  readonly rows: number[];
  /** All on that side of the place. */
  readonly count: number;
  /** All. */
  readonly total: number;
}

class SortedList {
  readonly #scope: SegmentScope;
  readonly #isMember: Uint8Array;
  /** Ascending as the list is. */
  readonly #ranks: Float64Array;
  readonly #sign: number;

  constructor(scope: SegmentScope, isMember: Uint8Array, { by, isDescending }: SortOrder) {
    this.#scope = scope;
    this.#isMember = isMember;
    this.#sign = isDescending ? -1 : 1;
    const values = sortColumn(scope, by);
    this.#ranks = values === null ? new Float64Array(isMember.length) : new Float64Array(values);
    for (let row = 0; row < this.#ranks.length; row += 1) {
      const value = this.#ranks[row] ?? NaN;
      this.#ranks[row] = (Number.isNaN(value) ? NOT_KNOWN : value) * this.#sign;
    }
  }

  keyAt(row: number | undefined): PageKey | null {
    if (row === undefined) return null;
    const { columns, rows } = this.#scope;
    // Adding zero makes the minus zero of a negated zero an ordinary one.
    return { value: numberAt(this.#ranks, row) * this.#sign + 0, customer: customerKeyAt(columns, customerOfRow(rows, row)) };
  }

  placeOf({ value, customer }: PageKey): Place {
    const { customerKeys } = this.#scope.columns;
    const at = lowerBound(customerKeys, customer);
    return { rank: value * this.#sign, customer: at, isThere: customerKeys[at] === customer };
  }

  /** @param from null for the beginning or, backward, the end */
  nearest({ from, isForward, atMost }: { from: Place | null; isForward: boolean; atMost: number }): Nearest {
    const { rows } = this.#scope;
    const [isMember, ranks] = [this.#isMember, this.#ranks];
    const kept = new SmallestEntries(atMost);
    const sign = isForward ? 1 : -1;
    const { rank: fromRank, customer: fromCustomer } = from ?? { rank: -Infinity * sign, customer: 0 };
    // With the sign: the last customer, on that side, who is not beyond the place.
    const lastNotBeyond = isForward ? (from?.isThere === true ? fromCustomer : fromCustomer - 1) : -fromCustomer;
    let count = 0;
    let total = 0;
    for (let row = 0; row < isMember.length; row += 1) {
      if (isMember[row] !== 1) continue;
      total += 1;
      const rank = ranks[row] ?? NaN;
      const ahead = (rank - fromRank) * sign;
      if (ahead < 0 || (ahead === 0 && customerOfRow(rows, row) * sign <= lastNotBeyond)) continue;
      count += 1;
      kept.offer(rank * sign, row * sign);
    }
    return { rows: kept.ascending().map(Math.abs), count, total };
  }
}
