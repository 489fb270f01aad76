import type pg from 'pg';
import { z } from 'zod';

import { askSlowly } from '#app/adapters/db/ask-slowly.server.ts';
import { loadSummedThrough, MONTHS_OF_LEDGER } from '#app/adapters/db/loyalty/months.repository.server.ts';
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

/**
 * Grain: month at the shop in which something was entered. By the sums that the worker keeps, and the entries since; where
 * there are none, or they are by another zone's days, all entries.
 */
export async function loadPointsMoved(connection: pg.PoolClient, shop: ShopRef, timeZone: string): Promise<MovedInMonth[]> {
  const through = await loadSummedThrough(connection, shop, timeZone);
  const { rows } = await askSlowly(
    connection,
    `SELECT to_char(month, 'YYYY-MM') AS month, sum(issued) AS issued, sum(redeemed) AS redeemed, sum(expired) AS expired, sum(adjusted) AS adjusted
     FROM (
       ${MONTHS_OF_LEDGER}
       UNION ALL
       SELECT month, issued_points, redeemed_points, expired_points, adjusted_points FROM loyalty_months WHERE shop_id = $1 AND $5
     ) m GROUP BY 1 ORDER BY 1`,
    [shop.shopId, timeZone, through ?? '-infinity', 'infinity', through !== null],
  );
  return rows.map((raw) => {
    const row = movedSchema.parse(raw);
    return { month: row.month, issuedPoints: row.issued, redeemedPoints: row.redeemed, expiredPoints: row.expired, adjustedPoints: row.adjusted };
  });
}

const expiringSchema = z.object({ month: z.string().nullable(), points: z.coerce.number() });

interface ExpiringAsked {
  readonly timeZone: string;
  readonly inactivityMonths: number | null;
  readonly notBefore: string;
  readonly endDay: string;
  readonly datedFrom: string | null;
}

/**
 * Grain: month at the shop in which spendable points end as things stand; null for those that nothing ends. A lot ends on
 * its own day, and one without by its member's inactivity: of those nothing is read but what stands with each member.
 *
 * @param inactivityMonths null where inactivity ends nothing
 * @param datedFrom no lot that ended before this day has anything left (`YYYY-MM-DD`); null where some may
 */
export async function loadPointsExpiring(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { timeZone, inactivityMonths, notBefore, endDay, datedFrom }: ExpiringAsked,
): Promise<{ month: string | null; points: number }[]> {
  const { rows } = await askSlowly(
    connection,
    `WITH opened AS MATERIALIZED (
       SELECT o.member_id, o.lot_no, o.expires_on FROM loyalty_postings o JOIN loyalty_members m ON m.shop_id = $1 AND m.member_id = o.member_id
       WHERE o.shop_id = $1 AND o.expires_on IS NOT NULL AND o.expires_on >= coalesce($4::date, '-infinity') AND m.balance_points > 0
     ), dated AS (
       SELECT o.member_id, o.expires_on, sum(p.points) AS points
       FROM opened o JOIN loyalty_postings p ON p.shop_id = $1 AND p.member_id = o.member_id AND p.account = 'customer' AND p.lot_no = o.lot_no
       GROUP BY o.member_id, o.expires_on
     ), ending AS (
       SELECT expires_on AS day, points FROM dated
       UNION ALL
       SELECT ((coalesce(m.last_activity_at, m.enrolled_at) AT TIME ZONE $2)::date + make_interval(months => $3::int))::date + 1,
         m.balance_points - coalesce(d.points, 0)
       FROM loyalty_members m LEFT JOIN (SELECT member_id, sum(points) AS points FROM dated GROUP BY member_id) d ON d.member_id = m.member_id
       WHERE m.shop_id = $1 AND m.balance_points > 0
     )
     SELECT to_char(nullif(least(greatest(coalesce(day, 'infinity'), $5::date), $6::date), 'infinity'), 'YYYY-MM') AS month, sum(points) AS points
     FROM ending WHERE points <> 0 GROUP BY 1 ORDER BY 1`,
    [shopId, timeZone, inactivityMonths, datedFrom, notBefore, endDay],
  );
  return rows.map((raw) => expiringSchema.parse(raw));
}
