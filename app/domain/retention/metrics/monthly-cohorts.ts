import { firstDayOfMonth, formatMonth, isLastDayOfMonth, monthOfDay } from '../../time/calendar-day.ts';
import { numberAt } from '../columns/number-column.ts';
import { msOfSeconds } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { CohortRow, MonthlyCohorts, WeightedCurvePoint } from '../report/report.ts';
import type { AsOf } from '../columns/time-window.ts';
import { float64At, int32At, uint32At } from '../columns/typed-array-access.ts';

/** A row while it is being summed; entry k is the k-th month after the cohort's own. */
interface CohortSums {
  month: number;
  size: number;
  active: Float64Array;
  orders: Float64Array;
  revenueMinor: Float64Array;
}

/**
 * Customers by the calendar month of their first order in shop time, and what they did in each month since
 * (METRICS section 3). The month that is still running is the last of every row and in none of the averages.
 */
export function computeMonthlyCohorts(columns: OrderColumns, asOf: AsOf): MonthlyCohorts {
  const asOfMonth = monthOfDay(asOf.day);
  const isAsOfMonthOver = isLastDayOfMonth(asOf.day);
  const cohorts = sumByCohort(columns, asOf, asOfMonth);
  return {
    period: 'month',
    incompletePeriod: isAsOfMonthOver ? null : formatMonth(asOfMonth),
    rows: cohorts.map(rowOf),
    weightedCurve: weightedCurveOf(cohorts, isAsOfMonthOver ? asOfMonth : asOfMonth - 1),
  };
}

function sumByCohort(columns: OrderColumns, asOf: AsOf, asOfMonth: number): CohortSums[] {
  const { customerCount, customerOffsets, days, instantSeconds, valuesMinor } = columns;
  const months = monthTable(columns, asOf);
  const cohorts = new Map<number, CohortSums>();
  for (let customer = 0; customer < customerCount; customer += 1) {
    const first = uint32At(customerOffsets, customer);
    const end = uint32At(customerOffsets, customer + 1);
    if (msOfSeconds(numberAt(instantSeconds, first)) >= asOf.endMs) continue;

    const cohortMonth = months.of(numberAt(days, first));
    const cohort = cohorts.get(cohortMonth) ?? emptyCohort(cohortMonth, asOfMonth);
    cohorts.set(cohortMonth, cohort);
    cohort.size += 1;
    let lastOffset = -1;
    for (let i = first; i < end && msOfSeconds(numberAt(instantSeconds, i)) < asOf.endMs; i += 1) {
      const offset = months.of(numberAt(days, i)) - cohortMonth;
      if (offset !== lastOffset) cohort.active[offset] = float64At(cohort.active, offset) + 1;
      lastOffset = offset;
      cohort.orders[offset] = float64At(cohort.orders, offset) + 1;
      cohort.revenueMinor[offset] = float64At(cohort.revenueMinor, offset) + numberAt(valuesMinor, i);
    }
  }
  return [...cohorts.values()].sort((a, b) => a.month - b.month);
}

function emptyCohort(month: number, asOfMonth: number): CohortSums {
  const length = asOfMonth - month + 1;
  return {
    month,
    size: 0,
    active: new Float64Array(length),
    orders: new Float64Array(length),
    revenueMinor: new Float64Array(length),
  };
}

/** Months of all days in use, looked up: the calendar arithmetic costs more than the rest of the scan. */
function monthTable(columns: OrderColumns, asOf: AsOf): { of: (day: number) => number } {
  let firstDay = asOf.day;
  for (let customer = 0; customer < columns.customerCount; customer += 1) {
    firstDay = Math.min(firstDay, numberAt(columns.days, uint32At(columns.customerOffsets, customer)));
  }
  const months = new Int32Array(asOf.day - firstDay + 1);
  let month = monthOfDay(firstDay);
  let nextMonthDay = firstDayOfMonth(month + 1);
  for (let day = firstDay; day <= asOf.day; day += 1) {
    if (day === nextMonthDay) {
      month += 1;
      nextMonthDay = firstDayOfMonth(month + 1);
    }
    months[day - firstDay] = month;
  }
  return { of: (day) => int32At(months, day - firstDay) };
}

function rowOf(cohort: CohortSums): CohortRow {
  return {
    cohort: formatMonth(cohort.month),
    size: cohort.size,
    active: [...cohort.active],
    orders: [...cohort.orders],
    revenueMinor: [...cohort.revenueMinor],
  };
}

/** Sum of active customers / sum of sizes, over the cohorts old enough to have completed the offset. */
function weightedCurveOf(cohorts: readonly CohortSums[], lastCompleteMonth: number): WeightedCurvePoint[] {
  const oldest = cohorts[0];
  if (oldest === undefined) return [];
  const points: WeightedCurvePoint[] = [];
  for (let offset = 0; oldest.month + offset <= lastCompleteMonth; offset += 1) {
    const completed = cohorts.filter((cohort) => cohort.month + offset <= lastCompleteMonth);
    const customers = completed.reduce((sum, cohort) => sum + cohort.size, 0);
    const active = completed.reduce((sum, cohort) => sum + float64At(cohort.active, offset), 0);
    points.push({ offset, customers, active, retention: active / customers });
  }
  return points;
}
