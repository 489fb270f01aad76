/**
 * Reads of a column inside its bounds. TypeScript types every indexed read as possibly undefined; a default there would
 * turn a wrong index into a wrong number, so these throw. One function a kind of array keeps each read monomorphic,
 * and the engine inlines it.
 */
export function float64At(column: Float64Array, index: number): number {
  const value = column[index];
  if (value === undefined) throw new RangeError(`no entry ${index} in a column of ${column.length}`);
  return value;
}

export function int32At(column: Int32Array, index: number): number {
  const value = column[index];
  if (value === undefined) throw new RangeError(`no entry ${index} in a column of ${column.length}`);
  return value;
}

export function uint32At(column: Uint32Array, index: number): number {
  const value = column[index];
  if (value === undefined) throw new RangeError(`no entry ${index} in a column of ${column.length}`);
  return value;
}

export function uint8At(column: Uint8Array, index: number): number {
  const value = column[index];
  if (value === undefined) throw new RangeError(`no entry ${index} in a column of ${column.length}`);
  return value;
}
