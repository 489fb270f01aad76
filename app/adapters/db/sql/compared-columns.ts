/*
 * What of our copy is held against Shopify's, column by column. The statements of a comparison are made of these, and a
 * test reads the schema: a column that is neither compared nor said here to be not fails it.
 */

/** Of an order: all that is neither of its region nor taken away by a redaction. */
export const ORDER_DETAILS = [
  'processed_at', 'created_at', 'cancelled_at', 'is_test', 'financial_status', 'fulfillment_status', 'source_name', 'currency',
  'presentment_currency', 'taxes_included', 'subtotal_minor', 'current_subtotal_minor', 'current_tax_minor',
  'current_shipping_minor', 'shipping_tax_minor', 'tip_minor', 'current_total_minor', 'received_minor', 'refunded_minor',
  'outstanding_minor', 'presentment_subtotal_minor',
] as const;

/** These a redacted order has no more. */
export const NAMING_ORDER_DETAILS = ['name', 'discount_codes'] as const;

export const REFUND_FACTS = ['created_at', 'refunded_minor'] as const;

export const FULFILLMENT_FACTS = ['status', 'created_at'] as const;

export const LINE_AMOUNTS = ['quantity', 'current_quantity', 'original_total_minor', 'discounted_total_minor'] as const;

/** What a line is of. Shopify forgets both when the product is deleted, without a new version of the order. */
export const LINE_PRODUCTS = ['product_id', 'variant_id'] as const;

/** Of a line of no product, these too are taken away by a redaction. */
export const LINE_WORDS = ['title', 'sku'] as const;

export const CUSTOMER_FACTS = ['created_at', 'account_state', 'locale', 'number_of_orders'] as const;

/** `paid_at`, `shipping_code_discount_minor`, `customer_id`, the region and `is_gift_card` are compared by rules of their own. */
export const COMPARED_COLUMNS = {
  orders: [...ORDER_DETAILS, ...NAMING_ORDER_DETAILS, 'paid_at', 'shipping_code_discount_minor', 'customer_id', 'country_code', 'province_code'],
  refunds: REFUND_FACTS,
  order_lines: [...LINE_AMOUNTS, ...LINE_PRODUCTS, ...LINE_WORDS, 'is_gift_card'],
  fulfillments: FULFILLMENT_FACTS,
  customers: CUSTOMER_FACTS,
} as const satisfies Record<string, readonly string[]>;

const KEY = 'Both sides are found by it.';
const VERSION = 'Which side is later is a cause of its own: outdated.';
const WRITER = 'Says who wrote the row here; Shopify knows nothing of it.';

/** Why a column is not compared. */
export const NOT_COMPARED_COLUMNS = {
  orders: {
    shop_id: KEY, order_id: KEY, updated_at: VERSION, import_id: WRITER, data_version: WRITER,
    deleted_at: 'Shopify lists no deleted order: one that is listed and deleted here is a difference, one that is not listed is gone.',
  },
  refunds: { shop_id: KEY, order_id: KEY, refund_id: KEY },
  order_lines: { shop_id: KEY, order_id: KEY, line_id: KEY },
  fulfillments: {
    shop_id: KEY, order_id: KEY, fulfillment_id: KEY,
    delivered_at: 'No number is made of it, and carriers change it without a new version of the order.',
  },
  customers: {
    shop_id: KEY, customer_id: KEY, updated_at: VERSION, import_id: WRITER, data_version: WRITER,
    shopify_rfm_group: 'It moves as time goes by, which is no difference; each comparison takes it over.',
  },
} as const satisfies Record<keyof typeof COMPARED_COLUMNS, Readonly<Record<string, string>>>;

/** Whether any of the columns differs between two rows. */
export function differIn(columns: readonly string[], ours: string, theirs: string): string {
  const of = (row: string) => `(${columns.map((column) => `${row}.${column}`).join(', ')})`;
  return `${of(ours)} IS DISTINCT FROM ${of(theirs)}`;
}
