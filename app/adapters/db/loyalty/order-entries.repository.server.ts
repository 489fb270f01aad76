import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { EntryReason } from '#app/domain/loyalty/ledger/entry.ts';

/** An entry about an order, as far as the next one about it needs to know. */
export interface OrderEntry {
  readonly memberId: bigint;
  readonly orderId: bigint;
  readonly kind: 'order' | 'grant';
  readonly key: string;
  readonly programVersion: number | null;
  /** Points that it gave; below 0 what it took back. */
  readonly givenPoints: number;
  readonly reason: EntryReason;
}

const rowSchema = z.object({
  member_id: z.string().transform(BigInt),
  order_id: z.string().transform(BigInt),
  kind: z.enum(['order', 'grant']),
  entry_key: z.string(),
  program_version: z.number().int().nullable(),
  given: z.number().int(),
  reason: z.custom<EntryReason>((value) => typeof value === 'object' && value !== null && 'code' in value),
});

/** What was given for these orders, to whomever, the oldest first. Grain: entry. Index: loyalty_entries_order. */
export async function loadOrderEntries(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  orderIds: readonly bigint[],
): Promise<OrderEntry[]> {
  const { rows } = await connection.query({
    name: 'load-order-entries',
    text: `SELECT e.member_id, e.order_id, e.kind, e.entry_key, e.program_version, e.reason,
        -coalesce(sum(p.points), 0)::int AS given
      FROM loyalty_entries e
      LEFT JOIN loyalty_postings p ON p.shop_id = e.shop_id AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.account = 'issued'
      WHERE e.shop_id = $1 AND e.order_id = ANY($2::bigint[]) AND e.kind IN ('order', 'grant')
      GROUP BY e.shop_id, e.member_id, e.sequence ORDER BY e.recorded_at, e.member_id, e.sequence`,
    values: [shopId, orderIds.map(String)],
  });
  return rows.map((raw) => {
    const row = rowSchema.parse(raw);
    return {
      memberId: row.member_id,
      orderId: row.order_id,
      kind: row.kind,
      key: row.entry_key,
      programVersion: row.program_version,
      givenPoints: row.given,
      reason: row.reason,
    };
  });
}

/**
 * Holds orders as they are until the transaction ends, so that a redaction waits, and says whose they are now: one that
 * was given to somebody else since it was read is left for its next turn.
 */
export async function holdOrderOwners(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  orderIds: readonly bigint[],
): Promise<Map<bigint, bigint | null>> {
  const { rows } = await connection.query<{ order_id: string; customer_id: string | null }>({
    name: 'hold-order-owners',
    text: 'SELECT order_id, customer_id FROM orders WHERE shop_id = $1 AND order_id = ANY($2::bigint[]) ORDER BY order_id FOR SHARE',
    values: [shopId, orderIds.map(String)],
  });
  return new Map(rows.map((row) => [BigInt(row.order_id), row.customer_id === null ? null : BigInt(row.customer_id)]));
}

/** Of these orders, those whose customer has none before them that stands. Index: orders_shop_id_customer_id_idx. */
export async function findFirstOrders(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  orderIds: readonly bigint[],
): Promise<Set<bigint>> {
  const { rows } = await connection.query<{ order_id: string }>({
    name: 'find-first-orders',
    text: `SELECT o.order_id FROM orders o WHERE o.shop_id = $1 AND o.order_id = ANY($2::bigint[]) AND NOT EXISTS (
        SELECT FROM orders b WHERE b.shop_id = o.shop_id AND b.customer_id = o.customer_id AND NOT b.is_test
          AND b.cancelled_at IS NULL AND b.deleted_at IS NULL AND (b.processed_at, b.order_id) < (o.processed_at, o.order_id))`,
    values: [shopId, orderIds.map(String)],
  });
  return new Set(rows.map((row) => BigInt(row.order_id)));
}

/**
 * Orders that others may take the points for a first order from, or leave them to: the earliest that stands of each of their
 * customers, those of before included, and those that such points came with. Not those that were written since the
 * last turn of all, which have one of their own. Indexes: orders_shop_id_customer_id_idx, loyalty_entries_order.
 */
export async function findFirstOrderRivals(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  orderIds: readonly bigint[],
): Promise<bigint[]> {
  const { rows } = await connection.query<{ order_id: string }>({
    name: 'find-first-order-rivals',
    text: `WITH people AS (
        SELECT customer_id FROM orders WHERE shop_id = $1 AND order_id = ANY($2::bigint[]) AND customer_id IS NOT NULL
        UNION
        SELECT m.customer_id FROM loyalty_entries e JOIN loyalty_members m ON m.shop_id = $1 AND m.member_id = e.member_id
        WHERE e.shop_id = $1 AND e.order_id = ANY($2::bigint[])
      ), rivals AS (
        SELECT f.order_id, f.data_version FROM people p CROSS JOIN LATERAL (
          SELECT o.order_id, o.data_version FROM orders o
          WHERE o.shop_id = $1 AND o.customer_id = p.customer_id AND NOT o.is_test AND o.cancelled_at IS NULL AND o.deleted_at IS NULL
          ORDER BY o.processed_at, o.order_id LIMIT 1) f
        UNION
        SELECT o.order_id, o.data_version FROM people p JOIN orders o ON o.shop_id = $1 AND o.customer_id = p.customer_id
        JOIN loyalty_entries e ON e.shop_id = $1 AND e.order_id = o.order_id AND e.kind = 'grant'
      ) SELECT order_id FROM rivals WHERE order_id <> ALL($2::bigint[])
          AND data_version <= (SELECT orders_version FROM loyalty_progress WHERE shop_id = $1)`,
    values: [shopId, orderIds.map(String)],
  });
  return rows.map((row) => BigInt(row.order_id));
}
