import { roomyCopy } from './column-room.ts';
import type { ColumnKind } from './column-room.ts';

/**
 * A column of numbers in the narrowest kind of array that holds all of them exactly, so that memory is what the numbers
 * need and a scan reads as few bytes as it can.
 *
 * How columns are read. Where speed does not matter: `numberAt`, which throws on an index that is not there. In a loop
 * over orders or customers: `column[i] ?? NaN`, straight on the array. It costs nothing (the compiler proves that the
 * element is there), and a wrong index makes the sum NaN instead of adding a zero that nobody sees. A function that all
 * loops share would see every kind of array and slow all of them down.
 */
export type NumberColumn = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** Codes of a dictionary: as wide as its number of values asks for. */
export type CodeColumn = Uint8Array | Uint16Array | Uint32Array;

const UINT8_CODES = 2 ** 8;
const UINT16_CODES = 2 ** 16;

export function numberAt(column: NumberColumn, index: number): number {
  const value = column[index];
  if (value === undefined) throw new RangeError(`no entry ${index} in a column of ${column.length}`);
  return value;
}

/** Zeroed room for `length` codes below `codeCount`. */
export function codeColumn(length: number, codeCount: number): CodeColumn {
  if (codeCount <= UINT8_CODES) return new Uint8Array(length);
  return codeCount <= UINT16_CODES ? new Uint16Array(length) : new Uint32Array(length);
}

/** The kind of array that holds codes below `codeCount`. */
export function codeKind(codeCount: number): ColumnKind<CodeColumn> {
  if (codeCount <= UINT8_CODES) return Uint8Array;
  return codeCount <= UINT16_CODES ? Uint16Array : Uint32Array;
}

/** The same values in a narrower kind of array when all of them fit. */
export function narrowedTo32(values: Float64Array): Uint32Array | Float64Array {
  return areUint32(values) ? roomyCopy(Uint32Array, values) : values;
}

/** The same values in a narrower kind of array when all of them fit. */
export function narrowedTo16(values: Int32Array): Uint16Array | Int32Array {
  return areUint16(values) ? roomyCopy(Uint16Array, values) : values;
}

function areUint32(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? NaN;
    if (value >>> 0 !== value) return false;
  }
  return true;
}

function areUint16(values: Int32Array): boolean {
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? NaN;
    if ((value & 0xffff) !== value) return false;
  }
  return true;
}
