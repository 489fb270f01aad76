import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { buildLineColumns } from '#app/domain/retention/products/line-columns-builder.ts';
import type { LineColumns, OrderLineRow, ProductKey } from '#app/domain/retention/products/line-columns.ts';
import type { ProductScope } from '#app/domain/retention/products/product-scope.ts';
import { anOrder, columnsOf, dayNamed } from '../order-rows.ts';

/** An order with its lines. */
export interface Purchase {
  order: OrderRow;
  lines: OrderLineRow[];
}

export function aLine(line: Partial<OrderLineRow> & { orderId: number }): OrderLineRow {
  return { productId: null, title: 'Coffee', sku: null, quantity: 1, ...line };
}

/** Somebody buys one of each product; a product is named by its SKU. */
export function aPurchase({ of, ...facts }: Partial<OrderRow> & { at: string; of: readonly string[] }): Purchase {
  const order = anOrder(facts);
  return { order, lines: of.map((sku) => aLine({ orderId: order.orderId, sku, title: `The ${sku}` })) };
}

interface Shop {
  timeZone?: string;
}

export function scopeOf(purchases: readonly Purchase[], asOf: string, { timeZone = 'UTC' }: Shop = {}): ProductScope {
  const columns = columnsOf(purchases.map(({ order }) => order), { timeZone });
  const lines = buildLineColumns(purchases.flatMap((purchase) => purchase.lines), columns);
  return { columns, lines, selection: everyone(columns), asOf: asOfDayIn(timeZone, dayNamed(asOf)) };
}

export function codeOf({ dictionary }: LineColumns, id: ProductKey): number {
  const code = dictionary.findIndex((product) => product.id === id);
  if (code === -1) throw new Error(`nobody bought ${id}`);
  return code;
}

/** The ids of the products in each order, by order id. */
export function setsOf({ columns, lines }: Pick<ProductScope, 'columns' | 'lines'>): [number, ProductKey[]][] {
  return [...columns.orderIds].map((orderId, i): [number, ProductKey[]] => [
    orderId,
    [...lines.products.slice(lines.lineOffsets[i], lines.lineOffsets[i + 1])].map((code) => lines.dictionary[code]?.id ?? ''),
  ]);
}
