const FIRST_CAPACITY = 1024;

/** A column of numbers whose final length is not known yet; its room doubles when it is full. */
export class GrowableFloat64Column {
  #room = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#room.length) {
      const larger = new Float64Array(this.#room.length * 2);
      larger.set(this.#room);
      this.#room = larger;
    }
    this.#room[this.#length] = value;
    this.#length += 1;
  }

  /** The values so far, without copying them. */
  view(): Float64Array {
    return this.#room.subarray(0, this.#length);
  }
}

export class GrowableInt32Column {
  #room = new Int32Array(FIRST_CAPACITY);
  #length = 0;

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
