import { mergeWithin } from './merge-plan.ts';
import type { MergePlan } from './merge-plan.ts';
import type { NumberColumn } from './number-column.ts';

/** A kind of array, such as `Uint32Array`. */
export interface ColumnKind<Column extends NumberColumn> {
  new (buffer: ArrayBuffer, byteOffset: number, length: number): Column;
  readonly BYTES_PER_ELEMENT: number;
}

/** Room for those that come with the next changes, so that nothing is allocated then. */
const SPARE_SHARE = 0.01;
const SPARE_LEAST = 1024;

export interface MergedValues {
  from: NumberColumn;
  inserted: ArrayLike<number>;
}

/** Where merged columns are written to. */
export interface ColumnRoom {
  merge: <Column extends NumberColumn>(kind: ColumnKind<Column>, plan: MergePlan, values: MergedValues) => Column;
}

/** Into new arrays: the old ones stay as they are. */
export const NEW_ROOM: ColumnRoom = {
  merge(kind, plan, { from, inserted }) {
    // A copy at one stroke takes a third of the time of one in blocks, and to move the blocks then takes less than the rest.
    const length = Math.max(plan.length, from.length);
    const capacity = length + Math.max(SPARE_LEAST, Math.ceil(length * SPARE_SHARE));
    const buffer = new ArrayBuffer(capacity * kind.BYTES_PER_ELEMENT);
    const into = new kind(buffer, 0, capacity);
    into.set(from);
    mergeWithin(plan, { into, inserted });
    return new kind(buffer, 0, plan.length);
  },
};

/**
 * Into the old arrays where they are of the kind and have room left, since nobody reads them any more. They are empty
 * then: whoever does read them gets no number at all rather than a wrong one.
 */
export const SAME_ROOM: ColumnRoom = {
  merge(kind, plan, { from, inserted }) {
    const { buffer } = from;
    const isKind = from instanceof kind && from.byteOffset === 0 && buffer instanceof ArrayBuffer;
    if (!isKind || buffer.byteLength < plan.length * kind.BYTES_PER_ELEMENT) {
      return NEW_ROOM.merge(kind, plan, { from, inserted });
    }
    const moved = structuredClone(buffer, { transfer: [buffer] });
    mergeWithin(plan, { into: new kind(moved, 0, moved.byteLength / kind.BYTES_PER_ELEMENT), inserted });
    return new kind(moved, 0, plan.length);
  },
};
