import { firstNotBelow } from './find-first.ts';
import { GrowableFloat64Column } from './growable-columns.ts';

/**
 * Ids, each with a mark from 0 to 254: which orders were left out and why, nine bytes each. Ascending by id; the columns
 * of a shop are never changed, and neither is this.
 */
export interface MarkedIds {
  readonly ids: Float64Array;
  readonly marks: Uint8Array;
}

export const NO_MARKED_IDS: MarkedIds = { ids: new Float64Array(0), marks: new Uint8Array(0) };

/** Collects ids in any order, each once. */
export class MarkedIdsBuilder {
  readonly #ids = new GrowableFloat64Column();
  readonly #marks = new GrowableFloat64Column();
  #isAscending = true;
  #last = -Infinity;

  append(id: number, mark: number): void {
    if (id < this.#last) this.#isAscending = false;
    this.#last = id;
    this.#ids.push(id);
    this.#marks.push(mark);
  }

  build(): MarkedIds {
    const [ids, marks] = [this.#ids.view(), this.#marks.view()];
    if (this.#isAscending) return { ids: ids.slice(), marks: Uint8Array.from(marks) };
    const order = Uint32Array.from(ids, (_, index) => index).sort((a, b) => (ids[a] ?? NaN) - (ids[b] ?? NaN));
    return {
      ids: Float64Array.from(order, (index) => ids[index] ?? NaN),
      marks: Uint8Array.from(order, (index) => marks[index] ?? NaN),
    };
  }
}

/** How many have each mark, from 0 to `markCount - 1`. */
export function countMarks({ marks }: MarkedIds, markCount: number): number[] {
  const counts = new Array<number>(markCount).fill(0);
  for (const mark of marks) counts[mark] = (counts[mark] ?? NaN) + 1;
  return counts;
}

/** With each id of `changes` marked as it says there, or gone where that is null. */
export function remark(marked: MarkedIds, changes: ReadonlyMap<number, number | null>): MarkedIds {
  const changed = Float64Array.from([...changes].filter(([id, mark]) => mark !== markOf(marked, id)).map(([id]) => id)).sort();
  if (changed.length === 0) return marked;
  const ids = new Float64Array(marked.ids.length + changed.length);
  const marks = new Uint8Array(ids.length);
  let length = 0;
  let from = 0;
  for (const id of changed) {
    const to = firstNotBelow(marked.ids, id, from);
    ids.set(marked.ids.subarray(from, to), length);
    marks.set(marked.marks.subarray(from, to), length);
    length += to - from;
    from = marked.ids[to] === id ? to + 1 : to;
    const mark = changes.get(id) ?? null;
    if (mark === null) continue;
    ids[length] = id;
    marks[length] = mark;
    length += 1;
  }
  ids.set(marked.ids.subarray(from), length);
  marks.set(marked.marks.subarray(from), length);
  length += marked.ids.length - from;
  return { ids: ids.slice(0, length), marks: marks.slice(0, length) };
}

function markOf({ ids, marks }: MarkedIds, id: number): number | null {
  const place = firstNotBelow(ids, id, 0);
  return ids[place] === id ? (marks[place] ?? null) : null;
}

export function byteSizeOfMarkedIds({ ids, marks }: MarkedIds): number {
  return ids.byteLength + marks.byteLength;
}
