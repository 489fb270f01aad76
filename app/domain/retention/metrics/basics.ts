import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import { windowUpTo } from '../columns/time-window.ts';
import type { AsOf, TimeWindow } from '../columns/time-window.ts';
import type { Basics, TrailingBasics } from '../report/report.ts';
import { ratio } from './ratio.ts';

/** Exact counts and sums of one window; sums of minor units are exact up to 2^53. */
interface WindowTotals {
  customers: number;
  repeatCustomers: number;
  returningCustomers: number;
  customerOrders: number;
  customerRevenueMinor: number;
  repeatOrders: number;
  repeatRevenueMinor: number;
  guestOrders: number;
  guestRevenueMinor: number;
}

/**
 * The basics of a window (METRICS section 2). An order of a guest counts for orders, revenue and AOV, and for nothing
 * that is per customer: purchase frequency and the repeat shares are over the orders that have a customer, since
 * nobody can tell whether a guest came back.
 */
export function computeBasics(columns: OrderColumns, selection: Selection, window: TimeWindow): Basics {
  return basicsOf(totalsIn(columns, selection, window));
}

/** The same, with the returning customer rate by Shopify's definition. */
export function computeTrailingBasics(columns: OrderColumns, selection: Selection, window: TimeWindow): TrailingBasics {
  const totals = totalsIn(columns, selection, window);
  return { ...basicsOf(totals), returningCustomerRateShopify: ratio(totals.returningCustomers, totals.customers) };
}

/** The basics of all time up to the as-of moment, without going through the orders again. */
export function computeBasicsToDate(
  columns: OrderColumns,
  selection: Selection,
  summaries: CustomerSummaries,
  asOf: AsOf,
): Basics {
  const { customerOffsets, valuesMinor } = columns;
  const { count, customers, orders, revenueMinor } = summaries;
  let [repeatCustomers, customerOrders, customerRevenueMinor, firstRevenueMinor] = [0, 0, 0, 0];
  for (let i = 0; i < count; i += 1) {
    const ordersHere = orders[i] ?? NaN;
    customerOrders += ordersHere;
    repeatCustomers += Number(ordersHere > 1);
    customerRevenueMinor += revenueMinor[i] ?? NaN;
    firstRevenueMinor += valuesMinor[customerOffsets[customers[i] ?? NaN] ?? NaN] ?? NaN;
  }
  return basicsOf({
    customers: count,
    repeatCustomers,
    returningCustomers: repeatCustomers,
    customerOrders,
    customerRevenueMinor,
    repeatOrders: customerOrders - count,
    repeatRevenueMinor: customerRevenueMinor - firstRevenueMinor,
    ...guestTotalsIn(columns, selection, windowUpTo(asOf)),
  });
}

function basicsOf(totals: WindowTotals): Basics {
  const orders = totals.customerOrders + totals.guestOrders;
  const revenueMinor = totals.customerRevenueMinor + totals.guestRevenueMinor;
  const purchaseFrequency = ratio(totals.customerOrders, totals.customers);
  const aovMinor = ratio(revenueMinor, orders);
  return {
    customers: totals.customers,
    orders,
    guestOrders: totals.guestOrders,
    repeatCustomers: totals.repeatCustomers,
    repeatPurchaseRate: ratio(totals.repeatCustomers, totals.customers),
    purchaseFrequency,
    revenueMinor,
    aovMinor,
    customerValueMinor: purchaseFrequency === null || aovMinor === null ? null : purchaseFrequency * aovMinor,
    repeatOrderShare: ratio(totals.repeatOrders, totals.customerOrders),
    repeatRevenueShare: ratio(totals.repeatRevenueMinor, totals.customerRevenueMinor),
  };
}

function totalsIn(columns: OrderColumns, selection: Selection, window: TimeWindow): WindowTotals {
  const { customerOffsets, instantSeconds, valuesMinor } = columns;
  const selected = selection.customers;
  const startSeconds = secondsOfMs(window.startMs);
  const endSeconds = secondsOfMs(window.endMs);
  let [customers, repeatCustomers, returningCustomers] = [0, 0, 0];
  let [customerOrders, customerRevenueMinor, repeatOrders, firstRevenueMinor] = [0, 0, 0, 0];

  for (let k = 0; k < selected.length; k += 1) {
    const customer = selected[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    // From the latest back, since most windows are recent.
    let to = end;
    while (to > first && (instantSeconds[to - 1] ?? NaN) >= endSeconds) to -= 1;
    let from = to;
    while (from > first && (instantSeconds[from - 1] ?? NaN) >= startSeconds) {
      from -= 1;
      customerRevenueMinor += valuesMinor[from] ?? NaN;
    }
    if (to === from) continue;

    const ordersHere = to - from;
    customers += 1;
    customerOrders += ordersHere;
    repeatCustomers += Number(ordersHere > 1);
    if (from === first) firstRevenueMinor += valuesMinor[first] ?? NaN;
    const repeatsHere = from === first ? ordersHere - 1 : ordersHere;
    repeatOrders += repeatsHere;
    returningCustomers += Number(repeatsHere > 0);
  }

  return {
    customers,
    repeatCustomers,
    returningCustomers,
    customerOrders,
    customerRevenueMinor,
    repeatOrders,
    repeatRevenueMinor: customerRevenueMinor - firstRevenueMinor,
    ...guestTotalsIn(columns, selection, window),
  };
}

function guestTotalsIn(
  { instantSeconds, valuesMinor }: OrderColumns,
  { guestOrders: selected }: Selection,
  window: TimeWindow,
): { guestOrders: number; guestRevenueMinor: number } {
  const startSeconds = secondsOfMs(window.startMs);
  const endSeconds = secondsOfMs(window.endMs);
  let [guestOrders, guestRevenueMinor] = [0, 0];
  for (let k = 0; k < selected.length; k += 1) {
    const order = selected[k] ?? NaN;
    const seconds = instantSeconds[order] ?? NaN;
    if (seconds >= endSeconds) break;
    if (seconds < startSeconds) continue;
    guestOrders += 1;
    guestRevenueMinor += valuesMinor[order] ?? NaN;
  }
  return { guestOrders, guestRevenueMinor };
}
