import { StringDecoder } from 'node:string_decoder';

import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { OrderColumnsBuilder } from '#app/domain/retention/columns/order-columns-builder.ts';
import type { ColumnsShop, CustomerKey, OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { assessOrder } from '#app/domain/retention/metrics/order-value.ts';
import type { CountingPreset, OrderFacts } from '#app/domain/retention/metrics/order-value.ts';
import type { ExcludedCounts } from '#app/domain/retention/report/report.ts';

/** Grain: one row an order, in any order; read by the primary key's prefix. COPY takes no parameters. */
const ORDERS_SQL = `COPY (
  SELECT order_id, customer_id, (extract(epoch FROM processed_at) * 1000)::bigint,
    is_test, deleted_at IS NOT NULL, (extract(epoch FROM cancelled_at) * 1000)::bigint, financial_status, currency,
    taxes_included, current_subtotal_minor, current_tax_minor, shipping_tax_minor, current_shipping_minor, tip_minor,
    received_minor, refunded_minor, outstanding_minor, country_code, country_code || '-' || province_code, source_name,
    upper(discount_codes[1]), presentment_currency
  FROM orders WHERE shop_id = current_setting('app.shop_id')::int
) TO STDOUT`;
const COLUMN_COUNT = 22;

const NULL = '\\N';

export interface LoadedOrders {
  columns: OrderColumns;
  excluded: ExcludedCounts;
  /** Orders in another currency than the shop's is today: no rate is known, so they are in no sum and no count. */
  inOtherCurrency: number;
}

/**
 * Streams all orders of the shop into columns. The rows are never held: memory grows with the columns alone.
 *
 * @throws UnknownCurrencyError, UnknownTimeZoneError
 */
export async function loadOrderColumns(
  { pool, shop }: { pool: pg.Pool; shop: ShopRef },
  clock: ColumnsShop,
  preset: CountingPreset,
): Promise<LoadedOrders> {
  return withTenantConnection(pool, shop, async (connection) => {
    const collector = new OrderCollector(clock, preset);
    const rows = connection.query(copyTo(ORDERS_SQL));
    const decoder = new StringDecoder('utf8');
    let unfinished = '';
    for await (const chunk of rows) {
      const lines = (unfinished + decoder.write(chunk)).split('\n');
      unfinished = lines.pop() ?? '';
      for (const line of lines) collector.add(line);
    }
    return collector.finish();
  });
}

class OrderCollector {
  readonly #builder: OrderColumnsBuilder;
  readonly #excluded: ExcludedCounts = { test: 0, deleted: 0, cancelled: 0, refunded: 0, unknownState: 0 };
  readonly #currency: string;
  readonly #preset: CountingPreset;
  #inOtherCurrency = 0;

  constructor(clock: ColumnsShop, preset: CountingPreset) {
    this.#builder = new OrderColumnsBuilder(clock);
    this.#currency = clock.currency;
    this.#preset = preset;
  }

  add(line: string): void {
    const fields = line.split('\t');
    if (fields.length !== COLUMN_COUNT) throw new Error(`an order came with ${fields.length} columns`);
    const verdict = assessOrder(factsOf(fields), this.#preset);
    if (!verdict.counts) {
      this.#excluded[verdict.reason] += 1;
      return;
    }
    if (fields[7] !== this.#currency) {
      this.#inOtherCurrency += 1;
      return;
    }
    this.#builder.append({
      orderId: Number(fields[0]),
      customerKey: customerKeyIn(fields, 1),
      processedAtMs: integerIn(fields, 2),
      valueMinor: verdict.valueMinor,
      country: textIn(fields, 17),
      region: textIn(fields, 18),
      channel: textIn(fields, 19),
      discountCode: textIn(fields, 20),
      presentmentCurrency: textIn(fields, 21),
    });
  }

  finish(): LoadedOrders {
    return { columns: this.#builder.build(), excluded: this.#excluded, inOtherCurrency: this.#inOtherCurrency };
  }
}

function factsOf(fields: readonly string[]): OrderFacts {
  return {
    test: fields[3] === 't',
    deleted: fields[4] === 't',
    cancelledAt: nullableIntegerIn(fields, 5),
    financialStatus: textIn(fields, 6),
    taxesIncluded: fields[8] === 't',
    currentSubtotalMinor: integerIn(fields, 9),
    currentTaxMinor: integerIn(fields, 10),
    currentShippingTaxMinor: integerIn(fields, 11),
    currentShippingMinor: integerIn(fields, 12),
    tipMinor: integerIn(fields, 13),
    totalReceivedMinor: integerIn(fields, 14),
    totalRefundedMinor: integerIn(fields, 15),
    outstandingMinor: integerIn(fields, 16),
  };
}

/** Rounded, two customers could become one: an id beyond what a number holds stays a text. */
function customerKeyIn(fields: readonly string[], index: number): CustomerKey | null {
  const field = fields[index] ?? NULL;
  if (field === NULL) return null;
  const id = Number(field);
  return Number.isSafeInteger(id) ? id : field;
}

/** Amounts are 64 bits wide there and 53 here; one that does not fit must not be rounded. */
function integerIn(fields: readonly string[], index: number): number {
  const value = Number(fields[index]);
  if (!Number.isSafeInteger(value)) throw new RangeError(`column ${index} of an order is not a safe integer`);
  return value;
}

function nullableIntegerIn(fields: readonly string[], index: number): number | null {
  return fields[index] === NULL ? null : integerIn(fields, index);
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Of COPY's text format: a backslash stands before what would otherwise end a field or a row. */
function textIn(fields: readonly string[], index: number): string | null {
  const field = fields[index] ?? NULL;
  if (field === NULL) return null;
  if (!field.includes('\\')) return field;
  return field.replace(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}
