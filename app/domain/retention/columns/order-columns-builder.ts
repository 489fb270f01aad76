import { requireCurrencyExponent } from '../../money/currency.ts';
import { dayOfInstantIn } from '../../time/day-of-instant.ts';
import { DEFAULT_COUNTING } from '../metrics/order-value.ts';
import { extremesOf } from './column-extremes.ts';
import { roomyColumn } from './column-room.ts';
import { GrowableCodeColumn, GrowableFloat64Column, GrowableInt32Column } from './growable-columns.ts';
import { CustomerDictionary, TextDictionary } from './key-dictionary.ts';
import { codeKind, narrowedTo16, narrowedTo32 } from './number-column.ts';
import { secondsOfMs } from './order-columns.ts';
import type { ColumnsShop, DictionaryColumn, OrderColumns, OrderDimension, OrderRow } from './order-columns.ts';
import { requireOrderRow } from './require-order-row.ts';
import { sortByCustomerAndTime } from './sort-by-customer-and-time.ts';

/** Collects the values of one dimension. */
class DimensionBuilder {
  readonly #texts = new TextDictionary();
  /** 0 for "not known", else 1 + the text's code by first sight. */
  readonly #codes: GrowableCodeColumn;

  constructor(expectedOrders: number) {
    this.#codes = new GrowableCodeColumn(expectedOrders);
  }

  push(text: string | null): void {
    this.#codes.push(text === null ? 0 : this.#texts.codeOf(text) + 1);
  }

  /** The codes in the order of the sorted rows, ascending by text. */
  build(order: Uint32Array): DictionaryColumn {
    const { values, rankOfCode } = this.#texts.sorted();
    const codeAfter = new Uint32Array(values.length + 1);
    for (const [code, rank] of rankOfCode.entries()) codeAfter[code + 1] = rank + 1;
    const unsorted = this.#codes.view();
    const codes = roomyColumn(codeKind(values.length + 1), order.length);
    for (let i = 0; i < order.length; i += 1) codes[i] = codeAfter[unsorted[order[i] ?? NaN] ?? NaN] ?? NaN;
    return { values: [null, ...values], codes };
  }
}

/**
 * Collects counted orders in any order, each once, and sorts them a single time into columns, which have room for those
 * that the next changes bring. The rows themselves are not kept.
 */
export class OrderColumnsBuilder {
  readonly #shop: ColumnsShop;
  readonly #customers = new CustomerDictionary();
  readonly #customerCodes: GrowableInt32Column;
  readonly #instantsMs: GrowableFloat64Column;
  readonly #valuesMinor: GrowableFloat64Column;
  readonly #orderIds: GrowableFloat64Column;
  readonly #dimensions: Readonly<Record<OrderDimension, DimensionBuilder>>;

  /**
   * @param expectedOrders about how many rows will come; 0 when nobody knows
   * @throws UnknownCurrencyError
   */
  constructor(shop: ColumnsShop, { expectedOrders = 0 }: { expectedOrders?: number } = {}) {
    requireCurrencyExponent(shop.currency);
    this.#shop = shop;
    this.#customerCodes = new GrowableInt32Column(expectedOrders);
    this.#instantsMs = new GrowableFloat64Column(expectedOrders);
    this.#valuesMinor = new GrowableFloat64Column(expectedOrders);
    this.#orderIds = new GrowableFloat64Column(expectedOrders);
    this.#dimensions = {
      country: new DimensionBuilder(expectedOrders),
      region: new DimensionBuilder(expectedOrders),
      channel: new DimensionBuilder(expectedOrders),
      discountCode: new DimensionBuilder(expectedOrders),
      presentmentCurrency: new DimensionBuilder(expectedOrders),
    };
  }

  /** @throws RangeError when the instant, the id or the value is not what `OrderRow` says */
  append(row: OrderRow): void {
    requireOrderRow(row);
    this.#customerCodes.push(this.#customers.codeOf(row.customerKey));
    this.#instantsMs.push(row.processedAtMs);
    this.#valuesMinor.push(row.valueMinor);
    this.#orderIds.push(row.orderId);
    const { country, region, channel, discountCode, presentmentCurrency } = this.#dimensions;
    country.push(row.country);
    region.push(row.region);
    channel.push(row.channel);
    discountCode.push(row.discountCode);
    presentmentCurrency.push(row.presentmentCurrency);
  }

  /** @throws UnknownTimeZoneError */
  build(): OrderColumns {
    const { customerKeys, customerRanks } = this.#customers.ranked(this.#customerCodes.view());
    const { order, customerOffsets } = sortByCustomerAndTime({
      customerRanks,
      customerCount: customerKeys.length,
      instantsMs: this.#instantsMs.view(),
      orderIds: this.#orderIds.view(),
    });
    const instantsMs = gather(this.#instantsMs.view(), order);
    const orderIds = gather(this.#orderIds.view(), order);
    const days = dayColumn(instantsMs, customerOffsets, this.#shop.timeZone);
    const { country, region, channel, discountCode, presentmentCurrency } = this.#dimensions;
    return {
      timeZone: this.#shop.timeZone,
      currency: this.#shop.currency,
      counting: this.#shop.counting ?? DEFAULT_COUNTING,
      customerCount: customerKeys.length,
      orderCount: order.length,
      extremes: extremesOf({ orderIds, days }),
      customerKeys,
      customerOffsets,
      instantSeconds: secondsColumn(instantsMs),
      days,
      valuesMinor: narrowedTo32(gather(this.#valuesMinor.view(), order)),
      orderIds,
      dimensions: {
        country: country.build(order),
        region: region.build(order),
        channel: channel.build(order),
        discountCode: discountCode.build(order),
        presentmentCurrency: presentmentCurrency.build(order),
      },
    };
  }
}

export function buildOrderColumns(rows: Iterable<OrderRow>, shop: ColumnsShop): OrderColumns {
  const builder = new OrderColumnsBuilder(shop);
  for (const row of rows) builder.append(row);
  return builder.build();
}

/**
 * Where clocks were set back over midnight (St. John's until 2011) a later order can fall on an earlier day. A customer's
 * days must not fall, or a gap would be negative and an order would precede its own cohort: it keeps the later day.
 */
function dayColumn(
  instantsMs: Float64Array,
  customerOffsets: Uint32Array,
  timeZone: string,
): Uint16Array | Int32Array {
  const dayOf = dayOfInstantIn(timeZone);
  const days = roomyColumn(Int32Array, instantsMs.length);
  for (let i = 0; i < days.length; i += 1) days[i] = dayOf(instantsMs[i] ?? NaN);
  for (let customer = 0; customer + 1 < customerOffsets.length; customer += 1) {
    const end = customerOffsets[customer + 1] ?? NaN;
    for (let i = (customerOffsets[customer] ?? NaN) + 1; i < end; i += 1) {
      days[i] = Math.max(days[i] ?? NaN, days[i - 1] ?? NaN);
    }
  }
  return narrowedTo16(days);
}

/** Written over the milliseconds, which nobody needs any more. */
function secondsColumn(instantsMs: Float64Array): Uint32Array | Float64Array {
  for (let i = 0; i < instantsMs.length; i += 1) instantsMs[i] = secondsOfMs(instantsMs[i] ?? NaN);
  return narrowedTo32(instantsMs);
}

function gather(column: Float64Array, order: Uint32Array): Float64Array {
  const gathered = roomyColumn(Float64Array, order.length);
  for (let i = 0; i < order.length; i += 1) gathered[i] = column[order[i] ?? NaN] ?? NaN;
  return gathered;
}
