import type { OrderColumns } from './order-columns.ts';

/** The least and the greatest over all orders, those of guests too. Kept, since to ask for them is to go through all. */
export interface ColumnExtremes {
  readonly lowestOrderId: number;
  readonly highestOrderId: number;
  /** Days since 1970-01-01 in shop time. */
  readonly lastDay: number;
}

type Ordered = Pick<OrderColumns, 'orderIds' | 'days'>;

/** Null without orders. */
export function extremesOf({ orderIds, days }: Ordered): ColumnExtremes | null {
  if (orderIds.length === 0) return null;
  let [lowestOrderId, highestOrderId, lastDay] = [Infinity, -Infinity, -Infinity];
  for (let i = 0; i < orderIds.length; i += 1) {
    const id = orderIds[i] ?? NaN;
    lowestOrderId = Math.min(lowestOrderId, id);
    highestOrderId = Math.max(highestOrderId, id);
    lastDay = Math.max(lastDay, days[i] ?? NaN);
  }
  return { lowestOrderId, highestOrderId, lastDay };
}

/** Whether one of the orders at these places holds an extreme. */
export function holdsExtreme({ extremes, orderIds, days }: OrderColumns, places: readonly number[]): boolean {
  return places.some((order) => {
    const id = orderIds[order];
    return id === extremes?.lowestOrderId || id === extremes?.highestOrderId || days[order] === extremes?.lastDay;
  });
}

/**
 * The same for columns that others became. Only where one of the orders that went held an extreme are all gone through.
 *
 * @param dropsExtreme whether an order that went is one of those
 * @param inserted places in the new ones of orders that came
 */
export function extremesAfter(
  { extremes }: OrderColumns,
  after: Ordered,
  { dropsExtreme, inserted }: { dropsExtreme: boolean; inserted: readonly number[] },
): ColumnExtremes | null {
  if (extremes === null || dropsExtreme) return extremesOf(after);
  let { lowestOrderId, highestOrderId, lastDay } = extremes;
  for (const order of inserted) {
    const id = after.orderIds[order] ?? NaN;
    lowestOrderId = Math.min(lowestOrderId, id);
    highestOrderId = Math.max(highestOrderId, id);
    lastDay = Math.max(lastDay, after.days[order] ?? NaN);
  }
  return { lowestOrderId, highestOrderId, lastDay };
}
