import { percentileOfRanks } from './percentile.ts';
import { selectRank } from './select-rank.ts';

/** Bits of a 32-bit float that are left off: a class then spans one part in 128 of its values. */
const BITS_OFF = 16;
const CLASSES = 2 ** (31 - BITS_OFF);

/**
 * Percentiles (type 7) of amounts that are not sorted and take too many values to be counted one by one.
 *
 * Amounts are put into classes by their leading binary digits, which a 32-bit float has in its upper bits: not negative,
 * those rise with the amount. Counting the classes tells which of them a rank is in, and only the few amounts of those
 * classes are looked at again, exactly. Sorting a million amounts took ten times as long.
 *
 * @param amounts not negative
 */
export function percentilesOfMoney(amounts: Float64Array, percents: readonly number[]): number[] {
  const asked = new Set<number>();
  const ask = (rank: number) => {
    asked.add(rank);
    return NaN;
  };
  for (const percent of percents) percentileOfRanks(amounts.length, percent, ask);
  const values = valuesAtRanks(amounts, [...asked].sort((a, b) => a - b));
  return percents.flatMap((percent) => percentileOfRanks(amounts.length, percent, (rank) => values.get(rank) ?? NaN) ?? []);
}

/** @param ranks ascending */
function valuesAtRanks(amounts: Float64Array, ranks: readonly number[]): ReadonlyMap<number, number> {
  const classes = new Uint32Array(new Float32Array(amounts).buffer);
  const counts = new Uint32Array(CLASSES);
  for (let i = 0; i < classes.length; i += 1) {
    const amountClass = (classes[i] ?? NaN) >>> BITS_OFF;
    counts[amountClass] = (counts[amountClass] ?? NaN) + 1;
  }

  const sought: SoughtClass[] = [];
  /** 0 for a class that no rank is in, else one more than its place in `sought`. */
  const placeOf = new Uint8Array(CLASSES);
  let [amountClass, before] = [0, 0];
  for (const rank of ranks) {
    while (before + (counts[amountClass] ?? NaN) <= rank) {
      before += counts[amountClass] ?? NaN;
      amountClass += 1;
    }
    const known = sought[(placeOf[amountClass] ?? NaN) - 1];
    if (known) known.ranks.push(rank);
    else placeOf[amountClass] = sought.push({ ranks: [rank], before, members: new Float64Array(counts[amountClass] ?? NaN), found: 0 });
  }
  for (let i = 0; i < classes.length; i += 1) {
    const place = placeOf[(classes[i] ?? NaN) >>> BITS_OFF] ?? NaN;
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
