import type { OrderColumns } from '../columns/order-columns.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { PurchaseModel } from '../models/fitted-model.ts';
import type { TrackedWeek } from '../report/predictions-report.ts';
import { formatDay } from '../../time/calendar-day.ts';
import { countRepeatDays } from './purchase-days.ts';
import type { PurchaseSummaries } from './purchase-summaries.ts';

interface TrackingFacts {
  readonly columns: OrderColumns;
  /** Of the customers known on the split day, as they were then. */
  readonly summaries: PurchaseSummaries;
  readonly splitDay: number;
  readonly asOf: AsOf;
}

const WEEK_DAYS = 7;

/**
 * Repeat purchases of the customers known on the split day, week by week from their first to the as-of day, as in
 * figures 2 and 3 of Fader, Hardie and Lee (2005): predicted is the sum of E[X(t)], what customers of these first days
 * are expected to make, and knows no customer apart. In the weeks before the split it shows how the model fits, after it
 * how it predicts. Weeks end on the weekday of the split day, so that none lies on both sides; the first and the last may
 * be shorter.
 */
export function trackWeeks(model: PurchaseModel, { columns, summaries, splitDay, asOf }: TrackingFacts): TrackedWeek[] {
  const historyDays = summaries.histories.age.reduce((longest, age) => Math.max(longest, age), 0);
  const firstDay = splitDay - historyDays;
  const { purchasesByDay } = countRepeatDays(columns, summaries.customers, { afterDay: firstDay - 1, asOf });
  const expectedOfNew = Float64Array.from({ length: asOf.day - firstDay + 1 }, (_, days) => {
    return days === 0 ? 0 : model.expectedPurchasesOfNew(days);
  });
  const weeks: TrackedWeek[] = [];
  let cumulativeActual = 0;
  let cumulativePredicted = 0;
  let day = firstDay - 1;
  const customersAtAge = countByAge(summaries, historyDays);
  for (const endDay of weekEnds(firstDay, splitDay, asOf.day)) {
    const days = endDay - day;
    let actual = 0;
    for (; day < endDay; day += 1) actual += purchasesByDay[day + 1 - firstDay] ?? NaN;
    const predictedByNow = expectedUpTo(endDay, { expectedOfNew, customersAtAge, splitDay });
    cumulativeActual += actual;
    weeks.push({
      endsOn: formatDay(endDay),
      days,
      isHeldOut: endDay > splitDay,
      actualOrders: actual,
      predictedOrders: predictedByNow - cumulativePredicted,
      cumulativeActualOrders: cumulativeActual,
      cumulativePredictedOrders: predictedByNow,
    });
    cumulativePredicted = predictedByNow;
  }
  return weeks;
}

function weekEnds(firstDay: number, splitDay: number, lastDay: number): number[] {
  const ends: number[] = [];
  const firstDays = (splitDay - firstDay) % WEEK_DAYS || WEEK_DAYS;
  for (let end = firstDay + firstDays; end < lastDay; end += WEEK_DAYS) ends.push(end);
  return [...ends, lastDay];
}

function countByAge({ histories }: PurchaseSummaries, longestAge: number): Float64Array {
  const counts = new Float64Array(longestAge + 1);
  for (let row = 0; row < histories.rowCount; row += 1) {
    const age = histories.age[row] ?? NaN;
    counts[age] = (counts[age] ?? NaN) + (histories.customers[row] ?? NaN);
  }
  return counts;
}

interface Expectation {
  /** E[X(t)] for t = 0, 1, ... days. */
  readonly expectedOfNew: Float64Array;
  /** By age on the split day. */
  readonly customersAtAge: Float64Array;
  readonly splitDay: number;
}

/** What all of them are expected to have made by the end of a day; those who come later have not begun. */
function expectedUpTo(day: number, { expectedOfNew, customersAtAge, splitDay }: Expectation): number {
  let sum = 0;
  for (let age = 0; age < customersAtAge.length; age += 1) {
    const since = age + day - splitDay;
    if (since > 0) sum += (customersAtAge[age] ?? NaN) * (expectedOfNew[since] ?? NaN);
  }
  return sum;
}
