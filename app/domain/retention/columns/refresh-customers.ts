import { compareKeys, keyColumn } from './customer-keys.ts';
import { merge, mergeList, planMerge } from './merge-plan.ts';
import type { MergePlan } from './merge-plan.ts';
import type { CustomerKey, CustomerKeys, OrderColumns } from './order-columns.ts';
import { firstWhere } from './place-rows.ts';
import type { PlacedRow } from './place-rows.ts';

export interface RefreshedCustomers {
  readonly customerKeys: CustomerKeys;
  readonly customerOffsets: Uint32Array;
  /** New indexes of the customers whose orders are not what they were, ascending. */
  readonly changed: readonly number[];
}

interface NewCustomer {
  readonly key: CustomerKey;
  /** The old index of the customer that it comes before. */
  readonly before: number;
  orders: number;
}

/** @param dropped indexes of orders that go, ascending */
export function refreshCustomers(
  columns: OrderColumns,
  dropped: readonly number[],
  placed: readonly PlacedRow[],
): RefreshedCustomers {
  const { customerCount, customerOffsets } = columns;
  const growthOf = growthByCustomer(columns, dropped, placed);
  const newcomers = newCustomers(placed);
  const leavers: number[] = [];
  for (const [customer, growth] of growthOf) {
    if ((customerOffsets[customer + 1] ?? NaN) - (customerOffsets[customer] ?? NaN) + growth === 0) leavers.push(customer);
  }
  leavers.sort((a, b) => a - b);
  const plan = planMerge({
    oldLength: customerCount,
    dropped: leavers,
    insertedBefore: newcomers.map(({ before }) => before),
  });
  return {
    customerKeys: mergeKeys(plan, columns.customerKeys, newcomers.map(({ key }) => key)),
    ...mergeOffsets(plan, customerOffsets, { growthOf, newcomers }),
  };
}

/** By how many orders each customer that was there grows or shrinks; guests are nobody. */
function growthByCustomer(
  { customerCount, customerOffsets }: OrderColumns,
  dropped: readonly number[],
  placed: readonly PlacedRow[],
): Map<number, number> {
  const growthOf = new Map<number, number>();
  const add = (customer: number, growth: number): void => {
    if (customer < customerCount) growthOf.set(customer, (growthOf.get(customer) ?? 0) + growth);
  };
  for (const order of dropped) {
    add(firstWhere(0, customerCount, (customer) => (customerOffsets[customer + 1] ?? NaN) > order), -1);
  }
  for (const { customer, isOfNewCustomer } of placed) if (!isOfNewCustomer) add(customer, 1);
  return growthOf;
}

function newCustomers(placed: readonly PlacedRow[]): NewCustomer[] {
  const newcomers: NewCustomer[] = [];
  for (const { row, customer, isOfNewCustomer } of placed) {
    if (!isOfNewCustomer || row.customerKey === null) continue;
    const last = newcomers.at(-1);
    if (last !== undefined && compareKeys(last.key, row.customerKey) === 0) last.orders += 1;
    else newcomers.push({ key: row.customerKey, before: customer, orders: 1 });
  }
  return newcomers;
}

function mergeKeys(plan: MergePlan, from: CustomerKeys, inserted: readonly CustomerKey[]): CustomerKeys {
  const numbers = inserted.filter((key) => typeof key === 'number');
  if (from instanceof Float64Array && numbers.length === inserted.length) {
    return merge(plan, { from, inserted: numbers, into: new Float64Array(plan.length) });
  }
  return keyColumn(mergeList<CustomerKey>(plan, { from: from instanceof Float64Array ? [...from] : from, inserted }));
}

function mergeOffsets(
  { length, blockStarts, blockEnds, insertEnds }: MergePlan,
  from: Uint32Array,
  { growthOf, newcomers }: { growthOf: ReadonlyMap<number, number>; newcomers: readonly NewCustomer[] },
): Pick<RefreshedCustomers, 'customerOffsets' | 'changed'> {
  const customerOffsets = new Uint32Array(length + 1);
  const changed: number[] = [];
  const grown = [...growthOf.keys()].sort((a, b) => a - b);
  let [at, orders, insert, nextGrown] = [0, 0, 0, 0];
  for (let block = 0; block < blockStarts.length; block += 1) {
    for (; insert < (insertEnds[block] ?? NaN); insert += 1) {
      changed.push(at);
      customerOffsets[at] = orders;
      orders += newcomers[insert]?.orders ?? NaN;
      at += 1;
    }
    const end = blockEnds[block] ?? NaN;
    for (let customer = blockStarts[block] ?? NaN; customer < end; customer += 1) {
      while ((grown[nextGrown] ?? Infinity) < customer) nextGrown += 1;
      customerOffsets[at] = orders;
      orders += (from[customer + 1] ?? NaN) - (from[customer] ?? NaN);
      if (grown[nextGrown] === customer) {
        changed.push(at);
        orders += growthOf.get(customer) ?? NaN;
      }
      at += 1;
    }
  }
  customerOffsets[at] = orders;
  return { customerOffsets, changed };
}
