import { requireCurrencyExponent } from '../../money/currency.ts';
import { dayOfInstantIn } from '../../time/day-of-instant.ts';
import { DEFAULT_COUNTING } from '../metrics/order-value.ts';
import { extremesOf } from './column-extremes.ts';
import { GrowableCodeColumn, GrowableFloat64Column, GrowableInt32Column } from './growable-columns.ts';
import { CustomerDictionary, TextDictionary } from './key-dictionary.ts';
import { codeColumn, narrowedTo16, narrowedTo32 } from './number-column.ts';
import { secondsOfMs } from './order-columns.ts';
import type { ColumnsShop, DictionaryColumn, OrderColumns, OrderRow } from './order-columns.ts';
import { requireOrderRow } from './require-order-row.ts';
import { sortByCustomerAndTime } from './sort-by-customer-and-time.ts';

/** Collects the values of one dimension. */
class DimensionBuilder {
  readonly #texts = new TextDictionary();
  /** 0 for "not known", else 1 + the text's code by first sight. */
  readonly #codes = new GrowableCodeColumn();

  push(text: string | null): void {
    this.#codes.push(text === null ? 0 : this.#texts.codeOf(text) + 1);
  }

  /** The codes in the order of the sorted rows, ascending by text. */
  build(order: Uint32Array): DictionaryColumn {
    const { values, rankOfCode } = this.#texts.sorted();
    const codeAfter = new Uint32Array(values.length + 1);
    for (const [code, rank] of rankOfCode.entries()) codeAfter[code + 1] = rank + 1;
    const unsorted = this.#codes.view();
    const codes = codeColumn(order.length, values.length + 1);
    for (let i = 0; i < order.length; i += 1) codes[i] = codeAfter[unsorted[order[i] ?? NaN] ?? NaN] ?? NaN;
    return { values: [null, ...values], codes };
  }
}

/**
 * Collects counted orders in any order, each once, and sorts them a single time into columns. The rows themselves are
 * not kept.
 */
export class OrderColumnsBuilder {
  readonly #shop: ColumnsShop;
  readonly #customers = new CustomerDictionary();
  readonly #customerCodes = new GrowableInt32Column();
  readonly #instantsMs = new GrowableFloat64Column();
  readonly #valuesMinor = new GrowableFloat64Column();
  readonly #orderIds = new GrowableFloat64Column();
  readonly #countries = new DimensionBuilder();
  readonly #regions = new DimensionBuilder();
  readonly #channels = new DimensionBuilder();
  readonly #discountCodes = new DimensionBuilder();
  readonly #presentmentCurrencies = new DimensionBuilder();

  /** @throws UnknownCurrencyError */
  constructor(shop: ColumnsShop) {
    requireCurrencyExponent(shop.currency);
    this.#shop = shop;
  }

  /** @throws RangeError when the instant, the id or the value is not what `OrderRow` says */
  append(row: OrderRow): void {
    requireOrderRow(row);
    this.#customerCodes.push(this.#customers.codeOf(row.customerKey));
    this.#instantsMs.push(row.processedAtMs);
    this.#valuesMinor.push(row.valueMinor);
    this.#orderIds.push(row.orderId);
    this.#countries.push(row.country);
    this.#regions.push(row.region);
    this.#channels.push(row.channel);
    this.#discountCodes.push(row.discountCode);
    this.#presentmentCurrencies.push(row.presentmentCurrency);
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
    return {
      timeZone: this.#shop.timeZone,
      currency: this.#shop.currency,
      counting: this.#shop.counting ?? DEFAULT_COUNTING,
      customerCount: customerKeys.length,
      orderCount: order.length,
      extremes: extremesOf({ orderIds, days }),
      customerKeys,
      customerOffsets,
      instantSeconds: narrowedTo32(instantsMs.map(secondsOfMs)),
      days,
      valuesMinor: narrowedTo32(gather(this.#valuesMinor.view(), order)),
      orderIds,
      dimensions: {
        country: this.#countries.build(order),
        region: this.#regions.build(order),
        channel: this.#channels.build(order),
        discountCode: this.#discountCodes.build(order),
        presentmentCurrency: this.#presentmentCurrencies.build(order),
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
  const days = new Int32Array(instantsMs.length);
  for (let i = 0; i < days.length; i += 1) days[i] = dayOf(instantsMs[i] ?? NaN);
  for (let customer = 0; customer + 1 < customerOffsets.length; customer += 1) {
    const end = customerOffsets[customer + 1] ?? NaN;
    for (let i = (customerOffsets[customer] ?? NaN) + 1; i < end; i += 1) {
      days[i] = Math.max(days[i] ?? NaN, days[i - 1] ?? NaN);
    }
  }
  return narrowedTo16(days);
}

function gather(column: Float64Array, order: Uint32Array): Float64Array {
  const gathered = new Float64Array(order.length);
  for (let i = 0; i < order.length; i += 1) gathered[i] = column[order[i] ?? NaN] ?? NaN;
  return gathered;
}
