import { NumberSet } from './number-set.ts';
import { copyOf } from './text-keeper.ts';

const SHOPIFY_ID = /^[1-9]\d{0,14}$/;
const USUAL_NAME = /^#([1-9]\d{0,14})$/;
const DIGITS_OF_NAME = /(\d{1,15})\D*$/;

/**
 * Which orders have been read. An order is told by its Id, and by its Name where the file has no Id (or an office
 * program made 5.1E+12 of it).
 */
export class KnownOrders {
  readonly #ids = new NumberSet();
  readonly #usualNames = new NumberSet();
  readonly #otherNames = new Set<string>();
  #madeUp = 0;

  has(name: string, id: string): boolean {
    return SHOPIFY_ID.test(id) ? this.#ids.has(Number(id)) : this.hasName(name);
  }

  hasName(name: string): boolean {
    const usual = USUAL_NAME.exec(name);
    return usual === null ? this.#otherNames.has(name) : this.#usualNames.has(Number(usual[1]));
  }

  /** Remembers the order and gives it a number of its own: its Id, the digits of its name, or one that no order has. */
  add(name: string, id: string): number {
    const usual = USUAL_NAME.exec(name);
    if (usual !== null) this.#usualNames.add(Number(usual[1]));
    else if (name !== '') this.#otherNames.add(copyOf(name));
    const orderId = this.#freeId(name, id);
    this.#ids.add(orderId);
    return orderId;
  }

  #freeId(name: string, id: string): number {
    if (SHOPIFY_ID.test(id)) return Number(id);
    const digits = DIGITS_OF_NAME.exec(name);
    const ofName = digits === null ? NaN : Number(digits[1]);
    if (!Number.isNaN(ofName) && !this.#ids.has(ofName)) return ofName;
    this.#madeUp += 1;
    return -this.#madeUp;
  }
}
