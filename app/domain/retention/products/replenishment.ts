import { numberAt } from '../columns/number-column.ts';
import { secondsOfMs } from '../columns/order-columns.ts';
import { asOfDayIn } from '../columns/time-window.ts';
import { dayAhead, daysAtPace, PACE_DAYS } from '../metrics/day-at-pace.ts';
import { percentile } from '../metrics/percentile.ts';
import { productAt } from './line-columns.ts';
import type { Product } from './line-columns.ts';
import type { ProductScope } from './product-scope.ts';
import { readPurchaseDays } from './purchase-days.ts';

/** Below either, the quantiles of a product would be those of a few people. */
export const LEAST_GAPS = 30;
export const LEAST_CUSTOMERS = 20;

/** How soon customers buy a product again: calendar days between a customer's distinct purchase days of it. */
export interface Rhythm {
  /** Distances between consecutive purchase days, all customers together; none is 0. */
  readonly gaps: number;
  /** Customers with a gap: those who bought it on two days or more. */
  readonly customers: number;
  readonly medianDays: number;
  readonly p25Days: number;
  readonly p75Days: number;
}

export interface Replenishment extends Rhythm {
  readonly product: Product;
  /** Customers whose last purchase was p25Days ago or longer, and not yet p75Days. */
  readonly due: number;
  /** Customers whose last purchase was p75Days ago or longer. */
  readonly late: number;
}

/** The products with gaps enough, those with most gaps first, then by id. Quantiles are type 7. */
export function computeReplenishment(scope: ProductScope): Replenishment[] {
  const rhythms = computeRhythms(scope);
  const { due, late } = countDue(scope, rhythms);
  return [...rhythms]
    .map(([code, rhythm]) => ({
      product: productAt(scope.lines, code),
      ...rhythm,
      due: numberAt(due, code),
      late: numberAt(late, code),
    }))
    .sort((a, b) => b.gaps - a.gaps);
}

/** Of the products with gaps enough, by code ascending. */
export function computeRhythms(scope: ProductScope): Map<number, Rhythm> {
  const counts = countGaps(scope);
  const { pooled, starts } = poolGaps(scope, counts);
  const rhythms = new Map<number, Rhythm>();
  for (let product = 0; product < counts.gaps.length; product += 1) {
    if (!isEnough(counts, product)) continue;
    const gaps = numberAt(counts.gaps, product);
    const customers = numberAt(counts.customers, product);
    const start = numberAt(starts, product);
    const sorted = pooled.subarray(start, start + gaps).sort();
    const [medianDays, p25Days, p75Days] = [percentile(sorted, 50), percentile(sorted, 25), percentile(sorted, 75)];
    if (medianDays === null || p25Days === null || p75Days === null) continue;
    rhythms.set(product, { gaps, customers, medianDays, p25Days, p75Days });
  }
  return rhythms;
}

/** A product that some have bought again, with its gaps and the customers who have one. */
export interface NearestToRhythm {
  readonly product: Product;
  readonly gaps: number;
  readonly customers: number;
  /** `YYYY-MM-DD`: when it will have enough at the pace of the last three months; null where that is years away. */
  readonly reachedOn: string | null;
}

/** The product that lacks least of what a rhythm needs, by the scarcer of the two; null where none was bought again. */
export function findNearestToRhythm(scope: ProductScope): NearestToRhythm | null {
  const { gaps, customers } = countGaps(scope);
  let [nearest, most] = [-1, 0];
  for (let product = 0; product < gaps.length; product += 1) {
    const share = Math.min(numberAt(gaps, product) / LEAST_GAPS, numberAt(customers, product) / LEAST_CUSTOMERS);
    if (share > most) [nearest, most] = [product, share];
  }
  if (nearest < 0) return null;
  const found = { gaps: numberAt(gaps, nearest), customers: numberAt(customers, nearest) };
  return { product: productAt(scope.lines, nearest), ...found, reachedOn: expectRhythm(scope, nearest, found) };
}

function expectRhythm(scope: ProductScope, product: number, { gaps, customers }: { gaps: number; customers: number }): string | null {
  const earlier = countGaps({ ...scope, asOf: asOfDayIn(scope.columns.timeZone, scope.asOf.day - PACE_DAYS) });
  const untilGaps = daysAtPace({ has: gaps, needs: LEAST_GAPS, gained: gaps - numberAt(earlier.gaps, product) });
  const untilCustomers = daysAtPace({ has: customers, needs: LEAST_CUSTOMERS, gained: customers - numberAt(earlier.customers, product) });
  return dayAhead(scope.asOf, Math.max(untilGaps, untilCustomers));
}

/** Per product. */
interface GapCounts {
  gaps: Uint32Array;
  customers: Uint32Array;
}

function isEnough({ gaps, customers }: GapCounts, product: number): boolean {
  return numberAt(gaps, product) >= LEAST_GAPS && numberAt(customers, product) >= LEAST_CUSTOMERS;
}

function countGaps(scope: ProductScope): GapCounts {
  const gaps = new Uint32Array(scope.lines.dictionary.length);
  const customers = new Uint32Array(scope.lines.dictionary.length);
  readPurchaseDays(scope, {
    readGap(product, { isFirst }) {
      gaps[product] = (gaps[product] ?? NaN) + 1;
      if (isFirst) customers[product] = (customers[product] ?? NaN) + 1;
    },
    readLastDay() {},
  });
  return { gaps, customers };
}

/** The gaps of the products that have enough, those of one product beside each other from its start. */
function poolGaps(scope: ProductScope, counts: GapCounts): { pooled: Int32Array; starts: Uint32Array } {
  const starts = new Uint32Array(counts.gaps.length);
  const next = new Int32Array(counts.gaps.length).fill(-1);
  let total = 0;
  for (let product = 0; product < starts.length; product += 1) {
    if (!isEnough(counts, product)) continue;
    starts[product] = total;
    next[product] = total;
    total += numberAt(counts.gaps, product);
  }
  const pooled = new Int32Array(total);
  readPurchaseDays(scope, {
    readGap(product, { days }) {
      const place = next[product] ?? NaN;
      if (place < 0) return;
      pooled[place] = days;
      next[product] = place + 1;
    },
    readLastDay() {},
  });
  return { pooled, starts };
}

/** Per product, for those with a rhythm. */
function countDue(scope: ProductScope, rhythms: ReadonlyMap<number, Rhythm>): { due: Uint32Array; late: Uint32Array } {
  const due = new Uint32Array(scope.lines.dictionary.length);
  const late = new Uint32Array(scope.lines.dictionary.length);
  readDue(scope, rhythms, (product, _customer, isLate) => {
    const counts = isLate ? late : due;
    counts[product] = (counts[product] ?? NaN) + 1;
  });
  return { due, late };
}

/** Calls `onDue` for each customer and product that the customer is due for, or late; one is never both. */
export function readDue(
  scope: ProductScope,
  rhythms: ReadonlyMap<number, Rhythm>,
  onDue: (product: number, customer: number, isLate: boolean) => void,
): void {
  const productCount = scope.lines.dictionary.length;
  const dueFromDays = new Float64Array(productCount).fill(Infinity);
  const lateFromDays = new Float64Array(productCount).fill(Infinity);
  for (const [product, { p25Days, p75Days }] of rhythms) {
    dueFromDays[product] = p25Days;
    lateFromDays[product] = p75Days;
  }
  readPurchaseDays(scope, {
    readGap() {},
    readLastDay(product, customer, day) {
      const daysSince = scope.asOf.day - day;
      if (daysSince >= (lateFromDays[product] ?? NaN)) onDue(product, customer, true);
      else if (daysSince >= (dueFromDays[product] ?? NaN)) onDue(product, customer, false);
    },
  });
}

/** Customers by ascending index, each with the day of their last purchase of the product. */
export interface LastPurchases {
  readonly customers: Uint32Array;
  readonly lastDays: Int32Array;
}

export interface CustomersDue {
  readonly due: LastPurchases;
  readonly late: LastPurchases;
}

/** Who is due for a product, and who is late: the customers behind the two counts of `Replenishment`. */
export function listCustomersDue(scope: ProductScope, product: number, rhythm: Rhythm): CustomersDue {
  const { customers } = scope.selection;
  const found = { customers: new Uint32Array(customers.length), lastDays: new Int32Array(customers.length) };
  let count = 0;
  for (let i = 0; i < customers.length; i += 1) {
    const customer = customers[i] ?? NaN;
    const lastDay = findLastDay(scope, customer, product);
    if (scope.asOf.day - lastDay >= rhythm.p25Days) {
      found.customers[count] = customer;
      found.lastDays[count] = lastDay;
      count += 1;
    }
  }
  const isLate = (place: number): boolean => scope.asOf.day - numberAt(found.lastDays, place) >= rhythm.p75Days;
  const places = Uint32Array.from({ length: count }, (_, place) => place);
  return {
    due: takePlaces(found, places.filter((place) => !isLate(place))),
    late: takePlaces(found, places.filter(isLate)),
  };
}

/** Infinity where the customer has not bought it by the as-of day: nobody is due for what they never had. */
function findLastDay({ columns, lines, asOf }: ProductScope, customer: number, product: number): number {
  const { customerOffsets, days, instantSeconds } = columns;
  const { lineOffsets, products } = lines;
  const endSeconds = secondsOfMs(asOf.endMs);
  const first = customerOffsets[customer] ?? NaN;
  for (let order = (customerOffsets[customer + 1] ?? NaN) - 1; order >= first; order -= 1) {
    if ((instantSeconds[order] ?? NaN) >= endSeconds) continue;
    const end = lineOffsets[order + 1] ?? NaN;
    for (let line = lineOffsets[order] ?? NaN; line < end; line += 1) {
      if (products[line] === product) return days[order] ?? NaN;
    }
  }
  return Infinity;
}

function takePlaces({ customers, lastDays }: LastPurchases, places: Uint32Array): LastPurchases {
  return {
    customers: places.map((place) => numberAt(customers, place)),
    lastDays: Int32Array.from(places, (place) => numberAt(lastDays, place)),
  };
}
