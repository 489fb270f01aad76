import { GAP_ROWS } from '../columns/customer-summaries.ts';
import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import { ACTIVE, layOutCohorts, ORDERS, REVENUE_MINOR } from './cohort-sums.ts';
import type { CohortSums } from './cohort-sums.ts';
import { CustomerTally } from './customer-tally.ts';
import { MATURITY_CLASSES, maturityClassOf } from './matured-repeat-rates.ts';
import { moneyClassAt, wordsOf } from './percentiles-of-money.ts';
import { PurchaseTally } from './purchase-tally.ts';
import type { PurchaseCounts } from './purchase-tally.ts';

/** What the report needs to know of the selected customers' orders up to the as-of day. */
export interface OrderScan extends Pick<CustomerSummaries, 'count' | 'orders' | 'revenueMinor' | 'lastDays' | 'span' | 'gapCounts'> {
  /** Of all time. */
  readonly overall: Readonly<CustomerTally>;
  /** Since the trailing window's start. */
  readonly trailing: Readonly<CustomerTally>;
  /** How many customers are in each class of `maturityClassOf`. */
  readonly maturity: Uint32Array;
  readonly purchaseCounts: PurchaseCounts;
  /** Of months. */
  readonly cohorts: CohortSums;
}

export interface ScanWindows {
  asOf: AsOf;
  /** Epoch milliseconds; the trailing window ends with the as-of day. */
  trailingStartMs: number;
}

/**
 * One pass over the orders for everything that the report says of customers.
 *
 * Each metric could go through the orders by itself, and those that are asked for alone do: `summarizeCustomers`,
 * `computeBasics`, `computeCohorts`. But how many orders the next customer has is what no processor can guess, and a
 * wrong guess at the end of each short history costs as much as adding the history up. Here that is paid for once. For
 * the same reason nothing else is branched on that is not so for nearly every order: what is true counts as 1.
 */
export function scanOrders(columns: OrderColumns, selection: Selection, { asOf, trailingStartMs }: ScanWindows): OrderScan {
  const { customerOffsets, days, instantSeconds, valuesMinor } = columns;
  const selected = selection.customers;
  const [endSeconds, trailingSeconds] = [secondsOfMs(asOf.endMs), secondsOfMs(trailingStartMs)];
  const cohorts = layOutCohorts(columns, selection, asOf, 'month');
  const { sums, fromDay, rowPlaces, periodPlaces } = cohorts;
  const { gapLength, lastGapRow, gaps } = gapRoom(asOf.day - fromDay);
  const orders = new Uint32Array(selected.length);
  const revenueMinor = new Float64Array(selected.length);
  const revenueWords = wordsOf(revenueMinor);
  const lastDays = new Int32Array(selected.length);
  const purchases = new PurchaseTally(fromDay, asOf);
  const [overall, trailing] = [new CustomerTally(), new CustomerTally()];
  const maturity = new Uint32Array(MATURITY_CLASSES);
  let [count, firstSeconds, lastSeconds] = [0, Infinity, -Infinity];
  for (let k = 0; k < selected.length; k += 1) {
    const customer = selected[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    let end = customerOffsets[customer + 1] ?? NaN;
    while (end > first && (instantSeconds[end - 1] ?? NaN) >= endSeconds) end -= 1;
    if (end === first) continue;

    let dayBefore = days[first] ?? NaN;
    const rowPlace = rowPlaces[dayBefore - fromDay] ?? NaN;
    let placeBefore = -1;
    let gapRow = 0;
    let sumMinor = 0;
    let trailingOrders = 0;
    let trailingMinor = 0;
    for (let i = first; i < end; i += 1) {
      const day = days[i] ?? NaN;
      const valueMinor = valuesMinor[i] ?? NaN;
      sumMinor += valueMinor;

      const isTrailing = Number((instantSeconds[i] ?? NaN) >= trailingSeconds);
      trailingOrders += isTrailing;
      trailingMinor += isTrailing * valueMinor;

      const gap = gapRow + day - dayBefore;
      gaps[gap] = (gaps[gap] ?? NaN) + 1;
      gapRow = Math.min(gapRow + gapLength, lastGapRow);
      dayBefore = day;

      const place = rowPlace + (periodPlaces[day - fromDay] ?? NaN);
      sums[place + ACTIVE] = (sums[place + ACTIVE] ?? NaN) + Number(place !== placeBefore);
      sums[place + ORDERS] = (sums[place + ORDERS] ?? NaN) + 1;
      sums[place + REVENUE_MINOR] = (sums[place + REVENUE_MINOR] ?? NaN) + valueMinor;
      placeBefore = place;
    }

    orders[count] = end - first;
    revenueMinor[count] = sumMinor;
    lastDays[count] = dayBefore;
    purchases.add(end - first, dayBefore, moneyClassAt(revenueWords, count));
    count += 1;

    const firstAt = instantSeconds[first] ?? NaN;
    const firstMinor = valuesMinor[first] ?? NaN;
    overall.add(end - first, sumMinor, 1, firstMinor);
    trailing.add(trailingOrders, trailingMinor, Number(firstAt >= trailingSeconds), firstMinor);
    const secondAt = first + 1 < end ? (instantSeconds[first + 1] ?? NaN) : Infinity;
    const maturityClass = maturityClassOf(endSeconds - firstAt, secondAt - firstAt);
    maturity[maturityClass] = (maturity[maturityClass] ?? NaN) + 1;
    firstSeconds = Math.min(firstSeconds, firstAt);
    lastSeconds = Math.max(lastSeconds, instantSeconds[end - 1] ?? NaN);
  }
  return {
    count,
    orders: orders.subarray(0, count),
    revenueMinor: revenueMinor.subarray(0, count),
    lastDays: lastDays.subarray(0, count),
    span: count === 0 ? null : { firstSeconds, lastSeconds },
    gapCounts: { length: gapLength, counts: gaps.subarray(gapLength) },
    overall,
    trailing,
    maturity,
    purchaseCounts: purchases.counts(),
    cohorts,
  };
}

/** Rows of counts as `GapCounts` has them, after one for the first orders, which come after none. */
function gapRoom(longestGap: number): { gapLength: number; lastGapRow: number; gaps: Uint32Array } {
  const gapLength = longestGap + 1;
  return { gapLength, lastGapRow: gapLength * GAP_ROWS, gaps: new Uint32Array(gapLength * (1 + GAP_ROWS)) };
}
