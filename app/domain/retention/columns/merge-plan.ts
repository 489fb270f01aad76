import type { NumberColumn } from './number-column.ts';

/**
 * How sorted entries become others: some are dropped, and new ones come in between. What stays is copied in blocks, so
 * the cost is that of copying memory and not of looking at each entry.
 */
export interface MergePlan {
  /** Entries afterwards. */
  readonly length: number;
  /** Block b is the old entries from blockStarts[b] up to blockEnds[b], which come to stand from blockPlaces[b] on. */
  readonly blockStarts: readonly number[];
  readonly blockEnds: readonly number[];
  readonly blockPlaces: readonly number[];
  /** New entries before block b are those from insertEnds[b - 1], or 0, up to insertEnds[b]. */
  readonly insertEnds: readonly number[];
  /** Where the new entries come to stand, ascending. */
  readonly insertedAt: readonly number[];
  /**
   * The blocks that move, so ordered that within one array none is written over before it has moved: those that move to
   * the left from the first to the last, and then the others from the last to the first.
   */
  readonly moves: readonly number[];
}

export interface MergeChanges {
  oldLength: number;
  /** Indexes of old entries that are dropped, ascending, each once. */
  dropped: ArrayLike<number>;
  /** For each new entry the index of the old one that it comes before; never falling. */
  insertedBefore: ArrayLike<number>;
}

export function planMerge({ oldLength, dropped, insertedBefore }: MergeChanges): MergePlan {
  const [blockStarts, blockEnds, blockPlaces]: [number[], number[], number[]] = [[], [], []];
  const [insertEnds, insertedAt]: [number[], number[]] = [[], []];
  let [at, kept, drop, insert] = [0, 0, 0, 0];
  while (at < oldLength || insert < insertedBefore.length) {
    for (; insert < insertedBefore.length && (insertedBefore[insert] ?? NaN) <= at; insert += 1) insertedAt.push(kept + insert);
    const nextInsert = insertedBefore[insert] ?? oldLength;
    const nextDrop = dropped[drop] ?? oldLength;
    const end = Math.min(nextInsert, nextDrop);
    blockStarts.push(at);
    blockEnds.push(end);
    blockPlaces.push(kept + insert);
    insertEnds.push(insert);
    kept += end - at;
    at = end;
    if (nextDrop === end && nextDrop < oldLength) {
      at += 1;
      drop += 1;
    }
  }
  const length = oldLength - dropped.length + insertedBefore.length;
  return { length, blockStarts, blockEnds, blockPlaces, insertEnds, insertedAt, moves: orderMoves(blockStarts, blockPlaces) };
}

function orderMoves(starts: readonly number[], places: readonly number[]): number[] {
  const moves: number[] = [];
  for (let block = 0; block < starts.length; block += 1) if ((places[block] ?? NaN) < (starts[block] ?? NaN)) moves.push(block);
  for (let block = starts.length - 1; block >= 0; block -= 1) if ((places[block] ?? NaN) > (starts[block] ?? NaN)) moves.push(block);
  return moves;
}

/** Where old entries that stay come to stand; both ascending. */
export function placesAfter({ blockStarts, blockEnds, blockPlaces }: MergePlan, places: readonly number[]): number[] {
  let block = 0;
  return places.map((place) => {
    while (place >= (blockEnds[block] ?? Infinity)) block += 1;
    return (blockPlaces[block] ?? NaN) + place - (blockStarts[block] ?? NaN);
  });
}

/** Within one array that has the old entries at its beginning and room for the new ones. */
export function mergeWithin(
  { blockStarts, blockEnds, blockPlaces, moves, insertedAt }: MergePlan,
  { into, inserted }: { into: NumberColumn; inserted: ArrayLike<number> },
): void {
  for (const block of moves) into.copyWithin(blockPlaces[block] ?? NaN, blockStarts[block] ?? NaN, blockEnds[block]);
  for (let index = 0; index < insertedAt.length; index += 1) into[insertedAt[index] ?? NaN] = inserted[index] ?? NaN;
}

/** The same for a list. */
export function mergeList<Entry>(
  { blockStarts, blockEnds, insertEnds }: MergePlan,
  { from, inserted }: { from: readonly Entry[]; inserted: readonly Entry[] },
): Entry[] {
  const merged: Entry[] = [];
  let insert = 0;
  for (let block = 0; block < blockStarts.length; block += 1) {
    const insertEnd = insertEnds[block] ?? NaN;
    for (const entry of inserted.slice(insert, insertEnd)) merged.push(entry);
    insert = insertEnd;
    for (const entry of from.slice(blockStarts[block], blockEnds[block])) merged.push(entry);
  }
  return merged;
}
