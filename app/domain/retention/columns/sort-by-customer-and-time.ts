import { roomyCopy } from './column-room.ts';
import { float64At, int32At, uint32At } from './typed-array-access.ts';

interface UnsortedOrders {
  /** Per order the rank of its customer; guests have the rank customerCount. */
  customerRanks: Int32Array;
  customerCount: number;
  instantsMs: Float64Array;
  orderIds: Float64Array;
}

interface SortedOrders {
  /** order[i] is the row that comes i-th. */
  order: Uint32Array;
  customerOffsets: Uint32Array;
}

/** Up to here insertion is quicker than the engine's sort, and nearly all customers have fewer orders. */
const INSERTION_SORT_MAX = 24;

/**
 * Rows by customer, then instant, then order id: a counting sort spreads the rows over customers in two passes, then
 * each customer's few orders are sorted where they stand. Linear in the number of orders.
 */
export function sortByCustomerAndTime(orders: UnsortedOrders): SortedOrders {
  const { customerRanks, customerCount } = orders;
  const bucketEnds = new Uint32Array(customerCount + 2);
  for (const rank of customerRanks) bucketEnds[rank + 1] = uint32At(bucketEnds, rank + 1) + 1;
  for (let rank = 0; rank <= customerCount; rank += 1) {
    bucketEnds[rank + 1] = uint32At(bucketEnds, rank) + uint32At(bucketEnds, rank + 1);
  }
  const customerOffsets = roomyCopy(Uint32Array, bucketEnds.subarray(0, customerCount + 1));

  const order = new Uint32Array(customerRanks.length);
  const next = bucketEnds.slice();
  for (let row = 0; row < customerRanks.length; row += 1) {
    const rank = int32At(customerRanks, row);
    const place = uint32At(next, rank);
    order[place] = row;
    next[rank] = place + 1;
  }

  for (let rank = 0; rank <= customerCount; rank += 1) {
    sortSegment(orders, order.subarray(uint32At(bucketEnds, rank), uint32At(bucketEnds, rank + 1)));
  }
  return { order, customerOffsets };
}

function sortSegment(orders: UnsortedOrders, segment: Uint32Array): void {
  if (segment.length > INSERTION_SORT_MAX) {
    segment.sort((a, b) => compareRows(orders, a, b));
    return;
  }
  for (let i = 1; i < segment.length; i += 1) {
    const row = uint32At(segment, i);
    let place = i;
    while (place > 0) {
      const before = uint32At(segment, place - 1);
      if (compareRows(orders, before, row) <= 0) break;
      segment[place] = before;
      place -= 1;
    }
    segment[place] = row;
  }
}

function compareRows({ instantsMs, orderIds }: UnsortedOrders, a: number, b: number): number {
  return float64At(instantsMs, a) - float64At(instantsMs, b) || float64At(orderIds, a) - float64At(orderIds, b);
}
