import type { OrderLineRow, ProductKey } from './line-columns.ts';
import { productKeyOf } from './line-columns.ts';

/** What one line, and all lines like it, call a product. */
export interface ProductLabel {
  /** Index into the products, in the order they were first seen. */
  readonly product: number;
  readonly title: string;
  readonly sku: string | null;
}

interface KnownProduct {
  product: number;
  /** The label of the line before: nearly always that of the next line too. */
  latest: number;
  /** All labels of the product by title and SKU; most products have one for ever and need no map. */
  others: Map<string, number> | null;
}

/**
 * The different (product, title, SKU) of the lines, numbered as they come. Which label a product is shown by is known
 * only when the orders' dates are, so a line keeps the number of its label until then.
 */
export class ProductLabels {
  readonly #known = new Map<ProductKey, KnownProduct>();
  readonly labels: ProductLabel[] = [];
  readonly keys: ProductKey[] = [];

  codeOf(row: Pick<OrderLineRow, 'productId' | 'title' | 'sku'>): number {
    const key = productKeyOf(row);
    const known = this.#known.get(key);
    if (known === undefined) return this.#addProduct(key, row);
    const latest = this.labels[known.latest];
    if (latest !== undefined && latest.title === row.title && latest.sku === row.sku) return known.latest;
    known.latest = this.#findOrAddLabel(known, row);
    return known.latest;
  }

  #addProduct(key: ProductKey, row: Pick<OrderLineRow, 'title' | 'sku'>): number {
    const product = this.keys.push(key) - 1;
    const label = this.#addLabel(product, row);
    this.#known.set(key, { product, latest: label, others: null });
    return label;
  }

  #findOrAddLabel(known: KnownProduct, row: Pick<OrderLineRow, 'title' | 'sku'>): number {
    if (known.others === null) {
      const first = this.labels[known.latest];
      known.others = new Map(first === undefined ? [] : [[labelKey(first), known.latest]]);
    }
    const found = known.others.get(labelKey(row));
    if (found !== undefined) return found;
    const label = this.#addLabel(known.product, row);
    known.others.set(labelKey(row), label);
    return label;
  }

  #addLabel(product: number, { title, sku }: Pick<OrderLineRow, 'title' | 'sku'>): number {
    return this.labels.push({ product, title, sku }) - 1;
  }
}

function labelKey({ title, sku }: Pick<OrderLineRow, 'title' | 'sku'>): string {
  return JSON.stringify([title, sku]);
}

/** Of two labels in one order the lower text is shown, so that the order of the lines makes no difference. */
export function isLower(a: ProductLabel | undefined, b: ProductLabel | undefined): boolean {
  return a !== undefined && b !== undefined && labelKey(a) < labelKey(b);
}
