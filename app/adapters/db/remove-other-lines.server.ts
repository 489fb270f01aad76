import type pg from 'pg';

import { askSlowly } from '#app/adapters/db/ask-slowly.server.ts';
import { copyRows } from '#app/adapters/db/copy-rows.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

// Of one COPY: far from the time that a statement is given.
const SLICE = 50_000;

export interface LineKey {
  orderId: bigint;
  lineId: bigint;
}

/**
 * Takes away the lines of the orders which an import wrote last that are not among `lines`: those that an order had in
 * an earlier version. The shop's row is locked when it is known which ones, so that webhooks do not wait for the reading;
 * an order that a webhook has written meanwhile is no longer the import's, and keeps what it has.
 * @returns how many went
 */
export async function removeOtherLines(
  pool: pg.Pool,
  shop: ShopRef,
  importId: string,
  lines: () => AsyncIterable<LineKey>,
): Promise<number> {
  return withTenantConnection(pool, shop, async (connection) => {
    const keep = (slice: readonly LineKey[]) =>
      copyRows(connection, 'kept_lines', ['order_id', 'line_id'], slice.map(({ orderId, lineId }) => [orderId, lineId]));
    await connection.query('CREATE TEMPORARY TABLE kept_lines (order_id bigint, line_id bigint) ON COMMIT DROP');
    let slice: LineKey[] = [];
    for await (const line of lines()) {
      slice.push(line);
      if (slice.length < SLICE) continue;
      await keep(slice);
      slice = [];
    }
    await keep(slice);
    await connection.query('ANALYZE kept_lines');
    await connection.query('CREATE TEMPORARY TABLE other_lines (order_id bigint, line_id bigint) ON COMMIT DROP');
    await askSlowly(
      connection,
      `INSERT INTO other_lines
       SELECT l.order_id, l.line_id FROM order_lines l JOIN orders o ON o.shop_id = l.shop_id AND o.order_id = l.order_id
       WHERE o.shop_id = $1 AND o.import_id = $2
         AND NOT EXISTS (SELECT FROM kept_lines k WHERE k.order_id = l.order_id AND k.line_id = l.line_id)`,
      [shop.shopId, importId],
    );
    await connection.query('ANALYZE other_lines');
    await connection.query('UPDATE shops SET data_version = data_version + 1 WHERE shop_id = $1', [shop.shopId]);
    const { rowCount } = await askSlowly(
      connection,
      `DELETE FROM order_lines l USING other_lines g, orders o
       WHERE l.shop_id = $1 AND l.order_id = g.order_id AND l.line_id = g.line_id
         AND o.shop_id = l.shop_id AND o.order_id = l.order_id AND o.import_id = $2`,
      [shop.shopId, importId],
    );
    return rowCount ?? 0;
  });
}
