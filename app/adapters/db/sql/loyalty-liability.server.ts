import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { MovedInMonth, PointsHeld } from '#app/domain/loyalty/members/liability.ts';

const heldSchema = z.object({
  spendable: z.coerce.number(),
  owed: z.coerce.number(),
  pending: z.coerce.number(),
  reserved: z.coerce.number(),
  with_points: z.number().int(),
  who_owe: z.number().int(),
});

/** Grain: the shop. By the sums that stand with each member's chain. */
export async function loadPointsHeld(connection: pg.PoolClient, { shopId }: ShopRef): Promise<PointsHeld> {
  const { rows } = await connection.query(
    `SELECT coalesce(sum(balance_points) FILTER (WHERE balance_points > 0), 0) AS spendable,
       coalesce(-sum(balance_points) FILTER (WHERE balance_points < 0), 0) AS owed,
       coalesce(sum(pending_points), 0) AS pending, coalesce(sum(reserved_points), 0) AS reserved,
       count(*) FILTER (WHERE balance_points > 0)::int AS with_points, count(*) FILTER (WHERE balance_points < 0)::int AS who_owe
     FROM loyalty_members WHERE shop_id = $1`,
    [shopId],
  );
  const row = heldSchema.parse(rows[0]);
  return {
    spendablePoints: row.spendable,
    owedPoints: row.owed,
    pendingPoints: row.pending,
    reservedPoints: row.reserved,
    membersWithPoints: row.with_points,
    membersWhoOwe: row.who_owe,
  };
}

const movedSchema = z.object({
  month: z.string(),
  issued: z.coerce.number(),
  redeemed: z.coerce.number(),
  expired: z.coerce.number(),
  adjusted: z.coerce.number(),
});

/** Grain: month at the shop in which something was entered. Reads the whole ledger, once. */
export async function loadPointsMoved(connection: pg.PoolClient, { shopId }: ShopRef, timeZone: string): Promise<MovedInMonth[]> {
  const { rows } = await connection.query(
    `SELECT to_char(e.recorded_at AT TIME ZONE $2, 'YYYY-MM') AS month,
       coalesce(-sum(p.points) FILTER (WHERE p.account = 'issued'), 0) AS issued,
       coalesce(sum(p.points) FILTER (WHERE p.account = 'redeemed'), 0) AS redeemed,
       coalesce(sum(p.points) FILTER (WHERE p.account = 'expired'), 0) AS expired,
       coalesce(-sum(p.points) FILTER (WHERE p.account = 'adjustment'), 0) AS adjusted
     FROM loyalty_postings p JOIN loyalty_entries e USING (shop_id, member_id, sequence)
     WHERE p.shop_id = $1 AND p.account IN ('issued', 'redeemed', 'expired', 'adjustment')
     GROUP BY 1 ORDER BY 1`,
    [shopId, timeZone],
  );
  return rows.map((raw) => {
    const row = movedSchema.parse(raw);
    return { month: row.month, issuedPoints: row.issued, redeemedPoints: row.redeemed, expiredPoints: row.expired, adjustedPoints: row.adjusted };
  });
}

const expiringSchema = z.object({ month: z.string().nullable(), points: z.coerce.number() });

/**
 * Grain: month at the shop in which spendable points end as things stand; null for those that nothing ends. A lot ends on
 * its own day, and one without by its member's inactivity.
 *
 * @param inactivityMonths null where inactivity ends nothing
 */
export async function loadPointsExpiring(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { timeZone, inactivityMonths }: { timeZone: string; inactivityMonths: number | null },
): Promise<{ month: string | null; points: number }[]> {
  const { rows } = await connection.query(
    `WITH lots AS (
       SELECT member_id, sum(points) FILTER (WHERE account = 'customer') AS points, max(expires_on) AS expires_on
       FROM loyalty_postings WHERE shop_id = $1 AND account IN ('customer', 'pending') AND lot_no IS NOT NULL
       GROUP BY member_id, lot_no HAVING sum(points) FILTER (WHERE account = 'customer') > 0
     )
     SELECT to_char(coalesce(l.expires_on,
         ((coalesce(m.last_activity_at, m.enrolled_at) AT TIME ZONE $2)::date + make_interval(months => $3::int))::date), 'YYYY-MM') AS month,
       sum(l.points) AS points
     FROM lots l JOIN loyalty_members m ON m.shop_id = $1 AND m.member_id = l.member_id
     GROUP BY 1 ORDER BY 1`,
    [shopId, timeZone, inactivityMonths],
  );
  return rows.map((raw) => expiringSchema.parse(raw));
}
