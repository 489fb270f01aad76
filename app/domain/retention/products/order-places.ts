import { hashNumber } from '../columns/hash-number.ts';

/** Slots an order, at least: linear probing stays short up to three quarters full. */
const SLOTS_AN_ORDER = 4 / 3;

/**
 * Finds the place of an order in the columns by its id: a hash table in one typed array, because a Map of ten million
 * ids costs ten times the columns. Of two orders whose ids one number stands for, the earlier place is found.
 */
export class OrderPlaces {
  readonly #orderIds: Float64Array;
  readonly #mask: number;
  /** Place + 1; 0 is a free slot. */
  readonly #slots: Uint32Array;

  constructor(orderIds: Float64Array) {
    this.#orderIds = orderIds;
    let size = 16;
    while (size < orderIds.length * SLOTS_AN_ORDER) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Uint32Array(size);
    for (let place = 0; place < orderIds.length; place += 1) {
      this.#slots[this.#slotOf(orderIds[place] ?? NaN)] ||= place + 1;
    }
  }

  /** -1 where the columns have no such order. */
  find(orderId: number): number {
    return (this.#slots[this.#slotOf(orderId)] ?? NaN) - 1;
  }

  /** The slot where the id stands, or the free one where it would. */
  #slotOf(orderId: number): number {
    let slot = hashNumber(orderId) & this.#mask;
    for (;;) {
      const occupant = this.#slots[slot] ?? NaN;
      if (occupant === 0 || this.#orderIds[occupant - 1] === orderId) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}
