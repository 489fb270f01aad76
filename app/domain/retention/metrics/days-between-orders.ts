import { secondsOfMs } from '../columns/order-columns.ts';
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
  const { customerOffsets, days, instantSeconds } = columns;
  const selected = selection.customers;
  const endSeconds = secondsOfMs(asOf.endMs);
  const length = longestGap(columns, selection) + 1;
  const pooled = new Uint32Array(length);
  const firstToSecond = new Uint32Array(length);
  const secondToThird = new Uint32Array(length);
  const thirdToFourth = new Uint32Array(length);
  for (let k = 0; k < selected.length; k += 1) {
    const customer = selected[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    let dayBefore = days[first] ?? NaN;
    for (let i = first + 1; i < end && (instantSeconds[i] ?? NaN) < endSeconds; i += 1) {
      const day = days[i] ?? NaN;
      const gap = day - dayBefore;
      dayBefore = day;
      pooled[gap] = (pooled[gap] ?? NaN) + 1;
      if (i === first + 1) firstToSecond[gap] = (firstToSecond[gap] ?? NaN) + 1;
      else if (i === first + 2) secondToThird[gap] = (secondToThird[gap] ?? NaN) + 1;
      else if (i === first + 3) thirdToFourth[gap] = (thirdToFourth[gap] ?? NaN) + 1;
    }
  }
  return {
    pooled: valueCountsOf(pooled),
    firstToSecond: valueCountsOf(firstToSecond),
    secondToThird: valueCountsOf(secondToThird),
    thirdToFourth: valueCountsOf(thirdToFourth),
  };
}

/** No gap is longer: the longest time from a customer's first order to the last. */
function longestGap({ customerOffsets, days }: OrderColumns, { customers }: Selection): number {
  let longest = 0;
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const firstDay = days[customerOffsets[customer] ?? NaN] ?? NaN;
    const lastDay = days[(customerOffsets[customer + 1] ?? NaN) - 1] ?? NaN;
    longest = Math.max(longest, lastDay - firstDay);
  }
  return longest;
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
