/**
 * The counted orders of one shop as columns: every metric is a scan over these arrays.
 *
 * Orders are sorted by customer, then instant, then order id. The orders of customer c are the entries from
 * customerOffsets[c] up to customerOffsets[c + 1]; those of guests follow after the last customer, by instant and id.
 * The columns are the same whatever order the rows were added in. They are shared: readers never write to them.
 */
export interface OrderColumns {
  /** IANA name; `days` are calendar days of this zone. */
  readonly timeZone: string;
  /** ISO 4217 code; `valuesMinor` are its minor units. */
  readonly currency: string;
  readonly customerCount: number;
  /** Orders of customers and of guests. */
  readonly orderCount: number;
  /** Ascending: numbers before texts, texts by code unit. */
  readonly customerKeys: readonly CustomerKey[];
  /** customerCount + 1 entries; the last is where the guests' orders begin. */
  readonly customerOffsets: Uint32Array;
  /** Epoch milliseconds of processedAt. */
  readonly instantsMs: Float64Array;
  /** Days since 1970-01-01 in `timeZone`; they never fall from one order of a customer to the next. */
  readonly days: Int32Array;
  readonly valuesMinor: Float64Array;
  /** Beyond 2^53 the nearest number: they tell the order of two orders of one instant, and nothing is looked up by them. */
  readonly orderIds: Float64Array;
  readonly dimensions: Readonly<Record<OrderDimension, DictionaryColumn>>;
}

/** What reports can be cut by. */
export const ORDER_DIMENSIONS = ['country', 'channel', 'presentmentCurrency'] as const;

export type OrderDimension = (typeof ORDER_DIMENSIONS)[number];

/** `values[codes[i]]` is the value of order i; code 0 stands for "not known". */
export interface DictionaryColumn {
  readonly values: readonly (string | null)[];
  readonly codes: Uint16Array | Uint32Array;
}

/**
 * Shopify's numeric customer id, as a text where no number holds it; or an e-mail address, case-folded and trimmed, for
 * orders that came from a file.
 */
export type CustomerKey = number | string;

/** One counted order. */
export interface OrderRow {
  /** Shopify's, or the nearest number to it. */
  orderId: number;
  /** Null for a guest. */
  customerKey: CustomerKey | null;
  processedAtMs: number;
  /** Whole minor units of the shop's currency, not negative. */
  valueMinor: number;
  country: string | null;
  channel: string | null;
  presentmentCurrency: string | null;
}
