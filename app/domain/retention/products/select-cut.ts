import { selectByTier } from '../columns/customer-tiers.ts';
import type { CustomerTiers } from '../columns/customer-tiers.ts';
import { FIRST_PRODUCT, TIER } from '../columns/cut-query.ts';
import type { Cut } from '../columns/cut-query.ts';
import type { CutValue } from '../columns/cut-values.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import { everyone, selectByFirstOrder } from '../columns/selection.ts';
import type { Selection } from '../columns/selection.ts';
import { productAt } from './line-columns.ts';
import type { LineColumns } from './line-columns.ts';
import { selectByFirstProduct } from './select-by-first-product.ts';

/** Orders, and their lines where those are at hand: without lines nobody has begun with a product. */
export interface OrdersToCut {
  readonly columns: OrderColumns;
  /** Of the same orders. */
  readonly lines: LineColumns | null;
  /** Of the same customers, where they are at hand: without, nobody is in a tier. */
  readonly tiers?: CustomerTiers | null;
}

const NOBODY: Selection = { customers: new Uint32Array(0), guestOrders: new Uint32Array(0) };

/** Whom a page speaks of that takes a cut: everybody without one. */
export function selectCut({ columns, lines, tiers = null }: OrdersToCut, cut: Cut | null): Selection {
  if (cut === null) return everyone(columns);
  if (cut.dimension === TIER) return tiers === null ? NOBODY : selectByTier(columns, tiers, cut.value);
  if (cut.dimension !== FIRST_PRODUCT) return selectByFirstOrder(columns, cut);
  const product = lines?.dictionary.findIndex(({ id }) => String(id) === cut.value) ?? -1;
  if (lines === null || product === -1) return NOBODY;
  return selectByFirstProduct({ columns, lines }, product);
}

/** The products of customers' first counted orders, those that most begin with first. */
export function countFirstProducts({ columns, lines }: { columns: OrderColumns; lines: LineColumns }): CutValue[] {
  const { customerCount, customerOffsets } = columns;
  const { lineOffsets, products, dictionary } = lines;
  const counts = new Uint32Array(dictionary.length);
  for (let customer = 0; customer < customerCount; customer += 1) {
    const first = customerOffsets[customer] ?? NaN;
    const end = lineOffsets[first + 1] ?? NaN;
    for (let line = lineOffsets[first] ?? NaN; line < end; line += 1) {
      const product = products[line] ?? NaN;
      counts[product] = (counts[product] ?? NaN) + 1;
    }
  }
  return Array.from(counts, (customers, product) => ({ product, customers }))
    .filter(({ customers }) => customers > 0)
    .sort((a, b) => b.customers - a.customers)
    .map(({ product, customers }) => {
      const { id, title, sku } = productAt(lines, product);
      return { value: String(id), customers, name: title || sku || String(id) };
    });
}
