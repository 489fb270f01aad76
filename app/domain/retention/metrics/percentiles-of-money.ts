import { percentileOfRanks } from './percentile.ts';
import { selectRank } from './select-rank.ts';

/*
 * Amounts are put into classes by their leading binary digits, which a 64-bit float has in its upper word: not negative,
 * those rise with the amount. Counting the classes tells which of them a rank is in, and only the few amounts of those
 * classes are looked at again, exactly. Sorting a million amounts took ten times as long.
 */

/** Bits of the upper word that are left off: a class then spans one part in 128 of its values. */
const BITS_OFF = 13;
const CLASSES_AN_OCTAVE = 128;
/** Of less than 1 there is only 0 among whole minor units: both begin the first class. */
const UPPER_WORD_OF_ONE = 0x3ff00000;
/** Sums of whole numbers are exact up to 2^53; whatever may be beyond 2^64 is one class. */
const OCTAVES = 64;
export const MONEY_CLASSES = OCTAVES * CLASSES_AN_OCTAVE;
const UPPER = new Uint32Array(Float64Array.of(1).buffer)[1] === UPPER_WORD_OF_ONE ? 1 : 0;

/** The amounts as `moneyClassAt` reads them. They are the same memory. */
export function wordsOf({ buffer, byteOffset, length }: Float64Array): Int32Array {
  return new Int32Array(buffer, byteOffset, 2 * length);
}

/** The class of an amount, which is not negative, by its place. */
export function moneyClassAt(words: Int32Array, place: number): number {
  return Math.max(0, Math.min(((words[2 * place + UPPER] ?? NaN) - UPPER_WORD_OF_ONE) >> BITS_OFF, MONEY_CLASSES - 1));
}

function countClasses(amounts: Float64Array): Uint32Array {
  const words = wordsOf(amounts);
  const counts = new Uint32Array(MONEY_CLASSES);
  for (let i = 0; i < amounts.length; i += 1) {
    const moneyClass = moneyClassAt(words, i);
    counts[moneyClass] = (counts[moneyClass] ?? NaN) + 1;
  }
  return counts;
}

/**
 * Percentiles (type 7) of amounts that are not sorted and take too many values to be counted one by one.
 *
 * @param amounts not negative
 * @param classCounts how many are in each class, where that is known
 */
export function percentilesOfMoney(amounts: Float64Array, percents: readonly number[], classCounts = countClasses(amounts)): number[] {
  const asked = new Set<number>();
  const ask = (rank: number) => {
    asked.add(rank);
    return NaN;
  };
  for (const percent of percents) percentileOfRanks(amounts.length, percent, ask);
  const values = valuesAtRanks(amounts, classCounts, [...asked].sort((a, b) => a - b));
  return percents.flatMap((percent) => percentileOfRanks(amounts.length, percent, (rank) => values.get(rank) ?? NaN) ?? []);
}

/** @param ranks ascending */
function valuesAtRanks(amounts: Float64Array, counts: Uint32Array, ranks: readonly number[]): ReadonlyMap<number, number> {
  const sought: SoughtClass[] = [];
  /** 0 for a class that no rank is in, else one more than its place in `sought`. */
  const placeOf = new Uint8Array(MONEY_CLASSES);
  let [moneyClass, before] = [0, 0];
  for (const rank of ranks) {
    while (before + (counts[moneyClass] ?? NaN) <= rank) {
      before += counts[moneyClass] ?? NaN;
      moneyClass += 1;
    }
    const known = sought[(placeOf[moneyClass] ?? NaN) - 1];
    if (known) known.ranks.push(rank);
    else placeOf[moneyClass] = sought.push({ ranks: [rank], before, members: new Float64Array(counts[moneyClass] ?? NaN), found: 0 });
  }
  const words = wordsOf(amounts);
  for (let i = 0; i < amounts.length; i += 1) {
    const place = placeOf[moneyClassAt(words, i)] ?? NaN;
    const one = place === 0 ? undefined : sought[place - 1];
    if (one === undefined) continue;
    one.members[one.found] = amounts[i] ?? NaN;
    one.found += 1;
  }
  return new Map(sought.flatMap((one) => one.ranks.map((rank) => [rank, selectRank(one.members, rank - one.before)] as const)));
}

interface SoughtClass {
  ranks: number[];
  /** How many amounts are in lower classes. */
  before: number;
  members: Float64Array;
  found: number;
}
