import { formatMonth, monthOfDay } from '../../time/calendar-day.ts';
import { MS_PER_24_HOURS } from '../../time/durations.ts';
import { msOfSeconds } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { RollingCohortRow, RollingCohorts, WeightedCurvePoint } from '../report/report.ts';

const PERIOD_DAYS = 30;
const PERIOD_MS = PERIOD_DAYS * MS_PER_24_HOURS;

/** Sums of a cohort by the customers' own periods; each list as long as the periods of its longest customer. */
interface RollingSums {
  size: number;
  /** Customers by the number of periods that they have completed. */
  customersByPeriods: number[];
  active: number[];
  orders: number[];
  revenueMinor: number[];
  /** Entry k: what the revenue so far of all who completed period k is more than that of those who completed k - 1. */
  cumulativeSteps: number[];
}

/**
 * Cohorts by the month of the first order, followed over periods of 30 x 24 h that begin with each customer's own exact
 * first order. A customer is in a period once it has ended for them, so that all in it had the same time: the offset of
 * calendar months, which a first order on the 1st and one on the 31st share, is not in it.
 */
export function computeRollingCohorts(columns: OrderColumns, selection: Selection, asOf: AsOf): RollingCohorts {
  const sums = sumByMonth(columns, selection, asOf);
  const months = [...sums.keys()].sort((a, b) => a - b);
  const rows = months.flatMap((month) => {
    const cohort = sums.get(month);
    return cohort === undefined ? [] : [rowOf(month, cohort)];
  });
  return { period: 'rolling30Days', rows, weightedCurve: weightedCurveOf(rows) };
}

function sumByMonth(
  { customerOffsets, days, instantSeconds, valuesMinor }: OrderColumns,
  { customers }: Selection,
  asOf: AsOf,
): Map<number, RollingSums> {
  const cohorts = new Map<number, RollingSums>();
  let lastDay = NaN;
  let cohort = emptySums();
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    const firstMs = msOfSeconds(instantSeconds[first] ?? NaN);
    if (firstMs >= asOf.endMs) continue;
    const firstDay = days[first] ?? NaN;
    if (firstDay !== lastDay) {
      const month = monthOfDay(firstDay);
      cohort = cohorts.get(month) ?? emptySums();
      cohorts.set(month, cohort);
      lastDay = firstDay;
    }
    const completed = Math.floor((asOf.endMs - firstMs) / PERIOD_MS);
    cohort.size += 1;
    addTo(cohort.customersByPeriods, completed, 1);
    let activePeriod = -1;
    for (let i = first; i < end; i += 1) {
      const period = Math.floor((msOfSeconds(instantSeconds[i] ?? NaN) - firstMs) / PERIOD_MS);
      if (period >= completed) break;
      const valueMinor = valuesMinor[i] ?? NaN;
      if (period !== activePeriod) addTo(cohort.active, period, 1);
      activePeriod = period;
      addTo(cohort.orders, period, 1);
      addTo(cohort.revenueMinor, period, valueMinor);
      addTo(cohort.cumulativeSteps, period, valueMinor);
      addTo(cohort.cumulativeSteps, completed, -valueMinor);
    }
  }
  return cohorts;
}

function emptySums(): RollingSums {
  return { size: 0, customersByPeriods: [], active: [], orders: [], revenueMinor: [], cumulativeSteps: [] };
}

/** Adds to an entry of a list that grows to have it. */
function addTo(list: number[], index: number, amount: number): void {
  while (list.length <= index) list.push(0);
  list[index] = (list[index] ?? NaN) + amount;
}

function rowOf(month: number, sums: RollingSums): RollingCohortRow {
  const periods = sums.customersByPeriods.length - 1;
  const row: RollingCohortRow = {
    cohort: formatMonth(month),
    size: sums.size,
    eligible: [],
    active: [],
    orders: [],
    revenueMinor: [],
    cumulativeRevenuePerCustomerMinor: [],
  };
  let eligible = sums.size;
  let cumulativeMinor = 0;
  for (let period = 0; period < periods; period += 1) {
    eligible -= sums.customersByPeriods[period] ?? 0;
    cumulativeMinor += sums.cumulativeSteps[period] ?? 0;
    row.eligible.push(eligible);
    row.active.push(sums.active[period] ?? 0);
    row.orders.push(sums.orders[period] ?? 0);
    row.revenueMinor.push(sums.revenueMinor[period] ?? 0);
    row.cumulativeRevenuePerCustomerMinor.push(cumulativeMinor / eligible);
  }
  return row;
}

function weightedCurveOf(rows: readonly RollingCohortRow[]): WeightedCurvePoint[] {
  const points: WeightedCurvePoint[] = [];
  for (const { eligible, active } of rows) {
    for (const [offset, customers] of eligible.entries()) {
      const point = (points[offset] ??= { offset, customers: 0, active: 0, retention: NaN });
      point.customers += customers;
      point.active += active[offset] ?? NaN;
    }
  }
  for (const point of points) point.retention = point.active / point.customers;
  return points;
}
