import { codeColumn } from './number-column.ts';
import type { CodeColumn } from './number-column.ts';

const FIRST_CAPACITY = 1024;

/*
 * Columns whose final length is not known yet: the room doubles when it is full. Where about so many values are expected
 * there is room for them from the beginning, and nothing is moved. Of room that stays empty the system gives no memory.
 */

/** Room for so many more than are expected, as estimates go. */
const SLACK = 1.05;

function firstCapacity(expected: number): number {
  return Math.max(FIRST_CAPACITY, Math.ceil(expected * SLACK));
}

export class GrowableFloat64Column {
  #room: Float64Array;
  #length = 0;

  constructor(expected = 0) {
    this.#room = new Float64Array(firstCapacity(expected));
  }

  push(value: number): void {
    if (this.#length === this.#room.length) {
      const larger = new Float64Array(this.#room.length * 2);
      larger.set(this.#room);
      this.#room = larger;
    }
    this.#room[this.#length] = value;
    this.#length += 1;
  }

  at(index: number): number {
    return this.#room[index] ?? NaN;
  }

  /** The values so far, without copying them. */
  view(): Float64Array {
    return this.#room.subarray(0, this.#length);
  }
}

export class GrowableInt32Column {
  #room: Int32Array;
  #length = 0;

  constructor(expected = 0) {
    this.#room = new Int32Array(firstCapacity(expected));
  }

  push(value: number): void {
    if (this.#length === this.#room.length) {
      const larger = new Int32Array(this.#room.length * 2);
      larger.set(this.#room);
      this.#room = larger;
    }
    this.#room[this.#length] = value;
    this.#length += 1;
  }

  view(): Int32Array {
    return this.#room.subarray(0, this.#length);
  }
}

/** Codes whose number is not known yet either: the room widens when one does not fit. */
export class GrowableCodeColumn {
  #room: CodeColumn;
  #length = 0;
  /** Codes below it fit. */
  #limit = 2 ** 8;

  constructor(expected = 0) {
    this.#room = new Uint8Array(firstCapacity(expected));
  }

  push(code: number): void {
    if (code >= this.#limit) this.#widen(code);
    if (this.#length === this.#room.length) this.#move(codeColumn(this.#room.length * 2, this.#limit));
    this.#room[this.#length] = code;
    this.#length += 1;
  }

  #widen(code: number): void {
    while (code >= this.#limit) this.#limit **= 2;
    this.#move(codeColumn(this.#room.length, this.#limit));
  }

  #move(room: CodeColumn): void {
    room.set(this.#room);
    this.#room = room;
  }

  view(): CodeColumn {
    return this.#room.subarray(0, this.#length);
  }
}
