import { MIN_CONCERNED, MIN_EARLIER } from './enough.ts';

/** Every action looks as far ahead, so that what is at stake in one can be held against what is in another. */
export const AHEAD_DAYS = 30;

/** What customers usually do who have been silent as long. */
export interface UsualReturn {
  readonly customers: number;
  /** The mean, over these customers, of the share of earlier cases in which an order came within AHEAD_DAYS. */
  readonly usualShare: number;
  /** The fewest cases that speak for any of them: never below MIN_EARLIER. */
  readonly earlier: number;
}

/**
 * What became of earlier silences, by how long they had lasted: of those that went past day w, how many ended in the
 * AHEAD_DAYS after it. A silence speaks for day w once these days are over, however it ended: as with the matured repeat
 * rates, nobody is counted as gone who still has time, nor as back before others could be.
 */
export class SilenceCases {
  /** How many more there are on a day than on the day before it: a silence is added by its first and its last day. */
  readonly #earlier: Int32Array;
  readonly #ended: Int32Array;

  /** @param longestDays the longest silence that will be asked about */
  constructor(longestDays: number) {
    this.#earlier = new Int32Array(longestDays + 2);
    this.#ended = new Int32Array(longestDays + 2);
  }

  /** A silence that began `ageDays` before the as-of day, and ended after `gapDays`; Infinity where it goes on. */
  add(ageDays: number, gapDays: number): void {
    const last = Math.min(gapDays - 1, ageDays - AHEAD_DAYS, this.#earlier.length - 2);
    addRange(this.#earlier, 0, last);
    addRange(this.#ended, Math.max(0, gapDays - AHEAD_DAYS), last);
  }

  /**
   * Of customers who have been silent for so many days each. Whom too few cases speak for has been silent for longer
   * than nearly everybody before, and counts as one who does not come back; null where that is all but a few of them.
   */
  usualReturn(silentDays: readonly number[]): UsualReturn | null {
    const [earlier, ended] = [sumUp(this.#earlier), sumUp(this.#ended)];
    let [shares, fewest, spokenFor] = [0, Infinity, 0];
    for (const days of silentDays) {
      const cases = earlier[days] ?? NaN;
      if (cases < MIN_EARLIER) continue;
      shares += (ended[days] ?? NaN) / cases;
      fewest = Math.min(fewest, cases);
      spokenFor += 1;
    }
    if (spokenFor < MIN_CONCERNED) return null;
    return { customers: silentDays.length, usualShare: shares / silentDays.length, earlier: fewest };
  }
}

function addRange(changes: Int32Array, first: number, last: number): void {
  if (last < first) return;
  changes[first] = (changes[first] ?? NaN) + 1;
  changes[last + 1] = (changes[last + 1] ?? NaN) - 1;
}

function sumUp(changes: Int32Array): Int32Array {
  const sums = new Int32Array(changes.length);
  let sum = 0;
  for (let day = 0; day < changes.length; day += 1) {
    sum += changes[day] ?? NaN;
    sums[day] = sum;
  }
  return sums;
}
