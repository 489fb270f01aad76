import { slotOf } from './number-set.ts';

const FIRST_SLOTS = 1024;

/** Numbers by numbers, in two typed arrays, for the reason that `NumberSet` has. */
export class NumberMap {
  /** NaN is a free slot. */
  #keys = new Float64Array(FIRST_SLOTS).fill(NaN);
  #values = new Float64Array(FIRST_SLOTS);
  #size = 0;

  get(key: number): number | undefined {
    const slot = slotOf(this.#keys, key);
    return this.#keys[slot] === key ? this.#values[slot] : undefined;
  }

  set(key: number, value: number): void {
    const slot = slotOf(this.#keys, key);
    const isKnown = this.#keys[slot] === key;
    this.#keys[slot] = key;
    this.#values[slot] = value;
    if (isKnown) return;
    this.#size += 1;
    if (this.#size * 4 > this.#keys.length * 3) this.#grow();
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Float64Array(keys.length * 2).fill(NaN);
    this.#values = new Float64Array(keys.length * 2);
    for (const [slot, key] of keys.entries()) {
      if (Number.isNaN(key)) continue;
      const place = slotOf(this.#keys, key);
      this.#keys[place] = key;
      this.#values[place] = values[slot] ?? NaN;
    }
  }
}
