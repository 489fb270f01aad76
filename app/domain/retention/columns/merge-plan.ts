import type { NumberColumn } from './number-column.ts';

/**
 * How sorted entries become others: some are dropped, and new ones come in between. What stays is copied in blocks, so
 * the cost is that of copying memory and not of looking at each entry.
 */
export interface MergePlan {
  /** Entries afterwards. */
  readonly length: number;
  /** Block b is the old entries from blockStarts[b] up to blockEnds[b]; before it come the new ones insertedBefore[b]. */
  readonly blockStarts: readonly number[];
  readonly blockEnds: readonly number[];
  /** New entries before block b are those from insertEnds[b - 1], or 0, up to insertEnds[b]. */
  readonly insertEnds: readonly number[];
}

export interface MergeChanges {
  oldLength: number;
  /** Indexes of old entries that are dropped, ascending, each once. */
  dropped: ArrayLike<number>;
  /** For each new entry the index of the old one that it comes before; never falling. */
  insertedBefore: ArrayLike<number>;
}

export function planMerge({ oldLength, dropped, insertedBefore }: MergeChanges): MergePlan {
  const [blockStarts, blockEnds, insertEnds]: [number[], number[], number[]] = [[], [], []];
  let [at, drop, insert] = [0, 0, 0];
  while (at < oldLength || insert < insertedBefore.length) {
    while (insert < insertedBefore.length && (insertedBefore[insert] ?? NaN) <= at) insert += 1;
    const nextInsert = insertedBefore[insert] ?? oldLength;
    const nextDrop = dropped[drop] ?? oldLength;
    const end = Math.min(nextInsert, nextDrop);
    blockStarts.push(at);
    blockEnds.push(end);
    insertEnds.push(insert);
    at = end;
    if (nextDrop === end && nextDrop < oldLength) {
      at += 1;
      drop += 1;
    }
  }
  return { length: oldLength - dropped.length + insertedBefore.length, blockStarts, blockEnds, insertEnds };
}

/** Where the new entries come to stand, ascending. */
export function insertedPlaces({ blockStarts, blockEnds, insertEnds }: MergePlan): number[] {
  const places: number[] = [];
  let kept = 0;
  for (const [block, insertEnd] of insertEnds.entries()) {
    while (places.length < insertEnd) places.push(kept + places.length);
    kept += (blockEnds[block] ?? NaN) - (blockStarts[block] ?? NaN);
  }
  return places;
}

/** Where old entries that stay come to stand; both ascending. */
export function placesAfter({ blockStarts, blockEnds, insertEnds }: MergePlan, places: readonly number[]): number[] {
  let [block, kept] = [0, 0];
  return places.map((place) => {
    while (place >= (blockEnds[block] ?? Infinity)) {
      kept += (blockEnds[block] ?? NaN) - (blockStarts[block] ?? NaN);
      block += 1;
    }
    return kept + (insertEnds[block] ?? NaN) + place - (blockStarts[block] ?? NaN);
  });
}

/** Writes the old entries that stay, and the new ones where the plan says. */
export function merge<Column extends NumberColumn>(
  { blockStarts, blockEnds, insertEnds }: MergePlan,
  { from, inserted, into }: { from: NumberColumn; inserted: ArrayLike<number>; into: Column },
): Column {
  let at = 0;
  let insert = 0;
  for (let block = 0; block < blockStarts.length; block += 1) {
    const insertEnd = insertEnds[block] ?? NaN;
    for (; insert < insertEnd; insert += 1) {
      into[at] = inserted[insert] ?? NaN;
      at += 1;
    }
    const kept = from.subarray(blockStarts[block], blockEnds[block]);
    into.set(kept, at);
    at += kept.length;
  }
  return into;
}

/**
 * The same within one array that has the old entries at its beginning and room for the new ones. Blocks that move to the
 * left are moved from the first to the last and then the others from the last to the first, so that none is written over
 * before it has moved.
 */
export function mergeWithin(plan: MergePlan, { into, inserted }: { into: NumberColumn; inserted: ArrayLike<number> }): void {
  const { blockStarts, blockEnds, insertEnds } = plan;
  const places: number[] = [];
  let kept = 0;
  for (let block = 0; block < blockStarts.length; block += 1) {
    const [start, end] = [blockStarts[block] ?? NaN, blockEnds[block] ?? NaN];
    const place = kept + (insertEnds[block] ?? NaN);
    if (place < start) into.copyWithin(place, start, end);
    places.push(place);
    kept += end - start;
  }
  for (let block = blockStarts.length - 1; block >= 0; block -= 1) {
    const start = blockStarts[block] ?? NaN;
    const place = places[block] ?? NaN;
    if (place > start) into.copyWithin(place, start, blockEnds[block]);
  }
  for (const [index, place] of insertedPlaces(plan).entries()) into[place] = inserted[index] ?? NaN;
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
