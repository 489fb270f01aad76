import { bytesOfTexts } from '../columns/bytes-of-texts.ts';
import type { CodeColumn } from '../columns/number-column.ts';

/**
 * What was bought in each counted order, aligned with the `OrderColumns` of the same shop: entry i is about order i
 * there.
 *
 * The products of order i are `products[lineOffsets[i]]` up to `products[lineOffsets[i + 1]]`: a set, each product once
 * and its code above the one before. An order without lines, or whose lines were all removed or returned, has none.
 * Codes follow the order of the keys, so a lower code is a lower key. Readers never write to them.
 */
export interface LineColumns {
  readonly orderCount: number;
  /** orderCount + 1 entries. */
  readonly lineOffsets: Uint32Array;
  readonly products: CodeColumn;
  /** `dictionary[code]`, by ascending key: numbers before texts, texts by code unit. */
  readonly dictionary: readonly Product[];
}

/**
 * Shopify's numeric product id, as a text where no number holds it. Lines that have none (a product that was never in the
 * catalogue, an orders export) go by their SKU, and without one by their name; an SKU is that of a variant, so there two
 * sizes of a shirt are two products.
 */
export type ProductKey = number | string;

export interface Product {
  readonly id: ProductKey;
  /** As its latest order calls it. */
  readonly title: string;
  /** That of its latest order; variants of a product have different ones. */
  readonly sku: string | null;
}

/** One line of an order. */
export interface OrderLineRow {
  /** The number that `OrderRow.orderId` has. */
  orderId: number;
  /** Shopify's, as a text where no number holds it; null where none is known. */
  productId: ProductKey | null;
  title: string;
  sku: string | null;
  /** Pieces that are left after removals and returns. None, and the line is no purchase. */
  quantity: number;
}

/**
 * The key that the line's product goes by. Empty where nothing is known of it, as of what was typed in for a customer who
 * was forgotten since: such a line is in no number.
 */
export function productKeyOf({ productId, sku, title }: Pick<OrderLineRow, 'productId' | 'sku' | 'title'>): ProductKey {
  if (productId !== null) return productId;
  const trimmedSku = sku === null ? '' : sku.trim();
  return trimmedSku === '' ? title.trim() : trimmedSku;
}

/** Read inside its bounds: a wrong code must not become a wrong product. */
export function productAt({ dictionary }: LineColumns, code: number): Product {
  const product = dictionary[code];
  if (product === undefined) throw new RangeError(`no product ${code} among ${dictionary.length}`);
  return product;
}

/** An object of three fields, as engines hold one, with the reference to it. */
const BYTES_A_PRODUCT = 48;

/** What the lines hold in memory, the texts of the dictionary too: a shop of many products has megabytes of titles. */
export function byteSizeOfLines({ lineOffsets, products, dictionary }: LineColumns): number {
  const texts = bytesOfTexts(dictionary.flatMap(({ id, title, sku }) => [id, title, sku]));
  return lineOffsets.byteLength + products.byteLength + dictionary.length * BYTES_A_PRODUCT + texts;
}

/** Numbers before texts, texts by code unit. */
export function compareProductKeys(a: ProductKey, b: ProductKey): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return -1;
  if (typeof b === 'number') return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
