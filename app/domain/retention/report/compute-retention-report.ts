import { formatDay } from '../../time/calendar-day.ts';
import { formatInstant } from '../../time/format-instant.ts';
import { computeBasics, computeTrailingBasics } from '../metrics/basics.ts';
import { summarizeCustomers } from '../columns/customer-summaries.ts';
import { collectOrderGaps, computeDaysBetweenOrders } from '../metrics/days-between-orders.ts';
import { computeLifecycle } from '../metrics/lifecycle-state.ts';
import { computeMaturedRepeatRate } from '../metrics/matured-repeat-rate.ts';
import { computeMonthlyCohorts } from '../metrics/monthly-cohorts.ts';
import { numberAt } from '../columns/number-column.ts';
import { msOfSeconds } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { ExcludedCounts, ReportInputs, RetentionReport } from './report.ts';
import { countRfmGroups, scoreRfm } from '../metrics/rfm.ts';
import { computeSimpleClv } from '../metrics/simple-clv.ts';
import { asOfDayIn, windowOfDays, windowUpTo } from '../columns/time-window.ts';
import type { AsOf } from '../columns/time-window.ts';

export interface RetentionReportOptions {
  /** Calendar day in the columns' time zone; the report ends at the last moment of it. */
  asOfDay: number;
  /** Orders that are not in the columns, by the reason `assessOrder` gave. */
  excluded: ExcludedCounts;
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
  const asOf = asOfDayIn(columns.timeZone, asOfDay);
  const overall = computeBasics(columns, windowUpTo(asOf));
  const trailing365 = computeTrailingBasics(
    columns,
    windowOfDays(asOfDay + 1 - TRAILING_DAYS, asOfDay + 1, columns.timeZone),
  );
  const summaries = summarizeCustomers(columns, asOf);
  const gaps = collectOrderGaps(columns, asOf);
  const scoring = scoreRfm(summaries, asOf);
  return {
    asOf: formatDay(asOfDay),
    timeZone: columns.timeZone,
    currency: columns.currency,
    inputs: {
      orders: columns.orderCount + Object.values(excluded).reduce((sum, count) => sum + count, 0),
      counted: overall.orders,
      afterAsOf: columns.orderCount - overall.orders,
      excluded,
      guests: overall.guestOrders,
      ...firstAndLastOrder(columns, asOf),
    },
    overall,
    trailing365,
    maturedRepeatRate: {
      '30': computeMaturedRepeatRate(columns, asOf, 30),
      '60': computeMaturedRepeatRate(columns, asOf, 60),
      '90': computeMaturedRepeatRate(columns, asOf, 90),
      '180': computeMaturedRepeatRate(columns, asOf, 180),
      '365': computeMaturedRepeatRate(columns, asOf, 365),
    },
    daysBetweenOrders: computeDaysBetweenOrders(gaps),
    simpleClv: computeSimpleClv(trailing365, summaries, lifespanYears),
    cohorts: computeMonthlyCohorts(columns, asOf),
    rfm: { breaks: scoring.breaks, groups: countRfmGroups(scoring, prospects) },
    lifecycle: computeLifecycle(summaries, gaps, asOf),
  };
}

function firstAndLastOrder(
  { instantSeconds, orderCount }: OrderColumns,
  asOf: AsOf,
): Pick<ReportInputs, 'firstOrderAt' | 'lastOrderAt'> {
  let firstMs = Infinity;
  let lastMs = -Infinity;
  for (let i = 0; i < orderCount; i += 1) {
    const instantMs = msOfSeconds(numberAt(instantSeconds, i));
    if (instantMs >= asOf.endMs) continue;
    if (instantMs < firstMs) firstMs = instantMs;
    if (instantMs > lastMs) lastMs = instantMs;
  }
  if (firstMs > lastMs) return { firstOrderAt: null, lastOrderAt: null };
  return { firstOrderAt: formatInstant(firstMs), lastOrderAt: formatInstant(lastMs) };
}
