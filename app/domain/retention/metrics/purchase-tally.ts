import type { AsOf } from '../columns/time-window.ts';
import { MONEY_CLASSES } from './percentiles-of-money.ts';
import { valueCountsOf } from './value-counts.ts';
import type { ValueCounts } from './value-counts.ts';

/** How many customers have each number of days since the last order, and of orders: RFM and lifecycle go by both. */
export interface PurchaseCounts {
  readonly daysSinceLast: ValueCounts;
  /** By the days since their order, those who have a single one. */
  readonly daysSinceOnly: Uint32Array;
  readonly orders: ValueCounts;
  /** By `moneyClassAt` of what they spent. */
  readonly moneyClasses: Uint32Array;
}

/** Enough for nearly all customers; whoever has more makes it grow. */
const FIRST_ORDERS = 256;

/** Counts customers by what they have bought, one after the other. */
export class PurchaseTally {
  readonly #fromDay: number;
  /** By the day of the last order: customers with one order, and after so many days those with more. */
  readonly #lastDays: Uint32Array;
  readonly #days: number;
  readonly #moneyClasses = new Uint32Array(MONEY_CLASSES);
  #orders = new Uint32Array(FIRST_ORDERS);

  /** @param fromDay nobody's last order is before it, nor after the as-of day */
  constructor(fromDay: number, asOf: AsOf) {
    this.#fromDay = fromDay;
    this.#days = asOf.day - fromDay + 1;
    this.#lastDays = new Uint32Array(2 * this.#days);
  }

  add(orders: number, lastDay: number, moneyClass: number): void {
    const at = lastDay - this.#fromDay + Number(orders > 1) * this.#days;
    this.#lastDays[at] = (this.#lastDays[at] ?? NaN) + 1;
    this.#moneyClasses[moneyClass] = (this.#moneyClasses[moneyClass] ?? NaN) + 1;
    if (orders >= this.#orders.length) this.#grow(orders);
    this.#orders[orders] = (this.#orders[orders] ?? NaN) + 1;
  }

  #grow(orders: number): void {
    const grown = new Uint32Array(2 * orders);
    grown.set(this.#orders);
    this.#orders = grown;
  }

  counts(): PurchaseCounts {
    const daysSinceOnly = this.#lastDays.slice(0, this.#days).reverse();
    const daysSinceLast = this.#lastDays.slice(this.#days).reverse();
    for (let days = 0; days < daysSinceLast.length; days += 1) {
      daysSinceLast[days] = (daysSinceLast[days] ?? NaN) + (daysSinceOnly[days] ?? NaN);
    }
    return { daysSinceLast: valueCountsOf(daysSinceLast), daysSinceOnly, orders: valueCountsOf(this.#orders), moneyClasses: this.#moneyClasses };
  }
}
