import { DEFAULT_COUNTING, isSameCounting } from '../metrics/order-value.ts';
import type { OrderCounting } from '../metrics/order-value.ts';
import { bytesOfTexts } from './bytes-of-texts.ts';
import type { ColumnExtremes } from './column-extremes.ts';
import { numberAt } from './number-column.ts';
import type { CodeColumn, NumberColumn } from './number-column.ts';

/**
 * The counted orders of one shop as columns: every metric is a scan over these arrays.
 *
 * Orders are sorted by customer, then instant, then order id. The orders of customer c are the entries from
 * customerOffsets[c] up to customerOffsets[c + 1]; those of guests follow after the last customer, by instant and id.
 * The columns are the same whatever order the rows were added in. They are shared: readers never write to them.
 *
 * Each column is of the narrowest kind of array that holds its values exactly: see `number-column.ts` for how to read.
 */
export interface OrderColumns {
  /** IANA name; `days` are calendar days of this zone. */
  readonly timeZone: string;
  /** ISO 4217 code; `valuesMinor` are its minor units. */
  readonly currency: string;
  /** Which orders are in here, and of what their values are. */
  readonly counting: OrderCounting;
  readonly customerCount: number;
  /** Orders of customers and of guests. */
  readonly orderCount: number;
  /** Null without orders. */
  readonly extremes: ColumnExtremes | null;
  /** Ascending: numbers before texts, texts by code unit. An array of numbers unless there are texts. */
  readonly customerKeys: CustomerKeys;
  /** customerCount + 1 entries; the last is where the guests' orders begin. */
  readonly customerOffsets: Uint32Array;
  /** Epoch seconds of processedAt. Float64 when one is before 1970, after 2106 or has a fraction of a second. */
  readonly instantSeconds: Uint32Array | Float64Array;
  /** Days since 1970-01-01 in `timeZone`; they never fall from one order of a customer to the next. */
  readonly days: Uint16Array | Int32Array;
  readonly valuesMinor: Uint32Array | Float64Array;
  /** Whole numbers. An id beyond 2^53 is the nearest number to it, and columns with such an id cannot be refreshed. */
  readonly orderIds: Float64Array;
  readonly dimensions: Readonly<Record<OrderDimension, DictionaryColumn>>;
}

/**
 * What an order is known by beside its customer, time and value. A region is a province with its country before it
 * ("US-CA"); a discount code is the first of the order, in capitals.
 */
export const ORDER_DIMENSIONS = ['country', 'region', 'channel', 'discountCode', 'presentmentCurrency'] as const;

export type OrderDimension = (typeof ORDER_DIMENSIONS)[number];

/** `values[codes[i]]` is the value of order i; code 0 stands for "not known", the others are ascending by value. */
export interface DictionaryColumn {
  readonly values: readonly (string | null)[];
  readonly codes: CodeColumn;
}

/**
 * Shopify's numeric customer id, as a text where no number holds it; or an e-mail address, case-folded and trimmed, for
 * orders that came from a file.
 */
export type CustomerKey = number | string;

export type CustomerKeys = Float64Array | readonly CustomerKey[];

/** One counted order. */
export interface OrderRow extends Readonly<Record<OrderDimension, string | null>> {
  /** Shopify's, or the nearest number to it. */
  readonly orderId: number;
  /** Null for a guest. */
  readonly customerKey: CustomerKey | null;
  /** Whole milliseconds. */
  readonly processedAtMs: number;
  /** Whole minor units of the shop's currency, not negative. */
  readonly valueMinor: number;
}

/** What the columns are of: the days depend on the zone, the values on the currency, and all on how orders are counted. */
export interface ColumnsShop {
  /** IANA name. */
  readonly timeZone: string;
  /** ISO 4217 code of the shop. */
  readonly currency: string;
  /** Perennial's own way where nothing is said. */
  readonly counting?: OrderCounting;
}

/** Whether columns are of a shop as it is now: otherwise each of its orders may stand in them differently. */
export function areColumnsOf({ timeZone, currency, counting }: OrderColumns, shop: ColumnsShop): boolean {
  return timeZone === shop.timeZone && currency === shop.currency && isSameCounting(counting, shop.counting ?? DEFAULT_COUNTING);
}

export function customerKeyAt({ customerKeys }: OrderColumns, customer: number): CustomerKey {
  const key = customerKeys[customer];
  if (key === undefined) throw new RangeError(`no customer ${customer} among ${customerKeys.length}`);
  return key;
}

export function dimensionAt({ dimensions }: OrderColumns, dimension: OrderDimension, order: number): string | null {
  const { values, codes } = dimensions[dimension];
  return values[numberAt(codes, order)] ?? null;
}

/** Seconds as the columns keep them: of two instants the later has the greater number, to the millisecond. */
export function secondsOfMs(epochMs: number): number {
  return epochMs / 1000;
}

/** Exact, since an instant is a whole number of milliseconds. */
export function msOfSeconds(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** Whether the columns were given up for newer ones, which have their arrays now: see `refreshOrderColumns`. */
export function areGivenUp(columns: OrderColumns): boolean {
  const { customerKeys, customerOffsets, customerCount, orderCount } = columns;
  if (customerKeys.length !== customerCount || customerOffsets.length !== customerCount + 1) return true;
  return columnsByOrder(columns).some(({ length }) => length !== orderCount);
}

/** Those with an entry an order. */
function columnsByOrder({ instantSeconds, days, valuesMinor, orderIds, dimensions }: OrderColumns): NumberColumn[] {
  return [instantSeconds, days, valuesMinor, orderIds, ...ORDER_DIMENSIONS.map((dimension) => dimensions[dimension].codes)];
}

/** All arrays of numbers. */
export function numberColumnsOf(columns: OrderColumns): NumberColumn[] {
  const { customerKeys, customerOffsets } = columns;
  return [...(customerKeys instanceof Float64Array ? [customerKeys] : []), customerOffsets, ...columnsByOrder(columns)];
}

/** What the columns hold in memory, with room to spare: what a cache budgets by and a bench divides by the orders. */
export function byteSizeOf(columns: OrderColumns): number {
  const { customerKeys, dimensions } = columns;
  let bytes = customerKeys instanceof Float64Array ? 0 : bytesOfTexts(customerKeys);
  for (const { buffer } of numberColumnsOf(columns)) bytes += buffer.byteLength;
  for (const dimension of ORDER_DIMENSIONS) bytes += bytesOfTexts(dimensions[dimension].values);
  return bytes;
}
