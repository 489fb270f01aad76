import { GrowableInt32Column } from '../columns/growable-columns.ts';
import { numberAt } from '../columns/number-column.ts';
import { msOfSeconds } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import { percentile } from './percentile.ts';
import { ratio } from './ratio.ts';
import type { DaysBetweenOrders } from '../report/report.ts';
import type { AsOf } from '../columns/time-window.ts';
import { uint32At } from '../columns/typed-array-access.ts';

/** Calendar days between consecutive orders of a customer, each list ascending. */
export interface OrderGaps {
  pooled: Int32Array;
  firstToSecond: Int32Array;
  secondToThird: Int32Array;
  thirdToFourth: Int32Array;
}

export function collectOrderGaps(columns: OrderColumns, asOf: AsOf): OrderGaps {
  const { customerCount, customerOffsets, days, instantSeconds } = columns;
  const pooled = new GrowableInt32Column();
  const byPosition = [new GrowableInt32Column(), new GrowableInt32Column(), new GrowableInt32Column()] as const;
  for (let customer = 0; customer < customerCount; customer += 1) {
    const first = uint32At(customerOffsets, customer);
    const end = uint32At(customerOffsets, customer + 1);
    for (let i = first + 1; i < end; i += 1) {
      if (msOfSeconds(numberAt(instantSeconds, i)) >= asOf.endMs) break;
      const gap = numberAt(days, i) - numberAt(days, i - 1);
      pooled.push(gap);
      byPosition[i - first - 1]?.push(gap);
    }
  }
  const [firstToSecond, secondToThird, thirdToFourth] = byPosition;
  return {
    pooled: pooled.view().sort(),
    firstToSecond: firstToSecond.view().sort(),
    secondToThird: secondToThird.view().sort(),
    thirdToFourth: thirdToFourth.view().sort(),
  };
}

export function computeDaysBetweenOrders(gaps: OrderGaps): DaysBetweenOrders {
  const { pooled } = gaps;
  return {
    n: pooled.length,
    median: percentile(pooled, 50),
    mean: ratio(
      pooled.reduce((sum, gap) => sum + gap, 0),
      pooled.length,
    ),
    p10: percentile(pooled, 10),
    p25: percentile(pooled, 25),
    p75: percentile(pooled, 75),
    p90: percentile(pooled, 90),
    firstToSecondMedian: percentile(gaps.firstToSecond, 50),
    secondToThirdMedian: percentile(gaps.secondToThird, 50),
    thirdToFourthMedian: percentile(gaps.thirdToFourth, 50),
  };
}
