import { customerOfRow } from '../retention/metrics/customer-rows.ts';
import type { SegmentScope } from './segment-scope.ts';

/** Without any product: the lines of the order are not known, or all were removed or returned. */
const NO_PRODUCT = null;

/**
 * Marks the customers whose first counted order contains one of the products, by their keys written out. False where
 * lines are not known at all.
 */
export function markFirstProduct({ columns, rows, lines }: SegmentScope, anyOf: readonly (string | null)[], meets: Uint8Array): boolean {
  if (lines === null) return false;
  const { lineOffsets, products, dictionary } = lines;
  const asked = new Set(anyOf);
  const wanted = Uint8Array.from(dictionary, ({ id }) => (asked.has(String(id)) ? 1 : 0));
  const isNoneWanted = asked.has(NO_PRODUCT) ? 1 : 0;
  for (let i = 0; i < meets.length; i += 1) {
    const order = columns.customerOffsets[customerOfRow(rows, i)] ?? NaN;
    const first = lineOffsets[order] ?? NaN;
    const end = lineOffsets[order + 1] ?? NaN;
    let isMet = first === end ? isNoneWanted : 0;
    for (let line = first; line < end; line += 1) isMet |= wanted[products[line] ?? NaN] ?? NaN;
    meets[i] = isMet;
  }
  return true;
}
