import { numberAt } from '../columns/number-column.ts';
import { compareProductKeys, productAt } from './line-columns.ts';
import type { LineColumns, Product } from './line-columns.ts';

/** The products of two dictionaries by ascending key, each once. */
export interface MergedProducts {
  count: number;
  /** Per code of each dictionary the place here. */
  codeOfKnown: Int32Array;
  codeOfFresh: Int32Array;
  /** The other way round; -1 where a dictionary does not have the product. */
  knownCodeOf: Int32Array;
  freshCodeOf: Int32Array;
}

const NONE = -1;

export function mergeProducts(known: readonly Product[], fresh: readonly Product[]): MergedProducts {
  const codeOfKnown = new Int32Array(known.length);
  const codeOfFresh = new Int32Array(fresh.length);
  const knownCodeOf = new Int32Array(known.length + fresh.length).fill(NONE);
  const freshCodeOf = new Int32Array(known.length + fresh.length).fill(NONE);
  let [count, knownCode, freshCode] = [0, 0, 0];
  while (knownCode < known.length || freshCode < fresh.length) {
    const order = compareHeads(known[knownCode], fresh[freshCode]);
    if (order <= 0) {
      codeOfKnown[knownCode] = count;
      knownCodeOf[count] = knownCode;
      knownCode += 1;
    }
    if (order >= 0) {
      codeOfFresh[freshCode] = count;
      freshCodeOf[count] = freshCode;
      freshCode += 1;
    }
    count += 1;
  }
  return { count, codeOfKnown, codeOfFresh, knownCodeOf, freshCodeOf };
}

/** What has come to its end is after everything. */
function compareHeads(a: Product | undefined, b: Product | undefined): number {
  if (a === undefined) return 1;
  return b === undefined ? -1 : compareProductKeys(a.id, b.id);
}

/** As one of the dictionaries shows it. */
export function productOf(lines: LineColumns, codeOf: Int32Array, product: number): Product {
  return productAt(lines, numberAt(codeOf, product));
}
