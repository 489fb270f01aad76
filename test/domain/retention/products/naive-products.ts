import type { ProductKey } from '#app/domain/retention/products/line-columns.ts';
import type { Purchase } from './purchases.ts';

/**
 * The definitions of METRICS section 7 over plain objects, sets and maps, in UTC, as slowly as they read. Products are
 * named by their SKU.
 */
const MS_A_DAY = 86_400_000;

interface AsOfDay {
  /** Days since 1970-01-01. */
  day: number;
}

function upTo(purchases: readonly Purchase[], { day }: AsOfDay): Purchase[] {
  return purchases.filter(({ order }) => order.processedAtMs < (day + 1) * MS_A_DAY);
}

function productsOf({ lines }: Purchase): string[] {
  return [...new Set(lines.filter(({ quantity }) => quantity > 0).map(({ sku }) => sku ?? ''))].sort();
}

export interface NaivePair {
  a: ProductKey;
  b: ProductKey;
  baskets: number;
  support: number;
  confidenceAToB: number;
  confidenceBToA: number;
  lift: number;
}

export function naivePairs(purchases: readonly Purchase[], asOf: AsOfDay, minimumOf: (n: number) => number): NaivePair[] {
  const baskets = upTo(purchases, asOf).map(productsOf).filter(({ length }) => length > 0);
  const ids = [...new Set(baskets.flat())].sort();
  const withAll = (...wanted: string[]): number => baskets.filter((basket) => wanted.every((id) => basket.includes(id))).length;
  const n = baskets.length;
  return ids
    .flatMap((a) => ids.filter((b) => a < b).map((b) => ({ a, b, baskets: withAll(a, b) })))
    .filter((pair) => pair.baskets >= minimumOf(n))
    .map(({ a, b, baskets: both }) => ({
      a,
      b,
      baskets: both,
      support: both / n,
      confidenceAToB: both / withAll(a),
      confidenceBToA: both / withAll(b),
      lift: both / n / ((withAll(a) / n) * (withAll(b) / n)),
    }));
}

/** Per customer and product, the days on which it was bought, ascending. */
function purchaseDays(purchases: readonly Purchase[]): Map<string, Map<string, number[]>> {
  const days = new Map<string, Map<string, Set<number>>>();
  for (const purchase of purchases) {
    if (purchase.order.customerKey === null) continue;
    for (const id of productsOf(purchase)) {
      const ofProduct = days.get(id) ?? new Map<string, Set<number>>();
      const customer = String(purchase.order.customerKey);
      const ofCustomer = ofProduct.get(customer) ?? new Set<number>();
      days.set(id, ofProduct.set(customer, ofCustomer.add(Math.floor(purchase.order.processedAtMs / MS_A_DAY))));
    }
  }
  return new Map(
    [...days].map(([id, customers]) => [
      id,
      new Map([...customers].map(([customer, set]) => [customer, [...set].sort((a, b) => a - b)])),
    ]),
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)] ?? NaN;
  const high = sorted[Math.ceil(position)] ?? NaN;
  return low + (high - low) * (position - Math.floor(position));
}

export interface NaiveReplenishment {
  id: string;
  gaps: number;
  customers: number;
  medianDays: number;
  p25Days: number;
  p75Days: number;
  due: string[];
  late: string[];
}

export function naiveReplenishment(purchases: readonly Purchase[], asOf: AsOfDay): NaiveReplenishment[] {
  return [...purchaseDays(upTo(purchases, asOf))]
    .map(([id, customers]) => {
      const gapsOf = (days: readonly number[]): number[] => days.slice(1).map((day, i) => day - (days[i] ?? NaN));
      const gaps = [...customers.values()].flatMap(gapsOf);
      const [p25Days, medianDays, p75Days] = [quantile(gaps, 0.25), quantile(gaps, 0.5), quantile(gaps, 0.75)];
      const since = [...customers].map(([customer, days]) => ({ customer, days: asOf.day - Math.max(...days) }));
      return {
        id,
        gaps: gaps.length,
        customers: [...customers.values()].filter(({ length }) => length > 1).length,
        medianDays,
        p25Days,
        p75Days,
        due: since.filter(({ days }) => days >= p25Days && days < p75Days).map(({ customer }) => customer).sort(),
        late: since.filter(({ days }) => days >= p75Days).map(({ customer }) => customer).sort(),
      };
    })
    .filter(({ gaps, customers }) => gaps >= 30 && customers >= 20);
}

export interface NaiveBeginning {
  customers: number;
  matured: number;
  repeated: number;
  /** What each customer spent in their first year, of those who have had one. */
  yearsMinor: number[];
}

/** By the product of the first order, and under '' for all customers. */
export function naiveFirstProducts(purchases: readonly Purchase[], asOf: AsOfDay, withinDays: number): Map<string, NaiveBeginning> {
  const ofCustomers = upTo(purchases, asOf)
    .filter(({ order }) => order.customerKey !== null)
    .sort((a, b) => a.order.processedAtMs - b.order.processedAtMs || a.order.orderId - b.order.orderId);
  const keys = new Set(ofCustomers.map(({ order }) => order.customerKey));
  const histories = [...keys].map((key) => ofCustomers.filter(({ order }) => order.customerKey === key));
  const groups = new Map<string, NaiveBeginning>();
  const endMs = (asOf.day + 1) * MS_A_DAY;
  for (const history of histories) {
    const [first, ...later] = history;
    if (first === undefined) continue;
    const age = (endMs - first.order.processedAtMs) / MS_A_DAY;
    const days = later.map(({ order }) => (order.processedAtMs - first.order.processedAtMs) / MS_A_DAY);
    const yearMinor = history
      .filter(({ order }) => order.processedAtMs - first.order.processedAtMs <= 365 * MS_A_DAY)
      .reduce((sum, { order }) => sum + order.valueMinor, 0);
    for (const id of ['', ...productsOf(first)]) {
      const group = groups.get(id) ?? { customers: 0, matured: 0, repeated: 0, yearsMinor: [] };
      group.customers += 1;
      if (age >= withinDays) group.matured += 1;
      if (age >= withinDays && days.some((day) => day <= withinDays)) group.repeated += 1;
      if (age >= 365) group.yearsMinor.push(yearMinor);
      groups.set(id, group);
    }
  }
  return groups;
}
