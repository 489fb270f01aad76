import { formatDay } from '../../time/calendar-day.ts';
import { formatInstant } from '../../time/format-instant.ts';
import { basicsToDateOf, trailingBasicsOf } from '../metrics/basics.ts';
import { computeDaysBetweenOrders, orderGapsOf } from '../metrics/days-between-orders.ts';
import { computeLifecycle } from '../metrics/lifecycle.ts';
import { maturedRepeatRatesOf } from '../metrics/matured-repeat-rates.ts';
import { cohortsOf } from '../metrics/cohort-sums.ts';
import { msOfSeconds, secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { LineColumns } from '../products/line-columns.ts';
import { computeProductReport } from '../products/product-report.ts';
import type { ProductReport } from '../products/product-report.ts';
import type { ExcludedCounts, ReportInputs, RetentionReport } from './report.ts';
import { countRfmGroups, deriveRfmScales } from '../metrics/rfm.ts';
import { scanOrders } from '../metrics/scan-orders.ts';
import type { OrderScan } from '../metrics/scan-orders.ts';
import { computeSimpleClv } from '../metrics/simple-clv.ts';
import { countGuestOrdersBefore, everyone } from '../columns/selection.ts';
import type { Selection } from '../columns/selection.ts';
import { asOfDayIn, windowOfDays } from '../columns/time-window.ts';
import type { AsOf } from '../columns/time-window.ts';

export interface RetentionReportOptions {
  /** Calendar day in the columns' time zone; the report ends at the last moment of it. */
  asOfDay: number;
  /** Orders that are not in the columns, by the reason `assessOrder` gave. */
  excluded: ExcludedCounts;
  /** Whom the report is about; everybody when not given. `excluded` and `prospects` are taken as they are. */
  selection?: Selection;
  /** The lines of the columns' orders, for the numbers about products; without them those are null. */
  lines?: LineColumns | null;
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
  const trailingWindow = windowOfDays(asOfDay + 1 - TRAILING_DAYS, asOfDay + 1, columns.timeZone);
  const scan = scanOrders(columns, selection, { asOf, trailingStartMs: trailingWindow.startMs });
  const overall = basicsToDateOf({ columns, selection, scan }, asOf);
  const trailing365 = trailingBasicsOf({ columns, selection, scan }, trailingWindow);
  const gaps = orderGapsOf(scan);
  const scales = deriveRfmScales(scan, scan.purchaseCounts);
  const orderCount = options.selection ? countOrders(columns, selection) : columns.orderCount;
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
      ...firstAndLastOrder(columns, selection, scan, asOf),
    },
    overall,
    trailing365,
    maturedRepeatRate: maturedRepeatRatesOf(scan.maturity),
    daysBetweenOrders: computeDaysBetweenOrders(gaps),
    simpleClv: computeSimpleClv(trailing365, { lifespanYears, customers: scan.count, gaps }),
    cohorts: cohortsOf(scan.cohorts, asOf, 'month'),
    rfm: { breaks: scales.breaks, groups: countRfmGroups(scan, scales, { asOf, prospects }) },
    lifecycle: computeLifecycle({ counts: scan.purchaseCounts, gaps }),
    ...productNumbers(columns, { lines: options.lines ?? null, selection, asOf }),
  };
}

type ProductNumbers = Pick<RetentionReport, keyof ProductReport>;

interface ProductInputs {
  lines: LineColumns | null;
  selection: Selection;
  asOf: AsOf;
}

function productNumbers(columns: OrderColumns, { lines, selection, asOf }: ProductInputs): ProductNumbers {
  if (lines === null) return { replenishment: null, boughtTogether: null, boughtTogetherBasis: null, firstProducts: null };
  return computeProductReport({ columns, lines, selection, asOf });
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
  columns: OrderColumns,
  selection: Selection,
  { span }: OrderScan,
  asOf: AsOf,
): Pick<ReportInputs, 'firstOrderAt' | 'lastOrderAt'> {
  const { guestOrders } = selection;
  const guestsSeconds = (place: number) => columns.instantSeconds[guestOrders[place] ?? NaN] ?? NaN;
  const guests = countGuestOrdersBefore(columns, selection, secondsOfMs(asOf.endMs));
  if (span === null && guests === 0) return { firstOrderAt: null, lastOrderAt: null };
  const earliest = Math.min(span?.firstSeconds ?? Infinity, guests === 0 ? Infinity : guestsSeconds(0));
  const latest = Math.max(span?.lastSeconds ?? -Infinity, guests === 0 ? -Infinity : guestsSeconds(guests - 1));
  return { firstOrderAt: formatInstant(msOfSeconds(earliest)), lastOrderAt: formatInstant(msOfSeconds(latest)) };
}
