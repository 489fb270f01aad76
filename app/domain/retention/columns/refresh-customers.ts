import { mergeColumn } from './column-room.ts';
import type { ColumnRoom } from './column-room.ts';
import { compareKeys, keyColumn } from './customer-keys.ts';
import { customerOfOrder } from './find-first.ts';
import { mergeOffsets } from './merge-offsets.ts';
import { mergeList, placesAfter, planMerge } from './merge-plan.ts';
import type { MergePlan } from './merge-plan.ts';
import type { CustomerKey, CustomerKeys, OrderColumns } from './order-columns.ts';
import type { PlacedChanges } from './place-changes.ts';
import type { PlacedRow } from './place-rows.ts';

export interface RefreshedCustomers {
  readonly customerKeys: CustomerKeys;
  readonly customerOffsets: Uint32Array;
  /** New indexes of the customers of whom an order went and who have others, ascending. */
  readonly shrunk: readonly number[];
}

interface NewCustomer {
  readonly key: CustomerKey;
  /** The old index of the customer that it comes before. */
  readonly before: number;
  orders: number;
}

export function refreshCustomers(columns: OrderColumns, { isInPlace, dropped, inserted }: PlacedChanges, room: ColumnRoom): RefreshedCustomers {
  const { customerCount, customerKeys, customerOffsets } = columns;
  if (isInPlace) return { customerKeys, customerOffsets, shrunk: [] };
  const losers = dropped.map((order) => customerOfOrder(customerOffsets, order)).filter((customer) => customer < customerCount);
  const growthOf = growthByCustomer(losers, inserted, customerCount);
  const newcomers = newCustomers(inserted);
  const leavers = [...new Set(losers)].filter(
    (customer) => (customerOffsets[customer + 1] ?? NaN) - (customerOffsets[customer] ?? NaN) + (growthOf.get(customer) ?? 0) === 0,
  );
  const plan = planMerge({ oldLength: customerCount, dropped: leavers, insertedBefore: newcomers.map(({ before }) => before) });
  const left = new Set(leavers);
  return {
    customerKeys: mergeKeys(plan, { from: customerKeys, inserted: newcomers.map(({ key }) => key), room }),
    customerOffsets: mergeOffsets(customerOffsets, { plan, growthOf, arriving: newcomers.map(({ orders }) => orders), room }),
    shrunk: placesAfter(plan, [...new Set(losers)].filter((customer) => !left.has(customer))),
  };
}

/** By how many orders each customer that was there grows or shrinks; guests are nobody. */
function growthByCustomer(losers: readonly number[], inserted: readonly PlacedRow[], customerCount: number): Map<number, number> {
  const growthOf = new Map<number, number>();
  const add = (customer: number, growth: number) => growthOf.set(customer, (growthOf.get(customer) ?? 0) + growth);
  for (const customer of losers) add(customer, -1);
  for (const { customer, isOfNewCustomer } of inserted) if (!isOfNewCustomer && customer < customerCount) add(customer, 1);
  return growthOf;
}

function newCustomers(inserted: readonly PlacedRow[]): NewCustomer[] {
  const newcomers: NewCustomer[] = [];
  for (const { row, customer, isOfNewCustomer } of inserted) {
    if (!isOfNewCustomer || row.customerKey === null) continue;
    const last = newcomers.at(-1);
    if (last !== undefined && compareKeys(last.key, row.customerKey) === 0) last.orders += 1;
    else newcomers.push({ key: row.customerKey, before: customer, orders: 1 });
  }
  return newcomers;
}

interface MergedKeys {
  from: CustomerKeys;
  inserted: readonly CustomerKey[];
  room: ColumnRoom;
}

function mergeKeys(plan: MergePlan, { from, inserted, room }: MergedKeys): CustomerKeys {
  if (plan.length === from.length && inserted.length === 0) return from;
  const numbers = inserted.filter((key) => typeof key === 'number');
  if (from instanceof Float64Array && numbers.length === inserted.length) return mergeColumn(plan, { kind: Float64Array, from, inserted: numbers, room });
  return keyColumn(mergeList<CustomerKey>(plan, { from: from instanceof Float64Array ? [...from] : from, inserted }));
}
