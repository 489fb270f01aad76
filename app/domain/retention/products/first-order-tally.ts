import { numberAt } from '../columns/number-column.ts';
import { msOfSeconds } from '../columns/order-columns.ts';
import { ratio } from '../metrics/ratio.ts';
import { MS_PER_24_HOURS } from '../../time/durations.ts';
import type { ProductScope } from './product-scope.ts';

const YEAR_MS = 365 * MS_PER_24_HOURS;

/** What became of the customers who began in one way. */
export interface CustomersBegun {
  /** Customers whose first order it was. */
  readonly customers: number;
  /** Those whose first order is at least `withinDays` x 24 h before the end, as in the matured repeat rate. */
  readonly matured: number;
  /** Those of them who ordered again within that time. */
  readonly repeated: number;
  readonly repeatRate: number | null;
  /** Customers whose first order is at least 365 x 24 h before the end. */
  readonly maturedYear: number;
  /** What they spent within 365 x 24 h, the first order included. */
  readonly yearRevenueMinor: number;
  readonly yearRevenuePerCustomerMinor: number | null;
  /** Of that mean; null with fewer than two. */
  readonly yearRevenueStandardErrorMinor: number | null;
}

/** Per product, and after the last product those of all customers. */
export interface FirstOrderTally {
  readonly customers: Uint32Array;
  readonly matured: Uint32Array;
  readonly repeated: Uint32Array;
  readonly maturedYear: Uint32Array;
  readonly yearRevenueMinor: Float64Array;
  /** Running means and sums of squared deviations from them (Welford 1962): large sums cost them no digits. */
  readonly yearMeans: Float64Array;
  readonly yearDeviations: Float64Array;
}

export function tallyFirstOrders(scope: ProductScope, withinDays: number): FirstOrderTally {
  const { columns, selection, asOf } = scope;
  const { lineOffsets, products, dictionary } = scope.lines;
  const groups = dictionary.length + 1;
  const tally = emptyTally(groups);
  const beginning: Beginning = { isMatured: false, hasRepeated: false, isMaturedYear: false, yearRevenueMinor: 0 };
  for (let i = 0; i < selection.customers.length; i += 1) {
    const customer = selection.customers[i] ?? NaN;
    const first = columns.customerOffsets[customer] ?? NaN;
    if (msOfSeconds(columns.instantSeconds[first] ?? NaN) >= asOf.endMs) continue;
    readBeginning(scope, { customer, withinMs: withinDays * MS_PER_24_HOURS }, beginning);
    const end = lineOffsets[first + 1] ?? NaN;
    for (let line = lineOffsets[first] ?? NaN; line < end; line += 1) addTo(tally, products[line] ?? NaN, beginning);
    addTo(tally, groups - 1, beginning);
  }
  return tally;
}

function emptyTally(groups: number): FirstOrderTally {
  return {
    customers: new Uint32Array(groups),
    matured: new Uint32Array(groups),
    repeated: new Uint32Array(groups),
    maturedYear: new Uint32Array(groups),
    yearRevenueMinor: new Float64Array(groups),
    yearMeans: new Float64Array(groups),
    yearDeviations: new Float64Array(groups),
  };
}

/** How one customer began; filled anew for each, so that a million customers make no million objects. */
interface Beginning {
  isMatured: boolean;
  hasRepeated: boolean;
  isMaturedYear: boolean;
  yearRevenueMinor: number;
}

function readBeginning(
  { columns, asOf }: ProductScope,
  { customer, withinMs }: { customer: number; withinMs: number },
  beginning: Beginning,
): void {
  const { customerOffsets, instantSeconds, valuesMinor } = columns;
  const first = customerOffsets[customer] ?? NaN;
  const end = customerOffsets[customer + 1] ?? NaN;
  const firstMs = msOfSeconds(instantSeconds[first] ?? NaN);
  beginning.isMatured = asOf.endMs - firstMs >= withinMs;
  beginning.isMaturedYear = asOf.endMs - firstMs >= YEAR_MS;
  beginning.hasRepeated = false;
  beginning.yearRevenueMinor = valuesMinor[first] ?? NaN;
  for (let order = first + 1; order < end; order += 1) {
    const orderMs = msOfSeconds(instantSeconds[order] ?? NaN);
    if (orderMs >= asOf.endMs) break;
    if (orderMs - firstMs <= withinMs) beginning.hasRepeated = true;
    if (orderMs - firstMs <= YEAR_MS) beginning.yearRevenueMinor += valuesMinor[order] ?? NaN;
  }
}

function addTo(tally: FirstOrderTally, group: number, beginning: Beginning): void {
  tally.customers[group] = (tally.customers[group] ?? NaN) + 1;
  if (beginning.isMatured) {
    tally.matured[group] = (tally.matured[group] ?? NaN) + 1;
    if (beginning.hasRepeated) tally.repeated[group] = (tally.repeated[group] ?? NaN) + 1;
  }
  if (beginning.isMaturedYear) {
    const count = (tally.maturedYear[group] ?? NaN) + 1;
    const deviation = beginning.yearRevenueMinor - (tally.yearMeans[group] ?? NaN);
    const mean = (tally.yearMeans[group] ?? NaN) + deviation / count;
    tally.maturedYear[group] = count;
    tally.yearRevenueMinor[group] = (tally.yearRevenueMinor[group] ?? NaN) + beginning.yearRevenueMinor;
    tally.yearMeans[group] = mean;
    tally.yearDeviations[group] =
      (tally.yearDeviations[group] ?? NaN) + deviation * (beginning.yearRevenueMinor - mean);
  }
}

export function describeGroup(tally: FirstOrderTally, group: number): CustomersBegun {
  const matured = numberAt(tally.matured, group);
  const repeated = numberAt(tally.repeated, group);
  const maturedYear = numberAt(tally.maturedYear, group);
  const yearRevenueMinor = numberAt(tally.yearRevenueMinor, group);
  const variance = maturedYear < 2 ? null : numberAt(tally.yearDeviations, group) / (maturedYear - 1);
  return {
    customers: numberAt(tally.customers, group),
    matured,
    repeated,
    repeatRate: ratio(repeated, matured),
    maturedYear,
    yearRevenueMinor,
    yearRevenuePerCustomerMinor: ratio(yearRevenueMinor, maturedYear),
    yearRevenueStandardErrorMinor: variance === null ? null : Math.sqrt(variance / maturedYear),
  };
}
