import { roomyCopy } from './column-room.ts';
import { compareKeys } from './customer-keys.ts';
import { GrowableFloat64Column } from './growable-columns.ts';
import type { CustomerKey } from './order-columns.ts';

/** The distinct keys ascending, and for each code the place of its key among them. */
export interface SortedKeys<Key> {
  values: Key[];
  rankOfCode: Int32Array;
}

/** Gives texts codes from 0 on, in the order in which they were first seen. */
export class TextDictionary {
  readonly #codeOf = new Map<string, number>();

  codeOf(text: string): number {
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      code = this.#codeOf.size;
      this.#codeOf.set(text, code);
    }
    return code;
  }

  sorted(): SortedKeys<string> {
    const values = [...this.#codeOf.keys()].sort(compareKeys);
    const rankOfCode = new Int32Array(values.length);
    for (const [rank, value] of values.entries()) rankOfCode[this.codeOf(value)] = rank;
    return { values, rankOfCode };
  }
}

const FIRST_BITS = 10;
/** 2^32 divided by the golden ratio: ids that follow one another are spread over all places (Knuth, 6.4). */
const SPREAD = 0x9e3779b1;

/**
 * The same for whole numbers: a table with open addressing, at most half full. A Map of ids as large as Shopify's holds
 * an object for each, takes three times as long and ends at 2^24 of them.
 */
export class NumberDictionary {
  readonly #keys = new GrowableFloat64Column();
  #count = 0;
  #bits = FIRST_BITS;
  /** Code + 1, or 0 where there is none. */
  #table = new Int32Array(2 ** FIRST_BITS);

  codeOf(key: number): number {
    const keys = this.#keys;
    const table = this.#table;
    const last = table.length - 1;
    let place = Math.imul(key | 0, SPREAD) >>> (32 - this.#bits);
    for (;;) {
      const code = (table[place] ?? NaN) - 1;
      if (code === -1) return this.#add(key, place);
      if (keys.at(code) === key) return code;
      place = (place + 1) & last;
    }
  }

  #add(key: number, place: number): number {
    const code = this.#count;
    this.#keys.push(key);
    this.#count += 1;
    this.#table[place] = this.#count;
    if (this.#count * 2 > this.#table.length) this.#grow();
    return code;
  }

  #grow(): void {
    this.#bits += 1;
    const table = new Int32Array(2 ** this.#bits);
    const last = table.length - 1;
    const keys = this.#keys.view();
    for (let code = 0; code < keys.length; code += 1) {
      let place = Math.imul((keys[code] ?? NaN) | 0, SPREAD) >>> (32 - this.#bits);
      while (table[place] !== 0) place = (place + 1) & last;
      table[place] = code + 1;
    }
    this.#table = table;
  }

  sorted(): { values: Float64Array; rankOfCode: Int32Array } {
    const values = roomyCopy(Float64Array, this.#keys.view()).sort();
    const rankOfCode = new Int32Array(values.length);
    for (let rank = 0; rank < values.length; rank += 1) rankOfCode[this.codeOf(values[rank] ?? NaN)] = rank;
    return { values, rankOfCode };
  }
}

/** Of a guest. */
const NOBODY = -1;
/** Texts have the codes from here down, so that both kinds fit one column while the number of neither is known. */
const FIRST_TEXT = -2;

/** Codes of customers, who are numbers or texts. */
export class CustomerDictionary {
  readonly #numbers = new NumberDictionary();
  readonly #texts = new TextDictionary();

  codeOf(key: CustomerKey | null): number {
    if (key === null) return NOBODY;
    return typeof key === 'number' ? this.#numbers.codeOf(key) : FIRST_TEXT - this.#texts.codeOf(key);
  }

  /** The customers ascending, and the place of the customer of each code among them; guests come after the last. */
  ranked(codes: Int32Array): { customerKeys: Float64Array | CustomerKey[]; customerRanks: Int32Array } {
    const numbers = this.#numbers.sorted();
    const texts = this.#texts.sorted();
    const numberCount = numbers.values.length;
    const guestRank = numberCount + texts.values.length;
    const customerRanks = new Int32Array(codes.length);
    for (let i = 0; i < codes.length; i += 1) {
      const code = codes[i] ?? NaN;
      if (code >= 0) customerRanks[i] = numbers.rankOfCode[code] ?? NaN;
      else customerRanks[i] = code === NOBODY ? guestRank : numberCount + (texts.rankOfCode[FIRST_TEXT - code] ?? NaN);
    }
    const customerKeys = texts.values.length === 0 ? numbers.values : [...numbers.values, ...texts.values];
    return { customerKeys, customerRanks };
  }
}
