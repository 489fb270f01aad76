import { codeColumn, numberAt } from '../columns/number-column.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import { buildLineColumns, isLaterOrder } from './line-columns-builder.ts';
import type { OrdersOfLines } from './line-columns-builder.ts';
import type { LineColumns, OrderLineRow, Product } from './line-columns.ts';
import { matchOrders } from './match-orders.ts';
import type { MatchedOrders } from './match-orders.ts';
import { mergeProducts, productOf } from './merge-products.ts';
import type { MergedProducts } from './merge-products.ts';

const NONE = -1;

/** Lines and the orders that they stand beside. */
export interface LinesOfOrders {
  readonly columns: OrderColumns;
  readonly lines: LineColumns;
}

export interface LineChanges {
  /** Orders that were written since, whether they count now or not, and those whose lines are here besides. */
  orderIds: readonly number[];
  /** All lines that these have now. */
  rows: readonly OrderLineRow[];
}

export type RefreshedLines =
  | { kind: 'refreshed'; lines: LineColumns }
  /** What a product is called is said by an order that is no change: its lines are wanted as well. */
  | { kind: 'wanting'; orderIds: number[] }
  /** What has changed is not among the changes, or nothing tells two orders apart: all has to be read anew. */
  | { kind: 'unlike' };

/**
 * Lines beside `now`, equal to those that a builder would make of all lines: those of orders that did not change are
 * copied, the rest come from the changes. What is known stays as it is, for whoever is reading it.
 */
export function refreshLineColumns(known: LinesOfOrders, now: OrderColumns, { orderIds, rows }: LineChanges): RefreshedLines {
  const matched = matchOrders(known.columns.orderIds, now.orderIds, orderIds);
  if (matched === null) return { kind: 'unlike' };
  const fresh = buildLineColumns(rows, ordersAt(now, matched.fresh));
  const products = mergeProducts(known.lines.dictionary, fresh.dictionary);
  const parts: Parts = { known, now, fresh, matched, products, latest: new Int32Array(products.count).fill(NONE), lineCount: 0 };
  findLatestOrders(parts);
  const wanting = findWanting(parts);
  return wanting.length > 0 ? { kind: 'wanting', orderIds: wanting } : { kind: 'refreshed', lines: assemble(parts) };
}

interface Parts {
  known: LinesOfOrders;
  now: OrderColumns;
  /** Beside the changed orders alone, in the order that they have in `now`. */
  fresh: LineColumns;
  matched: MatchedOrders;
  products: MergedProducts;
  /** Per product of either dictionary its latest order in `now`, or -1. */
  latest: Int32Array;
  /** Of all orders in `now`. */
  lineCount: number;
}

function ordersAt({ orderIds, instantSeconds }: OrderColumns, places: Int32Array): OrdersOfLines {
  return {
    orderCount: places.length,
    orderIds: Float64Array.from(places, (place) => orderIds[place] ?? NaN),
    instantSeconds: Float64Array.from(places, (place) => instantSeconds[place] ?? NaN),
  };
}

function findLatestOrders(parts: Parts): void {
  const { known, now, fresh, matched, products, latest } = parts;
  let lineCount = 0;
  for (let order = 0; order < now.orderCount; order += 1) {
    const source = numberAt(matched.sources, order);
    const of = source < 0 ? fresh : known.lines;
    const codes = source < 0 ? products.codeOfFresh : products.codeOfKnown;
    const place = source < 0 ? -source - 1 : source;
    const end = of.lineOffsets[place + 1] ?? NaN;
    for (let line = of.lineOffsets[place] ?? NaN; line < end; line += 1) {
      const product = codes[of.products[line] ?? NaN] ?? NaN;
      if (isLaterOrder(now, order, latest[product] ?? NaN)) latest[product] = order;
      lineCount += 1;
    }
  }
  parts.lineCount = lineCount;
}

/**
 * A product is called what its latest order calls it. Where that one went or changed, it is another order's turn, and of
 * an order that did not change only its products are known and not what it calls them.
 */
function findWanting({ known, now, matched, products, latest }: Parts): number[] {
  const { lineOffsets, products: codes } = known.lines;
  const wanting = new Set<number>();
  for (const gone of matched.gone) {
    const end = numberAt(lineOffsets, gone + 1);
    for (let line = numberAt(lineOffsets, gone); line < end; line += 1) {
      const order = latest[products.codeOfKnown[codes[line] ?? NaN] ?? NaN] ?? NaN;
      if (order === NONE || numberAt(matched.sources, order) < 0) continue;
      const sooner = numberAt(known.columns.instantSeconds, gone) - numberAt(now.instantSeconds, order);
      const wasLater = sooner > 0 || (sooner === 0 && numberAt(known.columns.orderIds, gone) > numberAt(now.orderIds, order));
      if (wasLater) wanting.add(numberAt(now.orderIds, order));
    }
  }
  return [...wanting];
}

function assemble(parts: Parts): LineColumns {
  const { known, now, fresh, matched, products, latest, lineCount } = parts;
  // By the place among the products of both: those that nobody has bought any more have no code.
  const codeOf = new Int32Array(products.count).fill(NONE);
  const dictionary: Product[] = [];
  latest.forEach((order, product) => {
    if (order === NONE) return;
    const isFresh = numberAt(matched.sources, order) < 0;
    const shown = isFresh ? productOf(fresh, products.freshCodeOf, product) : productOf(known.lines, products.knownCodeOf, product);
    codeOf[product] = dictionary.push(shown) - 1;
  });
  const codesOfKnown = products.codeOfKnown.map((product) => numberAt(codeOf, product));
  const codesOfFresh = products.codeOfFresh.map((product) => numberAt(codeOf, product));
  const lineOffsets = new Uint32Array(now.orderCount + 1);
  const column = codeColumn(lineCount, dictionary.length);
  let kept = 0;
  for (let order = 0; order < now.orderCount; order += 1) {
    const source = numberAt(matched.sources, order);
    const of = source < 0 ? fresh : known.lines;
    const codes = source < 0 ? codesOfFresh : codesOfKnown;
    const place = source < 0 ? -source - 1 : source;
    const end = of.lineOffsets[place + 1] ?? NaN;
    // Codes rise with the keys in both, so they do here.
    for (let line = of.lineOffsets[place] ?? NaN; line < end; line += 1) {
      column[kept] = codes[of.products[line] ?? NaN] ?? NaN;
      kept += 1;
    }
    lineOffsets[order + 1] = kept;
  }
  return { orderCount: now.orderCount, lineOffsets, products: column, dictionary };
}
