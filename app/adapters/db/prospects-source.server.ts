import type pg from 'pg';

import { copyOut } from '#app/adapters/db/copy-out.server.ts';
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
 * Customers that were written after version `since`, each with the mark of a prospect, or null for one who is none. A
 * customer whose order went to another is among them (`touch_customer_left`), one who was deleted is not, and who got an
 * order is known by the order. The answer is null when they are more than `atMost`.
 * `setForCopy` was asked for a search, and nothing is waited for before this is asked.
 */
export async function readProspectChanges(
  connection: pg.PoolClient,
  { since, atMost }: { since: bigint; atMost: number },
): Promise<Map<number, number | null> | null> {
  const changes = new Map<number, number | null>();
  const query = `
    SELECT c.customer_id, c.number_of_orders IS NOT DISTINCT FROM 0 AND o.found IS NULL
    FROM customers c
      LEFT JOIN LATERAL (
        SELECT true AS found FROM orders
        WHERE c.number_of_orders = 0 AND shop_id = ${SHOP} AND orders.customer_id = c.customer_id LIMIT 1
      ) o ON true
    WHERE c.shop_id = ${SHOP} AND c.data_version > ${since}
    LIMIT ${atMost + 1}`;
  const count = await copyOut(connection, { query, columnCount: 2, isSearch: true, isSet: true }, (row) =>
    changes.set(row.nearestIdAt(0), row.booleanAt(1) ? MARK : null),
  );
  return count > atMost ? null : changes;
}
