import type pg from 'pg';

import { askSlowly } from '#app/adapters/db/ask-slowly.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/**
 * What is recorded at an instant is there for everybody so long afterwards: many times what any transaction takes, and
 * more than the clocks of web and worker differ. Were it ever not so, the check of the ledger would find it.
 */
export const RECORDED_FOR_GOOD_MS = 60 * 60 * 1_000;

/**
 * Points that came and went by the month at the shop ($2, a time zone) in which they were entered, of entries after $3 and
 * up to $4. Indexes: loyalty_entries_recorded where that is a small part, the postings' primary key.
 */
export const MONTHS_OF_LEDGER = `
  SELECT date_trunc('month', e.recorded_at AT TIME ZONE $2)::date AS month,
    coalesce(-sum(p.points) FILTER (WHERE p.account = 'issued'), 0) AS issued,
    coalesce(sum(p.points) FILTER (WHERE p.account = 'redeemed'), 0) AS redeemed,
    coalesce(sum(p.points) FILTER (WHERE p.account = 'expired'), 0) AS expired,
    coalesce(-sum(p.points) FILTER (WHERE p.account = 'adjustment'), 0) AS adjusted
  FROM loyalty_entries e
  JOIN loyalty_postings p ON p.shop_id = e.shop_id AND p.member_id = e.member_id AND p.sequence = e.sequence
    AND p.account IN ('issued', 'redeemed', 'expired', 'adjustment')
  WHERE e.shop_id = $1 AND e.recorded_at > $3 AND e.recorded_at <= $4
  GROUP BY 1`;

/** Up to when entries are in the sums, by this zone's days; null where there are no sums. */
export async function loadSummedThrough(connection: pg.PoolClient, { shopId }: ShopRef, timeZone: string): Promise<Date | null> {
  const { rows } = await connection.query<{ summed_through: Date | null }>(
    'SELECT summed_through FROM loyalty_audits WHERE shop_id = $1 AND summed_zone = $2',
    [shopId, timeZone],
  );
  return rows[0]?.summed_through ?? null;
}

/**
 * Adds what was entered since the last time. Two who do it at once wait for each other, and the second finds nothing. In
 * another zone, and the first time, all of it is added up. Inside a `withTenantConnection` transaction.
 */
export async function advanceMonths(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { timeZone, now }: { timeZone: string; now: Date },
): Promise<void> {
  const through = new Date(now.getTime() - RECORDED_FOR_GOOD_MS);
  await connection.query('INSERT INTO loyalty_audits (shop_id) VALUES ($1) ON CONFLICT (shop_id) DO NOTHING', [shopId]);
  const { rows } = await connection.query<{ summed_through: Date | null; summed_zone: string | null }>(
    'SELECT summed_through, summed_zone FROM loyalty_audits WHERE shop_id = $1 FOR UPDATE',
    [shopId],
  );
  const from = rows[0]?.summed_zone === timeZone ? rows[0].summed_through : null;
  if (from !== null && from >= through) return;
  if (from === null) await connection.query('DELETE FROM loyalty_months WHERE shop_id = $1', [shopId]);
  const window = [from ?? '-infinity', through];
  await askSlowly(
    connection,
    `INSERT INTO loyalty_months AS m (shop_id, month, issued_points, redeemed_points, expired_points, adjusted_points)
     SELECT $1, month, issued, redeemed, expired, adjusted FROM (${MONTHS_OF_LEDGER}) l
     ON CONFLICT (shop_id, month) DO UPDATE SET issued_points = m.issued_points + excluded.issued_points,
       redeemed_points = m.redeemed_points + excluded.redeemed_points, expired_points = m.expired_points + excluded.expired_points,
       adjusted_points = m.adjusted_points + excluded.adjusted_points`,
    [shopId, timeZone, ...window],
  );
  // Of sums that never counted their entries, nobody begins to in the middle.
  await connection.query(
    `UPDATE loyalty_audits SET summed_through = $3::timestamptz, summed_zone = $4,
       summed_entries = CASE WHEN $2::timestamptz = '-infinity' THEN 0 ELSE summed_entries END
         + (SELECT count(*) FROM loyalty_entries e WHERE e.shop_id = $1 AND e.recorded_at > $2::timestamptz AND e.recorded_at <= $3::timestamptz)
     WHERE shop_id = $1`,
    [shopId, ...window, timeZone],
  );
}

/**
 * Whether entries came into the time of the sums after they had been made: the clock was behind by more than
 * `RECORDED_FOR_GOOD_MS`, or set back. Then they differ and nobody changed either.
 */
export async function hasLateEntries(connection: pg.PoolClient, { shopId }: ShopRef): Promise<boolean> {
  const { rows } = await connection.query<{ is_late: boolean | null }>(
    `SELECT a.summed_entries < (SELECT count(*) FROM loyalty_entries e WHERE e.shop_id = $1 AND e.recorded_at <= a.summed_through) AS is_late
     FROM loyalty_audits a WHERE a.shop_id = $1`,
    [shopId],
  );
  return rows[0]?.is_late === true;
}

/** The sums were found to be other than the ledger's: they are made anew the next time, and are not read until then. */
export async function discardMonths(connection: pg.PoolClient, { shopId }: ShopRef): Promise<void> {
  await connection.query('UPDATE loyalty_audits SET summed_through = NULL, summed_zone = NULL, summed_entries = NULL WHERE shop_id = $1', [shopId]);
}
