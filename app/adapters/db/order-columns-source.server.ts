import type pg from 'pg';

import type { BinaryRows } from '#app/adapters/db/binary-rows.ts';
import { copyOut } from '#app/adapters/db/copy-out.server.ts';
import { estimateRows } from '#app/adapters/db/estimate-rows.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { countMarks, MarkedIdsBuilder } from '#app/domain/retention/columns/marked-ids.ts';
import type { MarkedIds } from '#app/domain/retention/columns/marked-ids.ts';
import { OrderColumnsBuilder } from '#app/domain/retention/columns/order-columns-builder.ts';
import type { ColumnsShop, OrderColumns, OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { assessOrder, DEFAULT_COUNTING } from '#app/domain/retention/metrics/order-value.ts';
import type { OrderCounting, OrderFacts } from '#app/domain/retention/metrics/order-value.ts';
import type { ExcludedCounts, ExclusionReason } from '#app/domain/retention/report/report.ts';

/** Why an order is not in the columns; its place here is its mark. */
const LEFT_OUT = ['test', 'deleted', 'cancelled', 'refunded', 'unknownState', 'otherCurrency'] as const satisfies readonly (
  | ExclusionReason
  | 'otherCurrency'
)[];

/** What is read of an order, in this order: see `OrderReader`. */
const SELECTED = [
  'order_id',
  'customer_id',
  'processed_at',
  '(is_test::int + 2 * (deleted_at IS NOT NULL)::int + 4 * (cancelled_at IS NOT NULL)::int + 8 * taxes_included::int)::int2',
  'financial_status',
  'currency',
  'current_subtotal_minor',
  'current_tax_minor',
  'shipping_tax_minor',
  'current_shipping_minor',
  'tip_minor',
  'received_minor',
  'refunded_minor',
  'outstanding_minor',
  'country_code',
  "country_code || '-' || province_code",
  'source_name',
  'upper(discount_codes[1])',
  'presentment_currency',
  'subtotal_minor',
];

/** Grain: one row an order, in any order; by the primary key's prefix. */
const ALL_SQL = `SELECT ${SELECTED.join(', ')} FROM orders WHERE shop_id = (SELECT current_setting('app.shop_id')::int)`;

export interface LoadedOrders {
  columns: OrderColumns;
  /** Orders that are not in the columns, by the reason. */
  leftOut: MarkedIds;
  excluded: ExcludedCounts;
  /** Orders in another currency than the shop's is today: no rate is known, so they are in no sum and no count. */
  inOtherCurrency: number;
}

/** Of the orders that were written since a version of the shop's data: those that count now, and why the others do not. */
export interface OrderChanges {
  counted: OrderRow[];
  leftOut: ReadonlyMap<number, number>;
  /** The customers of all of them, by the nearest number to the id. */
  customers: ReadonlySet<number>;
}

/**
 * Streams all orders of the shop into columns. The rows are never held: memory grows with the columns alone.
 *
 * @throws UnknownCurrencyError, UnknownTimeZoneError
 */
export async function loadOrderColumns(
  { pool, shop }: { pool: pg.Pool; shop: ShopRef },
  clock: ColumnsShop,
): Promise<LoadedOrders> {
  return withTenantSnapshot(pool, shop, (connection) => readOrders(connection, clock));
}

/** The same within a snapshot of the shop. */
export async function readOrders(connection: pg.PoolClient, clock: ColumnsShop): Promise<LoadedOrders> {
  const columns = new OrderColumnsBuilder(clock, { expectedOrders: await estimateRows(connection, ALL_SQL) });
  const leftOut = new MarkedIdsBuilder();
  const reader = new OrderReader(clock);
  await copyOut(connection, { query: ALL_SQL, columnCount: SELECTED.length }, (row) => {
    const order = reader.read(row);
    if (typeof order === 'number') leftOut.append(row.nearestIdAt(0), order);
    else columns.append(order);
  });
  const left = leftOut.build();
  return { columns: columns.build(), leftOut: left, ...countsOf(left) };
}

/**
 * The orders written after version `since`, within a snapshot of the shop; null when they are more than `atMost`, so
 * that reading all of them anew is the better way. `setForCopy` was asked for a search, and nothing is waited for before
 * this is asked.
 */
export async function readOrderChanges(
  connection: pg.PoolClient,
  clock: ColumnsShop,
  { since, atMost }: { since: bigint; atMost: number },
): Promise<OrderChanges | null> {
  const reader = new OrderReader(clock);
  const counted: OrderRow[] = [];
  const leftOut = new Map<number, number>();
  const customers = new Set<number>();
  const query = `${ALL_SQL} AND data_version > ${since} LIMIT ${atMost + 1}`;
  const count = await copyOut(connection, { query, columnCount: SELECTED.length, isSearch: true, isSet: true }, (row) => {
    const order = reader.read(row);
    if (typeof order === 'number') leftOut.set(row.nearestIdAt(0), order);
    else counted.push(order);
    if (!row.isNull(1)) customers.add(row.nearestIdAt(1));
  });
  return count > atMost ? null : { counted, leftOut, customers };
}

/** How many were left out, by the reason. */
export function countsOf(leftOut: MarkedIds): { excluded: ExcludedCounts; inOtherCurrency: number } {
  const [test = 0, deleted = 0, cancelled = 0, refunded = 0, unknownState = 0, inOtherCurrency = 0] = countMarks(leftOut, LEFT_OUT.length);
  return { excluded: { test, deleted, cancelled, refunded, unknownState }, inOtherCurrency };
}

const FLAGS = { test: 1, deleted: 2, cancelled: 4, taxesIncluded: 8 };

/** Judges one order after the other. Numbers are places in `SELECTED`. */
class OrderReader {
  readonly #currency: string;
  readonly #counting: OrderCounting;

  constructor({ currency, counting = DEFAULT_COUNTING }: ColumnsShop) {
    this.#currency = currency;
    this.#counting = counting;
  }

  /** The order, or the mark of the reason why it is left out. */
  read(row: BinaryRows): OrderRow | number {
    const verdict = assessOrder(factsOf(row), this.#counting.preset, this.#counting.value);
    if (!verdict.counts) return LEFT_OUT.indexOf(verdict.reason);
    if (row.textAt(5) !== this.#currency) return LEFT_OUT.indexOf('otherCurrency');
    return {
      orderId: row.nearestIdAt(0),
      customerKey: row.isNull(1) ? null : row.idAt(1),
      processedAtMs: row.instantMsAt(2),
      valueMinor: verdict.valueMinor,
      country: row.textAt(14),
      region: row.textAt(15),
      channel: row.textAt(16),
      discountCode: row.textAt(17),
      presentmentCurrency: row.textAt(18),
    };
  }
}

function factsOf(row: BinaryRows): OrderFacts {
  const flags = row.smallintAt(3);
  return {
    test: (flags & FLAGS.test) !== 0,
    deleted: (flags & FLAGS.deleted) !== 0,
    // Only that it was is asked.
    cancelledAt: (flags & FLAGS.cancelled) === 0 ? null : 0,
    financialStatus: row.textAt(4),
    taxesIncluded: (flags & FLAGS.taxesIncluded) !== 0,
    subtotalMinor: row.bigintAt(19),
    currentSubtotalMinor: row.bigintAt(6),
    currentTaxMinor: row.bigintAt(7),
    currentShippingTaxMinor: row.bigintAt(8),
    currentShippingMinor: row.bigintAt(9),
    tipMinor: row.bigintAt(10),
    totalReceivedMinor: row.bigintAt(11),
    totalRefundedMinor: row.bigintAt(12),
    outstandingMinor: row.bigintAt(13),
  };
}
