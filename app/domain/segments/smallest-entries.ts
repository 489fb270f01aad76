/** Keeps the smallest of what it is offered, by value and then by row: a heap whose top is the largest that it keeps. */
export class SmallestEntries {
  readonly #size: number;
  readonly #values: number[] = [];
  readonly #rows: number[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  offer(value: number, row: number): void {
    const { length } = this.#values;
    if (length < this.#size) {
      this.#values.push(value);
      this.#rows.push(row);
      this.#rise(length);
      return;
    }
    if (!this.#isLarger(0, value, row)) return;
    this.#values[0] = value;
    this.#rows[0] = row;
    this.#sink();
  }

  /** The rows, smallest first. */
  ascending(): number[] {
    const entries = this.#rows.map((row, i) => ({ row, value: this.#values[i] ?? NaN }));
    return entries.sort((a, b) => a.value - b.value || a.row - b.row).map(({ row }) => row);
  }

  #isLarger(at: number, value: number, row: number): boolean {
    const there = this.#values[at] ?? NaN;
    return there === value ? (this.#rows[at] ?? NaN) > row : there > value;
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (this.#isLarger(parent, this.#values[at] ?? NaN, this.#rows[at] ?? NaN)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    const { length } = this.#values;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= length) return;
      const right = left + 1;
      const isRight = right < length && this.#isLarger(right, this.#values[left] ?? NaN, this.#rows[left] ?? NaN);
      const child = isRight ? right : left;
      if (!this.#isLarger(child, this.#values[at] ?? NaN, this.#rows[at] ?? NaN)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(a: number, b: number): void {
    const [value, row] = [this.#values[a] ?? NaN, this.#rows[a] ?? NaN];
    this.#values[a] = this.#values[b] ?? NaN;
    this.#rows[a] = this.#rows[b] ?? NaN;
    this.#values[b] = value;
    this.#rows[b] = row;
  }
}
