import type { ColumnRoom } from './column-room.ts';
import type { MergePlan } from './merge-plan.ts';

export interface OffsetChanges {
  /** How the customers move. */
  readonly plan: MergePlan;
  /** By how many orders those who were there grew or shrank, also who has none left, by their old index. */
  readonly growthOf: ReadonlyMap<number, number>;
  /** Orders of each customer who came. */
  readonly arriving: readonly number[];
  readonly room: ColumnRoom;
}

/**
 * Runs of offsets between one change and the next: those from starts[r] up to ends[r] come to stand from places[r] on, all
 * of them greater by shifts[r]. Ascending.
 */
interface Runs {
  readonly starts: number[];
  readonly ends: number[];
  readonly places: number[];
  readonly shifts: number[];
  /** Offsets of customers who came. */
  readonly inserted: number[];
}

/**
 * Where the orders of each customer begin after the changes. The offsets of those who stay move by as many orders as came
 * and went before them.
 */
export function mergeOffsets(from: Uint32Array, { plan, growthOf, arriving, room }: OffsetChanges): Uint32Array {
  const runs = planRuns(from, { plan, growthOf, arriving });
  const length = plan.length + 1;
  const longest = Math.max(length, from.length);
  const buffer = room({ kind: Uint32Array, from, length });
  const into = new Uint32Array(buffer, 0, longest);
  const { starts, places } = runs;
  // None is written over before it has moved: see `MergePlan.moves`.
  for (let run = 0; run < starts.length; run += 1) if ((places[run] ?? NaN) <= (starts[run] ?? NaN)) moveRun(into, runs, run);
  for (let run = starts.length - 1; run >= 0; run -= 1) if ((places[run] ?? NaN) > (starts[run] ?? NaN)) moveRunRight(into, runs, run);
  for (let index = 0; index < arriving.length; index += 1) into[plan.insertedAt[index] ?? NaN] = runs.inserted[index] ?? NaN;
  return new Uint32Array(buffer, 0, length);
}

function planRuns(from: Uint32Array, { plan, growthOf, arriving }: Omit<OffsetChanges, 'room'>): Runs {
  const { blockStarts, blockEnds, insertEnds } = plan;
  const runs: Runs = { starts: [], ends: [], places: [], shifts: [], inserted: [] };
  const grown = Uint32Array.from(growthOf.keys()).sort();
  let [place, shift, insert, nextGrown] = [0, 0, 0, 0];
  const addRun = (start: number, end: number): void => {
    if (start === end) return;
    runs.starts.push(start);
    runs.ends.push(end);
    runs.places.push(place);
    runs.shifts.push(shift);
    place += end - start;
  };
  for (const [block, blockStart] of blockStarts.entries()) {
    for (; insert < (insertEnds[block] ?? NaN); insert += 1) {
      runs.inserted.push((from[blockStart] ?? NaN) + shift);
      place += 1;
      shift += arriving[insert] ?? NaN;
    }
    let start = blockStart;
    const blockEnd = blockEnds[block] ?? NaN;
    const nextStart = blockStarts[block + 1] ?? Infinity;
    for (; nextGrown < grown.length; nextGrown += 1) {
      const customer = grown[nextGrown] ?? NaN;
      if (customer >= nextStart) break;
      const end = Math.min(customer + 1, blockEnd);
      addRun(start, end);
      start = end;
      shift += growthOf.get(customer) ?? NaN;
    }
    addRun(start, blockEnd);
  }
  // The last offset is no customer's: it is where the guests' orders begin.
  addRun(from.length - 1, from.length);
  return runs;
}

function moveRun(into: Uint32Array, { starts, ends, places, shifts }: Runs, run: number): void {
  const [start, end, shift] = [starts[run] ?? NaN, ends[run] ?? NaN, shifts[run] ?? NaN];
  const move = (places[run] ?? NaN) - start;
  if (move === 0 && shift === 0) return;
  for (let i = start; i < end; i += 1) into[i + move] = (into[i] ?? NaN) + shift;
}

/** From its end, since it may come to stand over its own beginning. */
function moveRunRight(into: Uint32Array, { starts, ends, places, shifts }: Runs, run: number): void {
  const [start, end, shift] = [starts[run] ?? NaN, ends[run] ?? NaN, shifts[run] ?? NaN];
  const move = (places[run] ?? NaN) - start;
  for (let i = end - 1; i >= start; i -= 1) into[i + move] = (into[i] ?? NaN) + shift;
}
