import { numberAt } from '../columns/number-column.ts';
import { msOfSeconds } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import { ratio } from './ratio.ts';
import type { Basics, TrailingBasics } from '../report/report.ts';
import type { TimeWindow } from '../columns/time-window.ts';
import { uint32At } from '../columns/typed-array-access.ts';

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
export function computeBasics(columns: OrderColumns, window: TimeWindow): Basics {
  return basicsOf(totalsIn(columns, window));
}

/** The same, with the returning customer rate by Shopify's definition. */
export function computeTrailingBasics(columns: OrderColumns, window: TimeWindow): TrailingBasics {
  const totals = totalsIn(columns, window);
  return { ...basicsOf(totals), returningCustomerRateShopify: ratio(totals.returningCustomers, totals.customers) };
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

function totalsIn(columns: OrderColumns, window: TimeWindow): WindowTotals {
  const { customerCount, customerOffsets, instantSeconds, valuesMinor } = columns;
  let [customers, repeatCustomers, returningCustomers] = [0, 0, 0];
  let [customerOrders, customerRevenueMinor, repeatOrders, repeatRevenueMinor] = [0, 0, 0, 0];

  for (let customer = 0; customer < customerCount; customer += 1) {
    const first = uint32At(customerOffsets, customer);
    const end = uint32At(customerOffsets, customer + 1);
    let ordersHere = 0;
    let repeatsHere = 0;
    for (let i = first; i < end; i += 1) {
      const instantMs = msOfSeconds(numberAt(instantSeconds, i));
      if (instantMs >= window.endMs) break;
      if (instantMs < window.startMs) continue;
      const valueMinor = numberAt(valuesMinor, i);
      ordersHere += 1;
      customerRevenueMinor += valueMinor;
      if (i > first) {
        repeatsHere += 1;
        repeatRevenueMinor += valueMinor;
      }
    }
    if (ordersHere === 0) continue;
    customers += 1;
    customerOrders += ordersHere;
    repeatOrders += repeatsHere;
    if (ordersHere > 1) repeatCustomers += 1;
    if (repeatsHere > 0) returningCustomers += 1;
  }

  return {
    customers,
    repeatCustomers,
    returningCustomers,
    customerOrders,
    customerRevenueMinor,
    repeatOrders,
    repeatRevenueMinor,
    ...guestTotalsIn(columns, window),
  };
}

function guestTotalsIn(columns: OrderColumns, window: TimeWindow): { guestOrders: number; guestRevenueMinor: number } {
  const { customerCount, customerOffsets, instantSeconds, orderCount, valuesMinor } = columns;
  let [guestOrders, guestRevenueMinor] = [0, 0];
  for (let i = uint32At(customerOffsets, customerCount); i < orderCount; i += 1) {
    const instantMs = msOfSeconds(numberAt(instantSeconds, i));
    if (instantMs >= window.endMs) break;
    if (instantMs < window.startMs) continue;
    guestOrders += 1;
    guestRevenueMinor += numberAt(valuesMinor, i);
  }
  return { guestOrders, guestRevenueMinor };
}
