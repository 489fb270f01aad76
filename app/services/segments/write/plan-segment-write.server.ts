import type pg from 'pg';

import { planSlice } from '#app/adapters/db/segment-members.repository.server.ts';
import type { WriteRun } from '#app/adapters/db/segment-targets.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Each slice holds up the shop's webhooks for a moment: some tens of milliseconds for so many. */
const SLICE_ROWS = 10_000;
const MAX_ID = 2n ** 63n - 1n;

/**
 * Writes down what is meant for each customer, in slices that tile all numbers. Nothing is sent yet, and planning from the
 * beginning again, after a kill, changes nothing of what was planned.
 *
 * @param ids who is to have the mark, ascending; nobody where it is taken back
 */
export async function planSegmentWrite(context: ShopContext, run: Pick<WriteRun, 'writeId' | 'targetId'>, ids: BigInt64Array, sliceRows = SLICE_ROWS): Promise<void> {
  const { pool, shop, sealedBox, now } = context;
  let after = 0n;
  for (let from = 0; after < MAX_ID; ) {
    const isOpen = await withTenantConnection(pool, shop, async (connection) => {
      // First, so that a redaction waits for this slice, or this slice for it and finds its tombstone.
      await connection.query('SELECT 1 FROM shops WHERE shop_id = $1 FOR NO KEY UPDATE', [shop.shopId]);
      if (!(await isUnfinished(connection, shop.shopId, run.writeId))) return null;
      const ofRows = await endOfRows(connection, shop.shopId, run.targetId, { after, sliceRows });
      const ofIds = ids[from + sliceRows - 1] ?? MAX_ID;
      const upTo = ofRows !== null && ofRows < ofIds ? ofRows : ofIds;
      let until = from;
      while (until < ids.length && (ids[until] ?? MAX_ID) <= upTo) until += 1;
      const tombstones = await Tombstones.loadOn(connection, sealedBox, shop);
      const given = [...ids.subarray(from, until)];
      const living = tombstones.isEmpty ? given : given.filter((id) => !tombstones.buriesCustomer(id));
      await planSlice(connection, shop, run.targetId, { after, upTo, ids: living }, now());
      return { upTo, until };
    });
    if (isOpen === null) return;
    after = isOpen.upTo;
    from = isOpen.until;
  }
}

async function isUnfinished(connection: pg.PoolClient, shopId: number, writeId: string): Promise<boolean> {
  const { rowCount } = await connection.query("SELECT 1 FROM segment_writes WHERE shop_id = $1 AND write_id = $2 AND state = 'requested'", [shopId, writeId]);
  return rowCount === 1;
}

/** Where so many rows of before end, so that a slice with few of the new has not all of the old; null when there are fewer. */
async function endOfRows(connection: pg.PoolClient, shopId: number, targetId: string, { after, sliceRows }: { after: bigint; sliceRows: number }): Promise<bigint | null> {
  const { rows } = await connection.query<{ customer_id: string }>(
    `SELECT customer_id FROM segment_write_members WHERE shop_id = $1 AND target_id = $2 AND customer_id > $3
     ORDER BY customer_id OFFSET $4 LIMIT 1`,
    [shopId, targetId, String(after), sliceRows - 1],
  );
  return rows[0] === undefined ? null : BigInt(rows[0].customer_id);
}
