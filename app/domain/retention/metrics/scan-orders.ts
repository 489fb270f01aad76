import { GAP_ROWS } from '../columns/customer-summaries.ts';
import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import { ACTIVE, layOutCohorts, ORDERS, REVENUE_MINOR } from './cohort-sums.ts';
import type { CohortSums } from './cohort-sums.ts';
import type { CustomerTotals } from './customer-tally.ts';
import { MATURITY_CLASSES, maturityClassOf } from './matured-repeat-rates.ts';
import { moneyClassAt, wordsOf } from './percentiles-of-money.ts';
import { PurchaseTally } from './purchase-tally.ts';
import type { PurchaseCounts } from './purchase-tally.ts';

/** What the report needs to know of the selected customers' orders up to the as-of day. */
export interface OrderScan extends Pick<CustomerSummaries, 'count' | 'orders' | 'revenueMinor' | 'lastDays' | 'span' | 'gapCounts'> {
  /** Of all time. */
  readonly overall: Readonly<CustomerTotals>;
  /** Since the trailing window's start. */
  readonly trailing: Readonly<CustomerTotals>;
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
  const cohorts = layOutCohorts(columns, selection, asOf, 'month');
  const room = makeRoom(selection.customers.length, cohorts, asOf);
  const bounds = { endSeconds: secondsOfMs(asOf.endMs), trailingSeconds: secondsOfMs(trailingStartMs) };
  const sums = scanInto(room, columns, { customers: selection.customers, ...bounds });
  const { count, firstSeconds, lastSeconds } = sums;
  const { orders, revenueMinor, lastDays, gapLength, gaps, maturity } = room;
  const purchaseCounts = room.purchases.counts();
  return {
    count,
    orders: orders.subarray(0, count),
    revenueMinor: revenueMinor.subarray(0, count),
    lastDays: lastDays.subarray(0, count),
    span: count === 0 ? null : { firstSeconds, lastSeconds },
    gapCounts: { length: gapLength, counts: gaps.subarray(gapLength) },
    overall: overallOf(sums, purchaseCounts),
    trailing: sums.trailing,
    maturity,
    purchaseCounts,
    cohorts,
  };
}

/** Of all time everybody's first order is one of theirs. */
function overallOf({ count, minorSum, firstMinorSum }: ScanSums, { orders }: PurchaseCounts): CustomerTotals {
  const repeatCustomers = count - (orders.counts[1] ?? 0);
  return {
    customers: count,
    repeatCustomers,
    returningCustomers: repeatCustomers,
    customerOrders: orders.sum,
    repeatOrders: orders.sum - count,
    customerRevenueMinor: minorSum,
    repeatRevenueMinor: minorSum - firstMinorSum,
  };
}

/** What the scan writes to. */
interface ScanRoom {
  cohorts: CohortSums;
  /** Of each customer who has ordered. */
  orders: Uint32Array;
  revenueMinor: Float64Array;
  lastDays: Int32Array;
  /** Rows of counts as `GapCounts` has them, after one for the first orders, which come after none. */
  gapLength: number;
  gaps: Uint32Array;
  maturity: Uint32Array;
  purchases: PurchaseTally;
}

function makeRoom(customers: number, cohorts: CohortSums, asOf: AsOf): ScanRoom {
  const gapLength = asOf.day - cohorts.fromDay + 1;
  return {
    cohorts,
    orders: new Uint32Array(customers),
    revenueMinor: new Float64Array(customers),
    lastDays: new Int32Array(customers),
    gapLength,
    gaps: new Uint32Array(gapLength * (1 + GAP_ROWS)),
    maturity: new Uint32Array(MATURITY_CLASSES),
    purchases: new PurchaseTally(cohorts.fromDay, asOf),
  };
}

interface ScanSums {
  count: number;
  /** Infinite without customers. */
  firstSeconds: number;
  lastSeconds: number;
  minorSum: number;
  firstMinorSum: number;
  trailing: CustomerTotals;
}

/** Sums over customers are variables and no object's: those would be written to memory for each customer. */
function scanInto(
  { cohorts, orders, revenueMinor, lastDays, gapLength, gaps, maturity, purchases }: ScanRoom,
  { customerOffsets, days, instantSeconds, valuesMinor }: OrderColumns,
  { customers: selected, endSeconds, trailingSeconds }: { customers: Uint32Array; endSeconds: number; trailingSeconds: number },
): ScanSums {
  const { fromDay, rowPlaces, periodPlaces, sums } = cohorts;
  const words = wordsOf(revenueMinor);
  const lastGapRow = gapLength * GAP_ROWS;
  let [count, firstSeconds, lastSeconds] = [0, Infinity, -Infinity];
  let [minorSum, firstMinorSum] = [0, 0];
  let [customers, repeatCustomers, returningCustomers, customerOrders, firstOrders] = [0, 0, 0, 0, 0];
  let [customerRevenueMinor, firstRevenueMinor] = [0, 0];
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
      gapRow += gapLength * Number(gapRow < lastGapRow);
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
    purchases.add(end - first, dayBefore, moneyClassAt(words, count));
    count += 1;

    const firstAt = instantSeconds[first] ?? NaN;
    const firstMinor = valuesMinor[first] ?? NaN;
    minorSum += sumMinor;
    firstMinorSum += firstMinor;

    const isFirstTrailing = Number(firstAt >= trailingSeconds);
    customers += Number(trailingOrders > 0);
    repeatCustomers += Number(trailingOrders > 1);
    returningCustomers += Number(trailingOrders > isFirstTrailing);
    customerOrders += trailingOrders;
    firstOrders += isFirstTrailing;
    customerRevenueMinor += trailingMinor;
    firstRevenueMinor += isFirstTrailing * firstMinor;

    const secondAt = first + 1 < end ? (instantSeconds[first + 1] ?? NaN) : Infinity;
    const maturityClass = maturityClassOf(endSeconds - firstAt, secondAt - firstAt);
    maturity[maturityClass] = (maturity[maturityClass] ?? NaN) + 1;
    firstSeconds = Math.min(firstSeconds, firstAt);
    lastSeconds = Math.max(lastSeconds, instantSeconds[end - 1] ?? NaN);
  }
  const [repeatOrders, repeatRevenueMinor] = [customerOrders - firstOrders, customerRevenueMinor - firstRevenueMinor];
  const trailing = { customers, repeatCustomers, returningCustomers, customerOrders, repeatOrders, customerRevenueMinor, repeatRevenueMinor };
  return { count, firstSeconds, lastSeconds, minorSum, firstMinorSum, trailing };
}
