import type pg from 'pg';

import { copyOut } from '#app/adapters/db/copy-out.server.ts';
import { searchByIndex } from '#app/adapters/db/search-by-index.server.ts';
import { MarkedIdsBuilder } from '#app/domain/retention/columns/marked-ids.ts';
import type { MarkedIds } from '#app/domain/retention/columns/marked-ids.ts';

/*
 * Prospects are customers without any order: none that Shopify counts, which sees further back than we may, and none of
 * ours. A customer's id is the nearest number to it.
 */

const SHOP = "(SELECT current_setting('app.shop_id')::int)";
const MARK = 0;

/** Grain: a prospect; by the orders' index on customers. */
const ALL_SQL = `
  SELECT customer_id FROM customers c WHERE shop_id = ${SHOP} AND number_of_orders = 0
    AND NOT EXISTS (SELECT FROM orders o WHERE o.shop_id = ${SHOP} AND o.customer_id = c.customer_id)`;

/** All prospects of the shop, within a snapshot of it. */
export async function readProspects(connection: pg.PoolClient): Promise<MarkedIds> {
  const prospects = new MarkedIdsBuilder();
  await copyOut(connection, { query: ALL_SQL, columnCount: 1 }, (row) => prospects.append(row.nearestIdAt(0), MARK));
  return prospects.build();
}

/**
 * Those who may have become prospects, or may be none any more, by what was written after version `since`: null marks
 * who is none. A customer whose order went to another is written too (`touch_customer_left`); one who was deleted is
 * not among them. The answer is null when they are more than `atMost`.
 */
export async function readProspectChanges(
  connection: pg.PoolClient,
  { since, atMost }: { since: bigint; atMost: number },
): Promise<ReadonlyMap<number, number | null> | null> {
  const changes = new Map<number, number | null>();
  const query = `
    WITH changed AS (
      SELECT customer_id FROM customers WHERE shop_id = ${SHOP} AND data_version > ${since}
      UNION SELECT customer_id FROM orders WHERE shop_id = ${SHOP} AND data_version > ${since} AND customer_id IS NOT NULL
    )
    SELECT changed.customer_id, c.customer_id IS NOT NULL AND o.found IS NULL
    FROM changed LEFT JOIN customers c ON c.shop_id = ${SHOP} AND c.customer_id = changed.customer_id AND c.number_of_orders = 0
      LEFT JOIN LATERAL (
        SELECT true AS found FROM orders
        WHERE c.customer_id IS NOT NULL AND shop_id = ${SHOP} AND orders.customer_id = c.customer_id LIMIT 1
      ) o ON true
    LIMIT ${atMost + 1}`;
  const count = await searchByIndex(connection, () =>
    copyOut(connection, { query, columnCount: 2 }, (row) => changes.set(row.nearestIdAt(0), row.booleanAt(1) ? MARK : null)),
  );
  return count > atMost ? null : changes;
}
