import { formatDay } from '../../time/calendar-day.ts';
import { formatInstant } from '../../time/format-instant.ts';
import { computeBasics, computeTrailingBasics } from '../metrics/basics.ts';
import { summarizeCustomers } from '../columns/customer-summaries.ts';
import { computeDaysBetweenOrders, countOrderGaps } from '../metrics/days-between-orders.ts';
import { computeLifecycle } from '../metrics/lifecycle.ts';
import { computeMaturedRepeatRates } from '../metrics/matured-repeat-rates.ts';
import { computeCohorts } from '../metrics/cohorts.ts';
import { msOfSeconds, secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { ExcludedCounts, ReportInputs, RetentionReport } from './report.ts';
import { countRfmGroups, scoreRfm } from '../metrics/rfm.ts';
import { computeSimpleClv } from '../metrics/simple-clv.ts';
import { everyone } from '../columns/selection.ts';
import type { Selection } from '../columns/selection.ts';
import { asOfDayIn, windowOfDays, windowUpTo } from '../columns/time-window.ts';
import type { AsOf } from '../columns/time-window.ts';

export interface RetentionReportOptions {
  /** Calendar day in the columns' time zone; the report ends at the last moment of it. */
  asOfDay: number;
  /** Orders that are not in the columns, by the reason `assessOrder` gave. */
  excluded: ExcludedCounts;
  /** Whom the report is about; everybody when not given. `excluded` and `prospects` are taken as they are. */
  selection?: Selection;
  /** Customers of the shop who have not ordered. */
  prospects?: number;
  /** The merchant's assumption for the simple CLV. */
  lifespanYears?: number;
}

const DEFAULT_LIFESPAN_YEARS = 3;
const TRAILING_DAYS = 365;

/** Every number of METRICS section 8 that needs no fitted model. Same columns, same options, same report. */
export function computeRetentionReport(columns: OrderColumns, options: RetentionReportOptions): RetentionReport {
  const { asOfDay, excluded, prospects = 0, lifespanYears = DEFAULT_LIFESPAN_YEARS } = options;
  const selection = options.selection ?? everyone(columns);
  const asOf = asOfDayIn(columns.timeZone, asOfDay);
  const overall = computeBasics(columns, selection, windowUpTo(asOf));
  const trailing365 = computeTrailingBasics(
    columns,
    selection,
    windowOfDays(asOfDay + 1 - TRAILING_DAYS, asOfDay + 1, columns.timeZone),
  );
  const summaries = summarizeCustomers(columns, selection, asOf);
  const gaps = countOrderGaps(columns, selection, asOf);
  const scoring = scoreRfm(summaries, asOf);
  const orderCount = countOrders(columns, selection);
  return {
    asOf: formatDay(asOfDay),
    timeZone: columns.timeZone,
    currency: columns.currency,
    inputs: {
      orders: orderCount + Object.values(excluded).reduce((sum, count) => sum + count, 0),
      counted: overall.orders,
      afterAsOf: orderCount - overall.orders,
      excluded,
      guests: overall.guestOrders,
      ...firstAndLastOrder(columns, selection, asOf),
    },
    overall,
    trailing365,
    maturedRepeatRate: computeMaturedRepeatRates(columns, selection, asOf),
    daysBetweenOrders: computeDaysBetweenOrders(gaps),
    simpleClv: computeSimpleClv(trailing365, summaries, lifespanYears),
    cohorts: computeCohorts(columns, selection, asOf, 'month'),
    rfm: { breaks: scoring.breaks, groups: countRfmGroups(scoring, prospects) },
    lifecycle: computeLifecycle(summaries, gaps, asOf),
  };
}

function countOrders({ customerOffsets }: OrderColumns, { customers, guestOrders }: Selection): number {
  let orders = guestOrders.length;
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    orders += (customerOffsets[customer + 1] ?? NaN) - (customerOffsets[customer] ?? NaN);
  }
  return orders;
}

function firstAndLastOrder(
  { customerOffsets, instantSeconds }: OrderColumns,
  { customers, guestOrders }: Selection,
  asOf: AsOf,
): Pick<ReportInputs, 'firstOrderAt' | 'lastOrderAt'> {
  const endSeconds = secondsOfMs(asOf.endMs);
  let earliest = Infinity;
  let latest = -Infinity;
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    let last = (customerOffsets[customer + 1] ?? NaN) - 1;
    while (last >= first && (instantSeconds[last] ?? NaN) >= endSeconds) last -= 1;
    if (last < first) continue;
    earliest = Math.min(earliest, instantSeconds[first] ?? NaN);
    latest = Math.max(latest, instantSeconds[last] ?? NaN);
  }
  for (let k = 0; k < guestOrders.length; k += 1) {
    const seconds = instantSeconds[guestOrders[k] ?? NaN] ?? NaN;
    if (seconds >= endSeconds) break;
    earliest = Math.min(earliest, seconds);
    latest = Math.max(latest, seconds);
  }
  if (earliest > latest) return { firstOrderAt: null, lastOrderAt: null };
  return { firstOrderAt: formatInstant(msOfSeconds(earliest)), lastOrderAt: formatInstant(msOfSeconds(latest)) };
}
