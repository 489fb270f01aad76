import { numberAt } from '../columns/number-column.ts';
import { compareProductKeys, productAt } from './line-columns.ts';
import type { LineColumns, Product } from './line-columns.ts';
import { minimumSupportCount } from './minimum-support.ts';
import { listOrders } from './product-scope.ts';
import type { ProductScope } from './product-scope.ts';

/** One basket in a hundred: enough to act on, and a pair there is no accident in a shop of any size. */
export const DEFAULT_MIN_SUPPORT = 0.01;

/** Two products of one basket; `a` is the one with the lower id. */
export interface ProductPair {
  readonly a: Product;
  readonly b: Product;
  /** Baskets with both. */
  readonly baskets: number;
  readonly basketsWithA: number;
  readonly basketsWithB: number;
  /** baskets / all baskets. */
  readonly support: number;
  /** baskets / basketsWithA: how many who take a take b too. */
  readonly confidenceAToB: number;
  /** baskets / basketsWithB. */
  readonly confidenceBToA: number;
  /** support / (support of a x support of b): 1 where they have nothing to do with each other. */
  readonly lift: number;
}

export interface BoughtTogether {
  /** Orders with a product, guests' among them: a basket needs nobody's name. Orders without lines are none. */
  readonly baskets: number;
  readonly minSupport: number;
  /** What `minSupport` comes to, inclusive. */
  readonly minimumBaskets: number;
  /** By falling lift, then falling support, then ascending id of a, then of b. */
  readonly pairs: readonly ProductPair[];
}

/** A basket is the set of the distinct products of an order. */
export function findBoughtTogether(scope: ProductScope, minSupport: number = DEFAULT_MIN_SUPPORT): BoughtTogether {
  const { lines } = scope;
  const orders = listOrders(scope);
  const { baskets, basketsWith } = countBaskets(lines, orders);
  const minimumBaskets = minimumSupportCount(minSupport, baskets);
  const counts = countFrequentPairs(lines, { orders, basketsWith, minimumBaskets });
  const pairs = counts.map((pair) => describePair(pair, { lines, baskets, basketsWith })).sort(byLift);
  return { baskets, minSupport, minimumBaskets, pairs };
}

/** Codes of two products, the lower first. */
export interface PairCount {
  a: number;
  b: number;
  baskets: number;
}

/** Orders with a product, and for each product those that have it. */
export function countBaskets(
  { dictionary, lineOffsets, products }: LineColumns,
  orders: Uint32Array,
): { baskets: number; basketsWith: Uint32Array } {
  const basketsWith = new Uint32Array(dictionary.length);
  let baskets = 0;
  for (let i = 0; i < orders.length; i += 1) {
    const order = orders[i] ?? NaN;
    const start = lineOffsets[order] ?? NaN;
    const end = lineOffsets[order + 1] ?? NaN;
    if (start === end) continue;
    baskets += 1;
    for (let line = start; line < end; line += 1) {
      const product = products[line] ?? NaN;
      basketsWith[product] = (basketsWith[product] ?? NaN) + 1;
    }
  }
  return { baskets, basketsWith };
}

export interface PairSearch {
  orders: Uint32Array;
  /** Per product. */
  basketsWith: Uint32Array;
  minimumBaskets: number;
  /** How many pairs are counted at a time: memory is four bytes times this. */
  pairsAtOnce?: number;
}

const PAIRS_AT_ONCE = 2 ** 24;

/**
 * All pairs that are in at least the minimum of baskets, counted exactly. Both products of such a pair reach the minimum
 * themselves (Agrawal and Srikant 1994), so only those are looked at. Their pairs are the cells of a triangle, row b
 * holding the cells of all a below it; the triangle is counted in one array, or where it is too large in bands of rows,
 * with one pass over the orders a band: three for 10,000 products.
 */
export function countFrequentPairs(lines: LineColumns, search: PairSearch): PairCount[] {
  const { pairsAtOnce = PAIRS_AT_ONCE } = search;
  const { frequent, rankOfProduct } = rankFrequent(search);
  const found: PairCount[] = [];
  let firstRow = 1;
  while (firstRow < frequent.length) {
    const base = cellsBefore(firstRow);
    let endRow = firstRow + 1;
    while (endRow < frequent.length && cellsBefore(endRow + 1) - base <= pairsAtOnce) endRow += 1;
    const cells = new Uint32Array(cellsBefore(endRow) - base);
    countBand(lines, search.orders, { rankOfProduct, cells, firstRow, endRow });
    for (let row = firstRow; row < endRow; row += 1) {
      for (let column = 0; column < row; column += 1) {
        const baskets = cells[cellsBefore(row) - base + column] ?? NaN;
        if (baskets < search.minimumBaskets) continue;
        found.push({ a: numberAt(frequent, column), b: numberAt(frequent, row), baskets });
      }
    }
    firstRow = endRow;
  }
  return found;
}

/** Cells of the rows before this one: row r has r. */
function cellsBefore(row: number): number {
  return (row * (row - 1)) / 2;
}

/** The products that reach the minimum, by code, and for each product its place among them or -1. */
function rankFrequent({ basketsWith, minimumBaskets }: PairSearch): {
  frequent: Uint32Array;
  rankOfProduct: Int32Array;
} {
  const frequent = Uint32Array.from(basketsWith.keys()).filter((product) => numberAt(basketsWith, product) >= minimumBaskets);
  const rankOfProduct = new Int32Array(basketsWith.length).fill(-1);
  frequent.forEach((product, rank) => {
    rankOfProduct[product] = rank;
  });
  return { frequent, rankOfProduct };
}

interface Band {
  rankOfProduct: Int32Array;
  cells: Uint32Array;
  firstRow: number;
  endRow: number;
}

/** The products of an order ascend, and so do their ranks: each pair is met once, in the row of its higher one. */
function countBand({ lineOffsets, products }: LineColumns, orders: Uint32Array, band: Band): void {
  const { rankOfProduct, cells, firstRow, endRow } = band;
  const base = cellsBefore(firstRow);
  const ranks = new Uint32Array(rankOfProduct.length);
  for (let i = 0; i < orders.length; i += 1) {
    const order = orders[i] ?? NaN;
    const start = lineOffsets[order] ?? NaN;
    const end = lineOffsets[order + 1] ?? NaN;
    if (end - start < 2) continue;
    let count = 0;
    for (let line = start; line < end; line += 1) {
      const rank = rankOfProduct[products[line] ?? NaN] ?? NaN;
      if (rank < 0) continue;
      if (rank >= endRow) break;
      if (rank >= firstRow) {
        const row = cellsBefore(rank) - base;
        for (let j = 0; j < count; j += 1) {
          const cell = row + (ranks[j] ?? NaN);
          cells[cell] = (cells[cell] ?? NaN) + 1;
        }
      }
      ranks[count] = rank;
      count += 1;
    }
  }
}

interface PairContext {
  lines: LineColumns;
  baskets: number;
  basketsWith: Uint32Array;
}

/** One division each, of exact whole numbers: pairs of equal lift have the same float, and their order is decided below. */
function describePair({ a, b, baskets: both }: PairCount, { lines, baskets, basketsWith }: PairContext): ProductPair {
  const basketsWithA = numberAt(basketsWith, a);
  const basketsWithB = numberAt(basketsWith, b);
  return {
    a: productAt(lines, a),
    b: productAt(lines, b),
    baskets: both,
    basketsWithA,
    basketsWithB,
    support: both / baskets,
    confidenceAToB: both / basketsWithA,
    confidenceBToA: both / basketsWithB,
    lift: (both * baskets) / (basketsWithA * basketsWithB),
  };
}

function byLift(one: ProductPair, other: ProductPair): number {
  return (
    other.lift - one.lift ||
    other.baskets - one.baskets ||
    compareProductKeys(one.a.id, other.a.id) ||
    compareProductKeys(one.b.id, other.b.id)
  );
}
