import { mergeColumn } from './column-room.ts';
import type { ColumnKind, ColumnRoom } from './column-room.ts';
import { narrowedTo32 } from './number-column.ts';
import type { NumberColumn } from './number-column.ts';
import type { PlacedChanges } from './place-changes.ts';
import type { PlacedRow } from './place-rows.ts';

interface MergedColumn<Column extends NumberColumn> {
  from: NumberColumn;
  inserted: readonly number[];
  replaced: readonly number[];
  kind: ColumnKind<Column>;
  room: ColumnRoom;
}

/**
 * The column with the orders that came and without those that went.
 *
 * @param inserted values of `changes.inserted`
 * @param replaced values of `changes.replaced`
 */
export function mergeChanges<Column extends NumberColumn>(
  { plan, replacedAt }: PlacedChanges,
  { from, inserted, replaced, kind, room }: MergedColumn<Column>,
): Column {
  const into = mergeColumn(plan, { kind, from, inserted, room });
  for (let index = 0; index < replacedAt.length; index += 1) into[replacedAt[index] ?? NaN] = replaced[index] ?? NaN;
  return into;
}

/** A column of whole numbers, or of such that have a fraction, as narrow as they let it be. The same one when all stays. */
export function refreshNumbers(
  from: Uint32Array | Float64Array,
  changes: PlacedChanges,
  { room, valueOf }: { room: ColumnRoom; valueOf: (placed: PlacedRow) => number },
): Uint32Array | Float64Array {
  const [inserted, replaced] = [changes.inserted.map(valueOf), changes.replaced.map(valueOf)];
  if (staysAsItIs(from, changes, replaced)) return from;
  const isNarrow = (value: number): boolean => value >>> 0 === value;
  if (from instanceof Uint32Array && inserted.every(isNarrow) && replaced.every(isNarrow)) {
    return mergeChanges(changes, { from, inserted, replaced, kind: Uint32Array, room });
  }
  return narrowedTo32(mergeChanges(changes, { from, inserted, replaced, kind: Float64Array, room }));
}

/** Whether no order moves and those that are replaced have the values that they had. */
export function staysAsItIs(from: NumberColumn, { isInPlace, replacedFrom }: PlacedChanges, replaced: readonly number[]): boolean {
  return isInPlace && replacedFrom.every((place, index) => from[place] === replaced[index]);
}
