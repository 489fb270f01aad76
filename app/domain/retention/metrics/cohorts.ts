import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { CalendarPeriod, CohortRow, Cohorts, WeightedCurvePoint } from '../report/report.ts';
import { CALENDARS, periodTable } from './calendar-periods.ts';
import type { PeriodCalendar } from './calendar-periods.ts';

/** The cohorts' rows one after the other in flat arrays; a cohort's entries begin at its start and end with the next's. */
interface CohortMatrix {
  /** Cohorts that have customers, ascending, by period. */
  cohorts: readonly number[];
  sizes: readonly number[];
  /** One more than there are cohorts. */
  starts: readonly number[];
  /** Of each entry the active customers, the orders and the revenue, side by side since they are added to together. */
  sums: Float64Array;
}

const SUMS = 3;
const ACTIVE = 0;
const ORDERS = 1;
const REVENUE_MINOR = 2;

/**
 * Customers by the calendar period of their first order in shop time, and what they did in each period since
 * (METRICS section 3). The period that is still running is the last of every row and in none of the averages.
 */
export function computeCohorts<Period extends CalendarPeriod>(
  columns: OrderColumns,
  selection: Selection,
  asOf: AsOf,
  period: Period,
): Cohorts<Period> {
  const calendar = CALENDARS[period];
  const asOfPeriod = calendar.periodOfDay(asOf.day);
  const isOver = calendar.periodOfDay(asOf.day + 1) !== asOfPeriod;
  const matrix = sumByCohort(columns, selection, { asOf, asOfPeriod, calendar });
  return {
    period,
    incompletePeriod: isOver ? null : calendar.format(asOfPeriod),
    rows: matrix.cohorts.map((_, index) => rowOf(matrix, index, calendar)),
    weightedCurve: weightedCurveOf(matrix, isOver ? asOfPeriod : asOfPeriod - 1),
  };
}

interface Calendar {
  asOf: AsOf;
  asOfPeriod: number;
  calendar: PeriodCalendar;
}

function sumByCohort(columns: OrderColumns, selection: Selection, { asOf, asOfPeriod, calendar }: Calendar): CohortMatrix {
  const { customerOffsets, days, instantSeconds, valuesMinor } = columns;
  const selected = selection.customers;
  const endSeconds = secondsOfMs(asOf.endMs);
  const fromDay = firstDayOf(columns, selection, asOf);
  const periods = periodTable(calendar, fromDay, asOf.day);
  const { room, startLessCohort, fromPeriod } = layOut(columns, selection, { endSeconds, fromDay, periods, asOfPeriod });
  const { sums } = room;
  for (let k = 0; k < selected.length; k += 1) {
    const customer = selected[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    let end = customerOffsets[customer + 1] ?? NaN;
    while (end > first && (instantSeconds[end - 1] ?? NaN) >= endSeconds) end -= 1;
    if (end === first) continue;
    const cohort = periods[(days[first] ?? NaN) - fromDay] ?? NaN;
    const shift = startLessCohort[cohort - fromPeriod] ?? NaN;
    let lastAt = -1;
    for (let i = first; i < end; i += 1) {
      const at = (shift + (periods[(days[i] ?? NaN) - fromDay] ?? NaN)) * SUMS;
      sums[at + ACTIVE] = (sums[at + ACTIVE] ?? NaN) + Number(at !== lastAt);
      sums[at + ORDERS] = (sums[at + ORDERS] ?? NaN) + 1;
      sums[at + REVENUE_MINOR] = (sums[at + REVENUE_MINOR] ?? NaN) + (valuesMinor[i] ?? NaN);
      lastAt = at;
    }
  }
  return room;
}

interface Layout {
  room: CohortMatrix;
  /** By cohort from `fromPeriod` on: where its row starts, less the cohort; with a period added, the place of that. */
  startLessCohort: Int32Array;
  fromPeriod: number;
}

interface Scale {
  endSeconds: number;
  fromDay: number;
  /** Of the days from `fromDay` on. */
  periods: Int32Array;
  asOfPeriod: number;
}

/** Room for the cohorts that have customers, each as long as its time so far. */
function layOut(
  { customerOffsets, days, instantSeconds }: OrderColumns,
  { customers }: Selection,
  { endSeconds, fromDay, periods, asOfPeriod }: Scale,
): Layout {
  const fromPeriod = periods[0] ?? asOfPeriod;
  const sizeOf = new Uint32Array(asOfPeriod - fromPeriod + 1);
  for (let k = 0; k < customers.length; k += 1) {
    const first = customerOffsets[customers[k] ?? NaN] ?? NaN;
    if ((instantSeconds[first] ?? NaN) >= endSeconds) continue;
    const at = (periods[(days[first] ?? NaN) - fromDay] ?? NaN) - fromPeriod;
    sizeOf[at] = (sizeOf[at] ?? NaN) + 1;
  }
  const startLessCohort = new Int32Array(sizeOf.length);
  const [cohorts, sizes, starts]: [number[], number[], number[]] = [[], [], []];
  let length = 0;
  for (let at = 0; at < sizeOf.length; at += 1) {
    const size = sizeOf[at] ?? NaN;
    if (size === 0) continue;
    cohorts.push(fromPeriod + at);
    sizes.push(size);
    starts.push(length);
    startLessCohort[at] = length - (fromPeriod + at);
    length += sizeOf.length - at;
  }
  starts.push(length);
  const room = {
    cohorts,
    sizes,
    starts,
    sums: new Float64Array(length * SUMS),
  };
  return { room, startLessCohort, fromPeriod };
}

/** The day of the earliest order of the selected customers; the as-of day when they have none up to it. */
export function firstDayOf({ customerOffsets, days }: OrderColumns, { customers }: Selection, asOf: AsOf): number {
  let earliest = asOf.day;
  for (let k = 0; k < customers.length; k += 1) {
    earliest = Math.min(earliest, days[customerOffsets[customers[k] ?? NaN] ?? NaN] ?? NaN);
  }
  return earliest;
}

function rowOf(matrix: CohortMatrix, index: number, calendar: PeriodCalendar): CohortRow {
  const [cohort = NaN, size = NaN] = [matrix.cohorts[index], matrix.sizes[index]];
  const [start = NaN, end = NaN] = [matrix.starts[index], matrix.starts[index + 1]];
  const listOf = (sum: number) => Array.from({ length: end - start }, (_, offset) => matrix.sums[(start + offset) * SUMS + sum] ?? NaN);
  const revenueMinor = listOf(REVENUE_MINOR);
  let sumMinor = 0;
  return {
    cohort: calendar.format(cohort),
    size,
    active: listOf(ACTIVE),
    orders: listOf(ORDERS),
    revenueMinor,
    cumulativeRevenuePerCustomerMinor: revenueMinor.map((minor) => (sumMinor += minor) / size),
  };
}

/** Sum of active customers / sum of sizes, over the cohorts old enough to have completed the offset. */
function weightedCurveOf({ cohorts, sizes, starts, sums }: CohortMatrix, lastComplete: number): WeightedCurvePoint[] {
  const points: WeightedCurvePoint[] = [];
  for (const [index, cohort] of cohorts.entries()) {
    for (let offset = 0; cohort + offset <= lastComplete; offset += 1) {
      const point = (points[offset] ??= { offset, customers: 0, active: 0, retention: NaN });
      point.customers += sizes[index] ?? NaN;
      point.active += sums[((starts[index] ?? NaN) + offset) * SUMS + ACTIVE] ?? NaN;
    }
  }
  for (const point of points) point.retention = point.active / point.customers;
  return points;
}
