import { mergeWithin } from './merge-plan.ts';
import type { MergePlan } from './merge-plan.ts';
import type { NumberColumn } from './number-column.ts';

/** A kind of array, such as `Uint32Array`. */
export interface ColumnKind<Column extends NumberColumn> {
  new (buffer: ArrayBuffer, byteOffset: number, length: number): Column;
  readonly BYTES_PER_ELEMENT: number;
}

/** Room for those that come with the next changes, so that nothing is allocated and copied then. */
const SPARE_SHARE = 0.01;
/** Of a small store a copy costs nothing. */
const SPARE_LEAST = 128;

/** A zeroed column with room to spare behind it. */
export function roomyColumn<Column extends NumberColumn>(kind: ColumnKind<Column>, length: number): Column {
  return new kind(roomyBuffer(kind, length), 0, length);
}

/** The same with the numbers of another; they fit the kind. */
export function roomyCopy<Column extends NumberColumn>(kind: ColumnKind<Column>, from: NumberColumn): Column {
  const copy = roomyColumn(kind, from.length);
  copy.set(from);
  return copy;
}

function roomyBuffer({ BYTES_PER_ELEMENT }: ColumnKind<NumberColumn>, length: number): ArrayBuffer {
  return new ArrayBuffer((length + Math.max(SPARE_LEAST, Math.ceil(length * SPARE_SHARE))) * BYTES_PER_ELEMENT);
}

interface Claim {
  readonly kind: ColumnKind<NumberColumn>;
  readonly from: NumberColumn;
  /** How long the column will be. */
  readonly length: number;
}

/** Gives the memory that a column's successor is written to: the old numbers stand in it, and there is room for the new ones. */
export type ColumnRoom = (claim: Claim) => ArrayBuffer;

/** New memory: the old column stays as it is. */
export const NEW_ROOM: ColumnRoom = ({ kind, from, length }) => {
  // A copy at one stroke takes a third of the time of one in blocks, and to move the blocks then takes less than the rest.
  const buffer = roomyBuffer(kind, Math.max(length, from.length));
  new kind(buffer, 0, from.length).set(from);
  return buffer;
};

/**
 * Memory that columns have in common with older ones, which stay: nobody may write to it. It cannot be told from the
 * columns, since those that share some are equal to those that do not. What was shared once is copied at its next change,
 * even if the older ones are gone by then.
 */
const shared = new WeakSet<ArrayBufferLike>();

/** Notes what newer columns have taken over from older ones that were not given up. */
export function noteShared(older: readonly NumberColumn[], newer: readonly NumberColumn[]): void {
  for (const column of newer) if (older.includes(column)) shared.add(column.buffer);
}

/**
 * The old column's own where it is of the kind, has room left and is in no others, since nobody reads it any more. It is
 * empty then: whoever does read it gets no number at all rather than a wrong one.
 */
export const SAME_ROOM: ColumnRoom = ({ kind, from, length }) => {
  const { buffer } = from;
  const isKind = from instanceof kind && from.byteOffset === 0 && buffer instanceof ArrayBuffer;
  if (!isKind || shared.has(buffer) || buffer.byteLength < length * kind.BYTES_PER_ELEMENT) return NEW_ROOM({ kind, from, length });
  return buffer.transfer();
};

interface Merged<Column extends NumberColumn> {
  readonly kind: ColumnKind<Column>;
  readonly from: NumberColumn;
  readonly inserted: ArrayLike<number>;
  readonly room: ColumnRoom;
}

/** A column without what the plan drops and with what comes in between. */
export function mergeColumn<Column extends NumberColumn>(plan: MergePlan, { kind, from, inserted, room }: Merged<Column>): Column {
  // The old column is empty where its memory is taken.
  const longest = Math.max(plan.length, from.length);
  const buffer = room({ kind, from, length: plan.length });
  mergeWithin(plan, { into: new kind(buffer, 0, longest), inserted });
  return new kind(buffer, 0, plan.length);
}
