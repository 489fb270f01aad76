import type pg from 'pg';

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
 * an earlier version. The shop's row is locked when all of them are here, so that webhooks do not wait for the reading.
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
    await connection.query('UPDATE shops SET data_version = data_version + 1 WHERE shop_id = $1', [shop.shopId]);
    const { rowCount } = await connection.query(
      `DELETE FROM order_lines l USING orders o
       WHERE o.shop_id = $1 AND o.import_id = $2 AND l.shop_id = o.shop_id AND l.order_id = o.order_id
         AND NOT EXISTS (SELECT FROM kept_lines k WHERE k.order_id = l.order_id AND k.line_id = l.line_id)`,
      [shop.shopId, importId],
    );
    return rowCount ?? 0;
  });
}
