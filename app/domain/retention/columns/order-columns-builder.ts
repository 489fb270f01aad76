import { requireCurrencyExponent } from '../../money/currency.ts';
import { dayOfInstantIn } from '../../time/day-of-instant.ts';
import { compareKeys, keyColumn } from './customer-keys.ts';
import { GrowableFloat64Column, GrowableInt32Column } from './growable-columns.ts';
import { codeColumn, narrowedTo16, narrowedTo32 } from './number-column.ts';
import { ORDER_DIMENSIONS, secondsOfMs } from './order-columns.ts';
import type {
  ColumnsShop,
  CustomerKey,
  DictionaryColumn,
  OrderColumns,
  OrderDimension,
  OrderRow,
} from './order-columns.ts';
import { requireOrderRow } from './require-order-row.ts';
import { sortByCustomerAndTime } from './sort-by-customer-and-time.ts';
import { float64At, int32At, uint32At } from './typed-array-access.ts';

/** Code of an absent value: no customer, no country. */
const ABSENT = -1;
/** Codes in the order the values were first seen; `finish` gives them out again in sorted order. */
class DictionaryBuilder<Value extends CustomerKey> {
  readonly #codeOf = new Map<Value, number>();
  readonly codes = new GrowableInt32Column();

  push(value: Value | null): void {
    if (value === null) {
      this.codes.push(ABSENT);
      return;
    }
    let code = this.#codeOf.get(value);
    if (code === undefined) {
      code = this.#codeOf.size;
      this.#codeOf.set(value, code);
    }
    this.codes.push(code);
  }

  /** The distinct values ascending, and for each first-seen code its place among them. */
  sorted(): { values: Value[]; rankOfCode: Int32Array } {
    const values = [...this.#codeOf.keys()].sort(compareKeys);
    const rankOfCode = new Int32Array(values.length);
    values.forEach((value, rank) => {
      const code = this.#codeOf.get(value);
      if (code !== undefined) rankOfCode[code] = rank;
    });
    return { values, rankOfCode };
  }
}

/**
 * Collects counted orders in any order, each once, and sorts them a single time into columns. The rows themselves are
 * not kept.
 */
export class OrderColumnsBuilder {
  readonly #shop: ColumnsShop;
  readonly #customers = new DictionaryBuilder<CustomerKey>();
  readonly #instantsMs = new GrowableFloat64Column();
  readonly #valuesMinor = new GrowableFloat64Column();
  readonly #orderIds = new GrowableFloat64Column();
  readonly #dimensions: Record<OrderDimension, DictionaryBuilder<string>> = {
    country: new DictionaryBuilder(),
    region: new DictionaryBuilder(),
    channel: new DictionaryBuilder(),
    discountCode: new DictionaryBuilder(),
    presentmentCurrency: new DictionaryBuilder(),
  };

  /** @throws UnknownCurrencyError */
  constructor(shop: ColumnsShop) {
    requireCurrencyExponent(shop.currency);
    this.#shop = shop;
  }

  /** @throws RangeError when the instant, the id or the value is not what `OrderRow` says */
  append(row: OrderRow): void {
    requireOrderRow(row);
    this.#customers.push(row.customerKey);
    this.#instantsMs.push(row.processedAtMs);
    this.#valuesMinor.push(row.valueMinor);
    this.#orderIds.push(row.orderId);
    for (const dimension of ORDER_DIMENSIONS) this.#dimensions[dimension].push(row[dimension]);
  }

  /** @throws UnknownTimeZoneError */
  build(): OrderColumns {
    const customers = this.#customers.sorted();
    const { order, customerOffsets } = sortByCustomerAndTime({
      customerRanks: ranksOf(this.#customers.codes.view(), customers.rankOfCode),
      customerCount: customers.values.length,
      instantsMs: this.#instantsMs.view(),
      orderIds: this.#orderIds.view(),
    });
    const instantsMs = gather(this.#instantsMs.view(), order);
    const valuesMinor = gather(this.#valuesMinor.view(), order);
    return {
      ...this.#shop,
      customerCount: customers.values.length,
      orderCount: order.length,
      customerKeys: keyColumn(customers.values),
      customerOffsets,
      instantSeconds: narrowedTo32(instantsMs.map(secondsOfMs)),
      days: dayColumn(instantsMs, customerOffsets, this.#shop.timeZone),
      valuesMinor: narrowedTo32(valuesMinor),
      orderIds: gather(this.#orderIds.view(), order),
      dimensions: {
        country: dictionaryColumn(this.#dimensions.country, order),
        region: dictionaryColumn(this.#dimensions.region, order),
        channel: dictionaryColumn(this.#dimensions.channel, order),
        discountCode: dictionaryColumn(this.#dimensions.discountCode, order),
        presentmentCurrency: dictionaryColumn(this.#dimensions.presentmentCurrency, order),
      },
    };
  }
}

export function buildOrderColumns(rows: Iterable<OrderRow>, shop: ColumnsShop): OrderColumns {
  const builder = new OrderColumnsBuilder(shop);
  for (const row of rows) builder.append(row);
  return builder.build();
}

/** Guests rank after every customer. */
function ranksOf(codes: Int32Array, rankOfCode: Int32Array): Int32Array {
  const guestRank = rankOfCode.length;
  return codes.map((code) => (code === ABSENT ? guestRank : int32At(rankOfCode, code)));
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
  const days = Int32Array.from(instantsMs, dayOfInstantIn(timeZone));
  for (let customer = 0; customer + 1 < customerOffsets.length; customer += 1) {
    const end = uint32At(customerOffsets, customer + 1);
    for (let i = uint32At(customerOffsets, customer) + 1; i < end; i += 1) {
      days[i] = Math.max(int32At(days, i), int32At(days, i - 1));
    }
  }
  return narrowedTo16(days);
}

function gather(column: Float64Array, order: Uint32Array): Float64Array {
  const gathered = new Float64Array(order.length);
  for (let i = 0; i < order.length; i += 1) gathered[i] = float64At(column, uint32At(order, i));
  return gathered;
}

function dictionaryColumn(builder: DictionaryBuilder<string>, order: Uint32Array): DictionaryColumn {
  const { values, rankOfCode } = builder.sorted();
  const unsorted = builder.codes.view();
  const codes = codeColumn(order.length, values.length + 1);
  for (let i = 0; i < order.length; i += 1) {
    const code = int32At(unsorted, uint32At(order, i));
    codes[i] = code === ABSENT ? 0 : int32At(rankOfCode, code) + 1;
  }
  return { values: [null, ...values], codes };
}
