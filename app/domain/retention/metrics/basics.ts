import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import { countGuestOrdersBefore } from '../columns/selection.ts';
import type { Selection } from '../columns/selection.ts';
import { windowUpTo } from '../columns/time-window.ts';
import type { AsOf, TimeWindow } from '../columns/time-window.ts';
import type { Basics, TrailingBasics } from '../report/report.ts';
import { CustomerTally } from './customer-tally.ts';
import type { CustomerTotals } from './customer-tally.ts';
import { ratio } from './ratio.ts';
import type { OrderScan } from './scan-orders.ts';

interface GuestTotals {
  guestOrders: number;
  guestRevenueMinor: number;
}

/**
 * The basics of a window (METRICS section 2). An order of a guest counts for orders, revenue and AOV, and for nothing
 * that is per customer: purchase frequency and the repeat shares are over the orders that have a customer, since
 * nobody can tell whether a guest came back.
 */
export function computeBasics(columns: OrderColumns, selection: Selection, window: TimeWindow): Basics {
  return basicsOf(tallyIn(columns, selection, window), guestTotalsIn(columns, selection, window));
}

interface ScannedWindow {
  columns: OrderColumns;
  selection: Selection;
  scan: OrderScan;
}

/** The basics of all time up to the as-of moment, of orders that were gone through already. */
export function basicsToDateOf({ columns, selection, scan }: ScannedWindow, asOf: AsOf): Basics {
  return basicsOf(scan.overall, guestTotalsIn(columns, selection, windowUpTo(asOf)));
}

/** Those of the trailing window, with the returning customer rate by Shopify's definition. */
export function trailingBasicsOf({ columns, selection, scan }: ScannedWindow, window: TimeWindow): TrailingBasics {
  const { returningCustomers, customers } = scan.trailing;
  return {
    ...basicsOf(scan.trailing, guestTotalsIn(columns, selection, window)),
    returningCustomerRateShopify: ratio(returningCustomers, customers),
  };
}

function basicsOf(totals: Readonly<CustomerTotals>, { guestOrders, guestRevenueMinor }: GuestTotals): Basics {
  const orders = totals.customerOrders + guestOrders;
  const revenueMinor = totals.customerRevenueMinor + guestRevenueMinor;
  const purchaseFrequency = ratio(totals.customerOrders, totals.customers);
  const aovMinor = ratio(revenueMinor, orders);
  return {
    customers: totals.customers,
    orders,
    guestOrders,
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

function tallyIn(columns: OrderColumns, selection: Selection, window: TimeWindow): CustomerTally {
  const { customerOffsets, instantSeconds, valuesMinor } = columns;
  const selected = selection.customers;
  const startSeconds = secondsOfMs(window.startMs);
  const endSeconds = secondsOfMs(window.endMs);
  const tally = new CustomerTally();
  for (let k = 0; k < selected.length; k += 1) {
    const customer = selected[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    // From the latest back, since most windows are recent.
    let to = customerOffsets[customer + 1] ?? NaN;
    while (to > first && (instantSeconds[to - 1] ?? NaN) >= endSeconds) to -= 1;
    let from = to;
    let revenueMinor = 0;
    while (from > first && (instantSeconds[from - 1] ?? NaN) >= startSeconds) {
      from -= 1;
      revenueMinor += valuesMinor[from] ?? NaN;
    }
    if (to > from) tally.add(to - from, revenueMinor, Number(from === first), valuesMinor[first] ?? NaN);
  }
  return tally;
}

function guestTotalsIn(columns: OrderColumns, selection: Selection, window: TimeWindow): GuestTotals {
  const { valuesMinor } = columns;
  const { guestOrders: selected } = selection;
  const from = countGuestOrdersBefore(columns, selection, secondsOfMs(window.startMs));
  const to = countGuestOrdersBefore(columns, selection, secondsOfMs(window.endMs));
  let guestRevenueMinor = 0;
  for (let k = from; k < to; k += 1) guestRevenueMinor += valuesMinor[selected[k] ?? NaN] ?? NaN;
  return { guestOrders: to - from, guestRevenueMinor };
}
