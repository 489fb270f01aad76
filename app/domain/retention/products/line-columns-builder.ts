import { GrowableFloat64Column, GrowableInt32Column } from '../columns/growable-columns.ts';
import { codeColumn, numberAt } from '../columns/number-column.ts';
import type { CodeColumn } from '../columns/number-column.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import { compareProductKeys, productKeyOf } from './line-columns.ts';
import type { LineColumns, OrderLineRow, Product } from './line-columns.ts';
import { OrderPlaces } from './order-places.ts';
import { isLower, ProductLabels } from './product-labels.ts';
import type { ProductLabel } from './product-labels.ts';

/** What is asked of the orders that lines are put beside. */
export type OrdersOfLines = Pick<OrderColumns, 'orderCount' | 'orderIds' | 'instantSeconds'>;

/** Up to here insertion is quicker than the engine's sort, and nearly all orders have fewer products. */
const INSERTION_SORT_MAX = 24;
const NONE = -1;

/**
 * Collects the lines of orders in any order and joins them to the columns once. Lines of orders that are not there, such
 * as cancelled ones, are dropped then. A line keeps four bytes, and each run of lines of one order twelve more.
 */
export class LineColumnsBuilder {
  readonly #labels = new ProductLabels();
  readonly #lineLabels = new GrowableInt32Column();
  readonly #runOrderIds = new GrowableFloat64Column();
  readonly #runStarts = new GrowableInt32Column();
  #lineCount = 0;
  #runOrderId = NaN;

  /** @throws RangeError when the order's id is none */
  append(row: OrderLineRow): void {
    if (!Number.isInteger(row.orderId)) throw new RangeError(`${row.orderId} is not an order id`);
    if (!(row.quantity > 0) || productKeyOf(row) === '') return;
    if (row.orderId !== this.#runOrderId) {
      this.#runOrderId = row.orderId;
      this.#runOrderIds.push(row.orderId);
      this.#runStarts.push(this.#lineCount);
    }
    this.#lineLabels.push(this.#labels.codeOf(row));
    this.#lineCount += 1;
  }

  /** @param orderOf the order's id by the one that a line was appended with, where its order was not known then */
  build(columns: OrdersOfLines, orderOf: (orderId: number) => number = (orderId) => orderId): LineColumns {
    const joined: JoinedLines = {
      labels: this.#lineLabels.view(),
      runStarts: this.#runStarts.view(),
      runOrders: this.#findOrders(columns, orderOf),
    };
    const productOfLabel = Int32Array.from(this.#labels.labels, (label) => label.product);
    const shownLabels = findShownLabels(joined, { columns, labels: this.#labels.labels, productOfLabel });
    const { dictionary, codeOfProduct } = deriveDictionary(this.#labels, shownLabels);
    const codeOfLabel = productOfLabel.map((product) => numberAt(codeOfProduct, product));
    return {
      orderCount: columns.orderCount,
      dictionary,
      ...makeSets(joined, { codeOfLabel, productCount: dictionary.length, orderCount: columns.orderCount }),
    };
  }

  #findOrders({ orderIds }: OrdersOfLines, orderOf: (orderId: number) => number): Int32Array {
    const places = new OrderPlaces(orderIds);
    const runOrderIds = this.#runOrderIds.view();
    const orders = new Int32Array(runOrderIds.length);
    for (let run = 0; run < orders.length; run += 1) orders[run] = places.find(orderOf(runOrderIds[run] ?? NaN));
    return orders;
  }
}

export function buildLineColumns(rows: Iterable<OrderLineRow>, columns: OrdersOfLines): LineColumns {
  const builder = new LineColumnsBuilder();
  for (const row of rows) builder.append(row);
  return builder.build(columns);
}

interface JoinedLines {
  /** Per line. */
  labels: Int32Array;
  /** Per run of lines of one order, its first line. */
  runStarts: Int32Array;
  /** Per run the place of its order, or -1 where the columns do not have it. */
  runOrders: Int32Array;
}

function endOfRun({ labels, runStarts }: JoinedLines, run: number): number {
  return run + 1 < runStarts.length ? numberAt(runStarts, run + 1) : labels.length;
}

interface LabelContext {
  columns: OrdersOfLines;
  labels: readonly ProductLabel[];
  productOfLabel: Int32Array;
}

/** Per product the label of its latest order, or -1 where no order of the columns has the product. */
function findShownLabels(joined: JoinedLines, { columns, labels, productOfLabel }: LabelContext): Int32Array {
  const shown = new Int32Array(productOfLabel.length).fill(NONE);
  const shownOrders = new Int32Array(productOfLabel.length).fill(NONE);
  for (let run = 0; run < joined.runOrders.length; run += 1) {
    const order = numberAt(joined.runOrders, run);
    if (order === NONE) continue;
    const end = endOfRun(joined, run);
    for (let line = numberAt(joined.runStarts, run); line < end; line += 1) {
      const label = joined.labels[line] ?? NaN;
      const product = productOfLabel[label] ?? NaN;
      const shownOrder = shownOrders[product] ?? NaN;
      const isSame = shownOrder === order && shown[product] !== label;
      const isShown = isSame ? isLower(labels[label], labels[shown[product] ?? NaN]) : isLaterOrder(columns, order, shownOrder);
      if (!isShown) continue;
      shown[product] = label;
      shownOrders[product] = order;
    }
  }
  return shown;
}

/** By the instant, then the order's id. Later than none is every order. */
export function isLaterOrder({ instantSeconds, orderIds }: OrdersOfLines, order: number, than: number): boolean {
  if (than === NONE) return true;
  const later = (instantSeconds[order] ?? NaN) - (instantSeconds[than] ?? NaN);
  return later > 0 || (later === 0 && numberAt(orderIds, order) > numberAt(orderIds, than));
}

/** The products that were bought, by key, and for each product as it was first seen its code, or -1. */
function deriveDictionary(
  { keys, labels }: ProductLabels,
  shownLabels: Int32Array,
): { dictionary: Product[]; codeOfProduct: Int32Array } {
  const bought: (Product & { product: number })[] = [];
  keys.forEach((id, product) => {
    const label = labels[numberAt(shownLabels, product)];
    if (label !== undefined) bought.push({ product, id, title: label.title, sku: label.sku });
  });
  bought.sort((a, b) => compareProductKeys(a.id, b.id));
  const codeOfProduct = new Int32Array(keys.length).fill(NONE);
  const dictionary = bought.map(({ product, ...shown }, code) => {
    codeOfProduct[product] = code;
    return shown;
  });
  return { dictionary, codeOfProduct };
}

interface SetSizes {
  codeOfLabel: Int32Array;
  productCount: number;
  orderCount: number;
}

/** A counting sort spreads the lines over the orders; each order's few codes are then sorted, and repeats fall out. */
function makeSets(joined: JoinedLines, sizes: SetSizes): Pick<LineColumns, 'lineOffsets' | 'products'> {
  const ends = countLinesBefore(joined, sizes.orderCount);
  const codes = codeColumn(numberAt(ends, sizes.orderCount), sizes.productCount);
  for (let run = 0; run < joined.runOrders.length; run += 1) {
    const order = numberAt(joined.runOrders, run);
    if (order === NONE) continue;
    const end = endOfRun(joined, run);
    let place = numberAt(ends, order);
    for (let line = numberAt(joined.runStarts, run); line < end; line += 1) {
      codes[place] = sizes.codeOfLabel[joined.labels[line] ?? NaN] ?? NaN;
      place += 1;
    }
    ends[order] = place;
  }

  // Each entry was moved from its order's first line to the end of its last.
  const lineOffsets = new Uint32Array(sizes.orderCount + 1);
  let start = 0;
  let kept = 0;
  for (let order = 0; order < sizes.orderCount; order += 1) {
    const end = numberAt(ends, order);
    kept = keepSet(codes, { start, end }, kept);
    lineOffsets[order + 1] = kept;
    start = end;
  }
  return { lineOffsets, products: kept === codes.length ? codes : codes.slice(0, kept) };
}

/** Entry i is the number of lines of the orders before i; the last entry is that of all. */
function countLinesBefore(joined: JoinedLines, orderCount: number): Uint32Array {
  const counts = new Uint32Array(orderCount + 1);
  for (let run = 0; run < joined.runOrders.length; run += 1) {
    const order = numberAt(joined.runOrders, run);
    if (order === NONE) continue;
    counts[order + 1] = numberAt(counts, order + 1) + endOfRun(joined, run) - numberAt(joined.runStarts, run);
  }
  for (let order = 0; order < orderCount; order += 1) {
    counts[order + 1] = numberAt(counts, order) + numberAt(counts, order + 1);
  }
  return counts;
}

/** Sorts the codes of one order and moves each once to where `kept` points. @returns the place after them */
function keepSet(codes: CodeColumn, { start, end }: { start: number; end: number }, kept: number): number {
  if (end - start > INSERTION_SORT_MAX) codes.subarray(start, end).sort();
  else sortByInsertion(codes, start, end);
  let place = kept;
  for (let line = start; line < end; line += 1) {
    const code = codes[line] ?? NaN;
    if (place > kept && codes[place - 1] === code) continue;
    codes[place] = code;
    place += 1;
  }
  return place;
}

function sortByInsertion(codes: CodeColumn, start: number, end: number): void {
  for (let line = start + 1; line < end; line += 1) {
    const code = codes[line] ?? NaN;
    let place = line;
    while (place > start && (codes[place - 1] ?? NaN) > code) {
      codes[place] = codes[place - 1] ?? NaN;
      place -= 1;
    }
    codes[place] = code;
  }
}
