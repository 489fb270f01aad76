import { findOrders } from './find-orders.ts';
import { placesAfter, planMerge } from './merge-plan.ts';
import type { MergePlan } from './merge-plan.ts';
import type { OrderColumns, OrderRow } from './order-columns.ts';
import { placeRows } from './place-rows.ts';
import type { PlacedRow } from './place-rows.ts';
import { requireOrderRow } from './require-order-row.ts';

export interface OrderChanges {
  /** Orders that are to go; those that the columns do not have are passed over. */
  readonly removedOrderIds: Iterable<number>;
  /** Orders as they are now, each once: one that the columns have is replaced, another is added. */
  readonly rows: readonly OrderRow[];
}

/** The same as places in the columns before and after. Every list is ascending by place. */
export interface PlacedChanges {
  /** How the orders that stay move. */
  readonly plan: MergePlan;
  /** Whether none moves, comes or goes. */
  readonly isInPlace: boolean;
  /** Old places of orders that go; an order that moves goes and comes. */
  readonly dropped: readonly number[];
  /** Orders that come in between; their new places are the plan's `insertedAt`. */
  readonly inserted: readonly PlacedRow[];
  /** Orders that are not what they were and yet stand where they stood: their old places and their new ones. */
  readonly replaced: readonly PlacedRow[];
  readonly replacedFrom: readonly number[];
  readonly replacedAt: readonly number[];
}

/** @throws RangeError as `refreshOrderColumns` */
export function placeChanges(columns: OrderColumns, { removedOrderIds, rows }: OrderChanges): PlacedChanges {
  requireExactIds(columns);
  const arriving = requireDistinct(rows);
  const placed = placeRows(columns, rows);
  const inserted = placed.filter(({ replaces }) => replaces === null);
  const replaced = placed.filter(({ replaces }) => replaces !== null);
  const removed = [...removedOrderIds].filter((id) => !arriving.has(id));
  const dropped = findKnown(columns, [...removed, ...inserted.map(({ row }) => row.orderId)]);
  const plan = planMerge({ oldLength: columns.orderCount, dropped, insertedBefore: inserted.map(({ before }) => before) });
  const replacedFrom = replaced.flatMap(({ replaces }) => replaces ?? []);
  return {
    plan,
    isInPlace: dropped.length === 0 && inserted.length === 0,
    dropped,
    inserted,
    replaced,
    replacedFrom,
    replacedAt: placesAfter(plan, replacedFrom),
  };
}

/** The places of the orders with these ids. Most that come are newer than all, and nothing has to be looked through. */
function findKnown({ orderIds, extremes }: OrderColumns, ids: readonly number[]): number[] {
  if (extremes === null) return [];
  const within = ids.filter((id) => id >= extremes.lowestOrderId && id <= extremes.highestOrderId);
  return within.length === 0 ? [] : findOrders(orderIds, new Set(within));
}

function requireExactIds({ extremes }: OrderColumns): void {
  if (extremes === null) return;
  for (const id of [extremes.lowestOrderId, extremes.highestOrderId]) requireExactId(id);
}

function requireDistinct(rows: readonly OrderRow[]): ReadonlySet<number> {
  const ids = new Set<number>();
  for (const row of rows) {
    requireOrderRow(row);
    requireExactId(row.orderId);
    if (ids.has(row.orderId)) throw new RangeError(`order ${row.orderId} comes twice`);
    ids.add(row.orderId);
  }
  return ids;
}

function requireExactId(id: number): void {
  if (!Number.isSafeInteger(id)) throw new RangeError(`${id} may be the id of several orders`);
}
