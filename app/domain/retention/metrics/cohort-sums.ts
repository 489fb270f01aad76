import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { CalendarPeriod, CohortRow, Cohorts, WeightedCurvePoint } from '../report/report.ts';
import { CALENDARS, periodTable } from './calendar-periods.ts';

/**
 * Sums by cohort and by period since, to be added to by a scan of the orders. Each cohort has a row from its own period
 * to the one of the as-of day, and the rows follow one another in a flat array.
 *
 * An order on `day`, of a customer whose first one was on `firstDay`, belongs at
 * `rowPlaces[firstDay - fromDay] + periodPlaces[day - fromDay]`: its customer (once a period) at ACTIVE from there, the
 * order at ORDERS, its value at REVENUE_MINOR.
 */
export interface CohortSums {
  readonly sums: Float64Array;
  /** The day of the earliest first order; the tables reach from here to the as-of day. */
  readonly fromDay: number;
  readonly rowPlaces: Int32Array;
  readonly periodPlaces: Int32Array;
  readonly rows: readonly CohortPlace[];
}

interface CohortPlace {
  /** The cohort's own period. */
  readonly cohort: number;
  /** Places in `sums`. */
  readonly start: number;
  readonly end: number;
}

export const ACTIVE = 0;
export const ORDERS = 1;
export const REVENUE_MINOR = 2;
/** Of an entry, side by side since they are added to together. */
const SUMS = 3;

/** Zeroed sums with a row for each cohort that can have customers. */
export function layOutCohorts(columns: OrderColumns, selection: Selection, asOf: AsOf, period: CalendarPeriod): CohortSums {
  const firstDays = daysOfFirstOrders(columns, selection, asOf);
  const fromDay = firstDays[0] ?? asOf.day;
  const periods = periodTable(CALENDARS[period], fromDay, asOf.day);
  const [fromPeriod = NaN, lastPeriod = NaN] = [periods[0], periods.at(-1)];
  const hasFirstOrders = new Uint8Array(lastPeriod - fromPeriod + 1);
  for (const day of firstDays) hasFirstOrders[(periods[day - fromDay] ?? NaN) - fromPeriod] = 1;
  const rows: CohortPlace[] = [];
  const rowStarts = new Int32Array(hasFirstOrders.length);
  let length = 0;
  for (const [index, has] of hasFirstOrders.entries()) {
    rowStarts[index] = length;
    if (has === 0) continue;
    const cohort = fromPeriod + index;
    const start = length;
    length += (lastPeriod - cohort + 1) * SUMS;
    rows.push({ cohort, start, end: length });
  }
  const periodPlaces = periods.map((each) => (each - fromPeriod) * SUMS);
  return {
    sums: new Float64Array(length),
    fromDay,
    // An order of the cohort's own period is the first of its row.
    rowPlaces: periods.map((cohort, day) => (rowStarts[cohort - fromPeriod] ?? NaN) - (periodPlaces[day] ?? NaN)),
    periodPlaces,
    rows,
  };
}

/** The days up to the as-of day on which somebody's first order was, ascending. */
function daysOfFirstOrders({ customerOffsets, days }: OrderColumns, { customers }: Selection, asOf: AsOf): number[] {
  const from = lowestOf(days);
  const marked = new Uint8Array(Math.max(0, asOf.day - from + 1));
  for (let k = 0; k < customers.length; k += 1) {
    const firstDay = days[customerOffsets[customers[k] ?? NaN] ?? NaN] ?? NaN;
    if (firstDay <= asOf.day) marked[firstDay - from] = 1;
  }
  const found: number[] = [];
  for (let day = marked.indexOf(1); day !== -1; day = marked.indexOf(1, day + 1)) found.push(from + day);
  return found;
}

/** No day is lower; not always the lowest, to find which is to go through all. */
function lowestOf(days: OrderColumns['days']): number {
  if (days instanceof Uint16Array) return 0;
  let lowest = 0;
  for (let i = 0; i < days.length; i += 1) lowest = Math.min(lowest, days[i] ?? NaN);
  return lowest;
}

/** The period that is still running is the last of every row and in none of the averages. */
export function cohortsOf<Period extends CalendarPeriod>({ rows, sums }: CohortSums, asOf: AsOf, period: Period): Cohorts<Period> {
  const { periodOfDay, format } = CALENDARS[period];
  const asOfPeriod = periodOfDay(asOf.day);
  const isOver = periodOfDay(asOf.day + 1) !== asOfPeriod;
  const found = rows
    .map(({ cohort, start, end }) => ({ cohort, row: rowOf(format(cohort), sums.subarray(start, end)) }))
    // A first order of the as-of day can come after its end where clocks are set back over midnight.
    .filter(({ row }) => row.size > 0);
  return {
    period,
    incompletePeriod: isOver ? null : format(asOfPeriod),
    rows: found.map(({ row }) => row),
    weightedCurve: weightedCurveOf(found, isOver ? asOfPeriod : asOfPeriod - 1),
  };
}

function rowOf(cohort: string, sums: Float64Array): CohortRow {
  const [active, orders, revenueMinor]: [number[], number[], number[]] = [[], [], []];
  for (let at = 0; at < sums.length; at += SUMS) {
    active.push(sums[at + ACTIVE] ?? NaN);
    orders.push(sums[at + ORDERS] ?? NaN);
    revenueMinor.push(sums[at + REVENUE_MINOR] ?? NaN);
  }
  // Everybody is active in the period of their first order.
  const size = active[0] ?? NaN;
  let sumMinor = 0;
  const cumulativeRevenuePerCustomerMinor = revenueMinor.map((minor) => (sumMinor += minor) / size);
  return { cohort, size, active, orders, revenueMinor, cumulativeRevenuePerCustomerMinor };
}

/** Sum of active customers / sum of sizes, over the cohorts old enough to have completed the offset. */
function weightedCurveOf(rows: readonly { cohort: number; row: CohortRow }[], lastComplete: number): WeightedCurvePoint[] {
  const points: WeightedCurvePoint[] = [];
  for (const { cohort, row } of rows) {
    for (let offset = 0; cohort + offset <= lastComplete; offset += 1) {
      const point = (points[offset] ??= { offset, customers: 0, active: 0, retention: NaN });
      point.customers += row.size;
      point.active += row.active[offset] ?? NaN;
    }
  }
  for (const point of points) point.retention = point.active / point.customers;
  return points;
}
