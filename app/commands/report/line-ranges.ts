/** First and last line, both included. */
export type LineRange = [first: number, last: number];

/** So many are some kilobytes; a file with more gaps between its bad lines is bad as a whole. */
const MOST_RANGES = 1_000;

/** Numbers of lines, those that follow each other as one range. They come nearly in order. */
export class LineRanges {
  readonly #ranges: LineRange[] = [];
  #untold = 0;

  add(line: number): void {
    const last = this.#ranges.at(-1);
    if (last !== undefined && line === last[1] + 1) last[1] = line;
    else if (this.#ranges.length < MOST_RANGES) this.#ranges.push([line, line]);
    else this.#untold += 1;
  }

  /** By ascending line; those that meet are one. */
  merged(): LineRange[] {
    const merged: LineRange[] = [];
    for (const [first, last] of this.#ranges.toSorted((a, b) => a[0] - b[0])) {
      const before = merged.at(-1);
      if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
      else merged.push([first, last]);
    }
    return merged;
  }

  /** `22–24, 31`, and how many there are beyond those that are kept. */
  toString(): string {
    const told = this.merged().map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
    return [...told, ...(this.#untold === 0 ? [] : [`and ${this.#untold.toLocaleString('en')} further down`])].join(', ');
  }
}
