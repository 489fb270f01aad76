import type { PurchaseHistories } from '#app/domain/retention/models/purchase-histories.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';

/** Customers who behave exactly as one of the models says. */
export interface SimulatedStore {
  readonly seed: number;
  readonly customers: number;
  /** Ages are spread evenly up to this. */
  readonly longestAge: number;
  /** Purchase rates are gamma(r, alpha). */
  readonly r: number;
  readonly alpha: number;
  readonly leaving: Leaving;
  /** Two purchases on a day are one, as in a shop's summaries; else time is continuous, as in the papers. */
  readonly isInDays?: boolean;
}

export type Leaving =
  | { readonly model: 'BG/NBD' | 'MBG/NBD'; readonly a: number; readonly b: number }
  | { readonly model: 'Pareto/NBD'; readonly s: number; readonly beta: number }
  | { readonly model: 'NBD' };

export function simulateHistories(store: SimulatedStore): PurchaseHistories {
  const random = seededRandom(store.seed);
  const { leaving, isInDays = false } = store;
  const rows: (readonly [frequency: number, recency: number, age: number])[] = [];
  for (let customer = 0; customer < store.customers; customer += 1) {
    const drawn = store.longestAge * random.next();
    const age = isInDays ? Math.floor(drawn) : drawn;
    const rate = random.gamma(store.r) / store.alpha;
    const chance = leaving.model === 'BG/NBD' || leaving.model === 'MBG/NBD' ? random.beta(leaving.a, leaving.b) : 0;
    const end =
      leaving.model === 'Pareto/NBD' ? (random.exponential() * leaving.beta) / random.gamma(leaving.s) : Infinity;
    let [frequency, recency, time] = [0, 0, 0];
    let isAlive = leaving.model !== 'MBG/NBD' || !random.chance(chance);
    while (isAlive) {
      time += random.exponential() / rate;
      const at = isInDays ? Math.ceil(time) : time;
      if (at > age || time > end) break;
      if (at > recency) frequency += 1;
      recency = at;
      isAlive = !random.chance(chance);
    }
    rows.push([frequency, recency, age]);
  }
  return historiesOf(rows);
}

/** One row for all who have the same history. */
export function historiesOf(rows: readonly (readonly [frequency: number, recency: number, age: number])[]): PurchaseHistories {
  const counts = new Map<string, { row: readonly [number, number, number]; customers: number }>();
  for (const row of rows) {
    const entry = counts.get(row.join()) ?? { row, customers: 0 };
    counts.set(row.join(), { row, customers: entry.customers + 1 });
  }
  const collapsed = [...counts.values()];
  return {
    rowCount: collapsed.length,
    frequency: Float64Array.from(collapsed, ({ row }) => row[0]),
    recency: Float64Array.from(collapsed, ({ row }) => row[1]),
    age: Float64Array.from(collapsed, ({ row }) => row[2]),
    customers: Float64Array.from(collapsed, ({ customers }) => customers),
  };
}

/** The same histories with time in another unit, of which one old unit has so many. */
export function inUnit(histories: PurchaseHistories, perUnit: number): PurchaseHistories {
  const { recency, age } = histories;
  return { ...histories, recency: recency.map((time) => time * perUnit), age: age.map((time) => time * perUnit) };
}
