import type { PurchaseHistories } from '../models/purchase-histories.ts';

/**
 * What a merchant could say without a model; a model that does not beat both is not worth its trouble (METRICS 6).
 * Both know no more than the histories and the purchases of the last year.
 */
export interface RivalForecasts {
  /** The same for every customer. */
  readonly lastYearMean: number;
  /** For each row of the histories. */
  readonly simpleRule: Float64Array;
}

const YEAR_DAYS = 365;

/**
 * Every customer buys, each day, what customers bought a day on average in the last year: their purchase days after the
 * first, over the days that each was known in that year.
 *
 * @param purchases - of all customers, in the last 365 days
 */
export function forecastByLastYear({ age, customers, rowCount }: PurchaseHistories, purchases: number, horizonDays: number) {
  let customerDays = 0;
  for (let row = 0; row < rowCount; row += 1) customerDays += (customers[row] ?? NaN) * Math.min(age[row] ?? NaN, YEAR_DAYS);
  return customerDays === 0 ? 0 : (purchases / customerDays) * horizonDays;
}

/**
 * Who has been away longer than nine of ten gaps between orders (`lapsed`, METRICS 5) never comes back; everybody else
 * goes on as before, x / T purchases a day. Wübben and von Wangenheim, "Instant Customer Base Analysis" (2008), found
 * such a rule of managers hard to beat.
 */
export function forecastBySimpleRule(
  { frequency, recency, age, rowCount }: PurchaseHistories,
  lapsedAfterDays: number,
  horizonDays: number,
): Float64Array {
  const orders = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row += 1) {
    const days = age[row] ?? NaN;
    const isLapsed = days - (recency[row] ?? NaN) > lapsedAfterDays;
    if (days > 0 && !isLapsed) orders[row] = ((frequency[row] ?? NaN) / days) * horizonDays;
  }
  return orders;
}
