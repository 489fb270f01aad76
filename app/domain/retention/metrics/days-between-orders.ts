import { summarizeCustomers } from '../columns/customer-summaries.ts';
import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { DaysBetweenOrders } from '../report/report.ts';
import { ratio } from './ratio.ts';
import { percentileOfCounts, valueCountsOf } from './value-counts.ts';
import type { ValueCounts } from './value-counts.ts';

/** Calendar days between consecutive orders of a customer, by how often each number of days occurs. */
export interface OrderGaps {
  pooled: ValueCounts;
  firstToSecond: ValueCounts;
  secondToThird: ValueCounts;
  thirdToFourth: ValueCounts;
}

export function countOrderGaps(columns: OrderColumns, selection: Selection, asOf: AsOf): OrderGaps {
  return orderGapsOf(summarizeCustomers(columns, selection, asOf));
}

/** The same where the orders were gone through already. */
export function orderGapsOf({ gapCounts: { length, counts } }: Pick<CustomerSummaries, 'gapCounts'>): OrderGaps {
  const pooled = new Uint32Array(length);
  for (let at = 0; at < counts.length; at += 1) pooled[at % length] = (pooled[at % length] ?? NaN) + (counts[at] ?? NaN);
  const rowAt = (row: number) => valueCountsOf(counts.subarray(row * length, (row + 1) * length));
  return { pooled: valueCountsOf(pooled), firstToSecond: rowAt(0), secondToThird: rowAt(1), thirdToFourth: rowAt(2) };
}

export function computeDaysBetweenOrders(gaps: OrderGaps): DaysBetweenOrders {
  const { pooled } = gaps;
  return {
    n: pooled.total,
    median: percentileOfCounts(pooled, 50),
    mean: ratio(pooled.sum, pooled.total),
    p10: percentileOfCounts(pooled, 10),
    p25: percentileOfCounts(pooled, 25),
    p75: percentileOfCounts(pooled, 75),
    p90: percentileOfCounts(pooled, 90),
    firstToSecondMedian: percentileOfCounts(gaps.firstToSecond, 50),
    secondToThirdMedian: percentileOfCounts(gaps.secondToThird, 50),
    thirdToFourthMedian: percentileOfCounts(gaps.thirdToFourth, 50),
  };
}
