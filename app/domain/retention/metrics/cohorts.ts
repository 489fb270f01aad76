import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { CalendarPeriod, Cohorts } from '../report/report.ts';
import { ACTIVE, cohortsOf, layOutCohorts, ORDERS, REVENUE_MINOR } from './cohort-sums.ts';

/**
 * Customers by the calendar period of their first order in shop time, and what they did in each period since
 * (METRICS section 3). The report has those of months from `scanOrders`, which adds up more on the way.
 */
export function computeCohorts<Period extends CalendarPeriod>(
  columns: OrderColumns,
  selection: Selection,
  asOf: AsOf,
  period: Period,
): Cohorts<Period> {
  const { customerOffsets, days, instantSeconds, valuesMinor } = columns;
  const selected = selection.customers;
  const endSeconds = secondsOfMs(asOf.endMs);
  const cohorts = layOutCohorts(columns, selection, asOf, period);
  const { sums, fromDay, rowPlaces, periodPlaces } = cohorts;
  for (let k = 0; k < selected.length; k += 1) {
    const customer = selected[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    let end = customerOffsets[customer + 1] ?? NaN;
    while (end > first && (instantSeconds[end - 1] ?? NaN) >= endSeconds) end -= 1;
    if (end === first) continue;
    const rowPlace = rowPlaces[(days[first] ?? NaN) - fromDay] ?? NaN;
    let placeBefore = -1;
    for (let i = first; i < end; i += 1) {
      const place = rowPlace + (periodPlaces[(days[i] ?? NaN) - fromDay] ?? NaN);
      sums[place + ACTIVE] = (sums[place + ACTIVE] ?? NaN) + Number(place !== placeBefore);
      sums[place + ORDERS] = (sums[place + ORDERS] ?? NaN) + 1;
      sums[place + REVENUE_MINOR] = (sums[place + REVENUE_MINOR] ?? NaN) + (valuesMinor[i] ?? NaN);
      placeBefore = place;
    }
  }
  return cohortsOf(cohorts, asOf, period);
}
