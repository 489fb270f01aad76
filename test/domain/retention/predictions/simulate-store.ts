import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { buildOrderColumns } from '#app/domain/retention/columns/order-columns-builder.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';

/** A store whose customers do as the models say, in purchases a day. */
export interface StoreTruth {
  customers: number;
  /** New customers come evenly over so many days, up to the as-of day. */
  historyDays: number;
  r: number;
  alpha: number;
  /** The chance to leave after each purchase, the first among them, is beta(a, b). Null: nobody leaves. */
  leaving: { a: number; b: number } | null;
  /** Gamma-gamma, v in minor units. */
  spend: { p: number; q: number; v: number };
  /** By how much all rates change on the as-of day, as a factor. */
  afterAsOf?: number;
}

export const A_STORE: StoreTruth = {
  customers: 1500,
  historyDays: 720,
  r: 0.6,
  alpha: 40,
  leaving: { a: 0.8, b: 2.2 },
  spend: { p: 4, q: 4, v: 4500 },
};

export const AS_OF_DAY = 15_000;
export const FUTURE_DAYS = 365;

export interface SimulatedStore {
  /** Orders up to the as-of day and for a year after it. */
  columns: OrderColumns;
  /** Who was alive at the end of the as-of day, by customer. */
  alive: boolean[];
  /** Purchase days in the year after the as-of day, of all customers, and what they came to. */
  futurePurchases: number;
  futureMinor: number;
}

export function simulateStore(truth: StoreTruth, seed: number): SimulatedStore {
  const random = seededRandom(seed);
  const orders: { customer: number; day: number; valueMinor: number }[] = [];
  const alive: boolean[] = [];
  let futurePurchases = 0;
  let futureMinor = 0;
  for (let customer = 0; customer < truth.customers; customer += 1) {
    const firstDay = AS_OF_DAY - Math.floor(random.next() * truth.historyDays);
    const rate = random.gamma(truth.r) / truth.alpha;
    const chanceToLeave = truth.leaving === null ? 0 : random.beta(truth.leaving.a, truth.leaving.b);
    const scale = truth.spend.v / random.gamma(truth.spend.q);
    let time = firstDay;
    let day = firstDay - 1;
    let isAlive = true;
    while (Math.floor(time) <= AS_OF_DAY + FUTURE_DAYS) {
      const valueMinor = Math.max(1, Math.round(random.gamma(truth.spend.p) * scale));
      orders.push({ customer, day: Math.floor(time), valueMinor });
      if (day >= firstDay && Math.floor(time) > AS_OF_DAY) {
        futureMinor += valueMinor;
        if (Math.floor(time) > day) futurePurchases += 1;
      }
      day = Math.floor(time);
      if (random.chance(chanceToLeave)) {
        isAlive = time > AS_OF_DAY;
        break;
      }
      time += random.exponential() / rate / (time > AS_OF_DAY ? (truth.afterAsOf ?? 1) : 1);
    }
    alive.push(isAlive);
  }
  const rows = orders.map(({ customer, day, valueMinor }, index) => ({
    orderId: index + 1,
    customerKey: customer + 1,
    processedAtMs: day * 86_400_000 + 43_200_000,
    valueMinor,
    country: null,
    region: null,
    channel: null,
    discountCode: null,
    presentmentCurrency: null,
  }));
  return { columns: buildOrderColumns(rows, { timeZone: 'UTC', currency: 'EUR' }), alive, futurePurchases, futureMinor };
}
