import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { UNKNOWN_TRACE } from '#app/domain/loyalty/traces/trace-values.ts';
import type { LoyaltyTracing } from '#app/generated/prisma/client.ts';

/** How far Shopify has been told of a shop's members. */
export type Tracing = Omit<LoyaltyTracing, 'shopId' | 'freeShipping'>;

export interface TracedShop {
  readonly tracing: Tracing;
  /** When the shop was installed the last time. */
  readonly installedAt: Date | null;
}

/** Made at the first look. */
export async function openTracing(db: TenantDb, { shopId }: ShopRef, now: Date): Promise<TracedShop> {
  await db.loyaltyTracing.createMany({ data: [{ shopId, seenUntil: now, sweepDueAt: now, lookDueAt: now }], skipDuplicates: true });
  const { shopId: _shopId, freeShipping: _freeShipping, ...tracing } = await db.loyaltyTracing.findUniqueOrThrow({ where: { shopId } });
  const { installedAt } = await db.shop.findUniqueOrThrow({ where: { shopId }, select: { installedAt: true } });
  return { tracing, installedAt };
}

export async function changeTracing(db: TenantDb, { shopId }: ShopRef, data: Partial<Tracing>): Promise<void> {
  await db.loyaltyTracing.updateMany({ where: { shopId }, data });
}

/**
 * Something was written that Shopify may have to be told of. Only hastens the next look, which comes anyway; not while
 * Shopify is away.
 */
export async function hastenLook(db: TenantDb, { shopId }: ShopRef, now: Date): Promise<void> {
  await db.loyaltyTracing.updateMany({ where: { shopId, outages: 0, lookDueAt: { gt: now } }, data: { lookDueAt: now } });
}

/** Every member is looked at anew from the next turn on. */
export async function askForSweep(db: TenantDb, { shopId }: ShopRef, now: Date): Promise<void> {
  await db.loyaltyTracing.updateMany({ where: { shopId }, data: { sweepDueAt: now, sweepAfter: null, sweepIsWhole: true } });
}

const idRowSchema = z.object({ member_id: z.string().transform(BigInt) });

/** Who has an entry, or a change of tier, since an instant that nobody has noted yet. Index: loyalty_entries_recorded. */
export async function findUnseenMembers(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { since, limit }: { since: Date; limit: number },
): Promise<bigint[]> {
  const { rows } = await connection.query({
    name: 'find-unseen-members',
    text: `SELECT unseen.member_id FROM (
        SELECT e.member_id FROM loyalty_entries e
          LEFT JOIN loyalty_member_traces t ON t.shop_id = e.shop_id AND t.member_id = e.member_id
          WHERE e.recorded_at >= $2 AND e.shop_id = $1 AND e.sequence > coalesce(t.seen_sequence, 0)
        UNION
        SELECT c.member_id FROM loyalty_tier_changes c
          LEFT JOIN loyalty_member_traces t ON t.shop_id = c.shop_id AND t.member_id = c.member_id
          WHERE c.shop_id = $1 AND c.recorded_at >= $2 AND c.change_no > coalesce(t.seen_change_no, 0)
      ) unseen
      JOIN loyalty_members m ON m.shop_id = $1 AND m.member_id = unseen.member_id
      -- Who went up in another, or was forgotten, is not told of, and loses what trace there is.
      WHERE m.customer_id > 0 OR EXISTS (SELECT FROM loyalty_member_traces t WHERE t.shop_id = $1 AND t.member_id = m.member_id)
      ORDER BY unseen.member_id LIMIT $3`,
    values: [shopId, since, limit],
  });
  return rows.map((row) => idRowSchema.parse(row).member_id);
}

/** The next members by number, and which of them nobody has noted as they are; all of them when all are asked for. */
export async function findSweptMembers(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { after, limit, isWhole }: { after: bigint; limit: number; isWhole: boolean },
): Promise<{ last: bigint | null; memberIds: bigint[] }> {
  const { rows } = await connection.query<{ member_id: string; is_meant: boolean }>({
    name: 'find-swept-members',
    text: `SELECT m.member_id, CASE WHEN m.customer_id <= 0 THEN t.member_id IS NOT NULL
        ELSE $4 OR t.member_id IS NULL OR t.seen_sequence < m.last_sequence OR t.customer_id <> m.customer_id OR t.seen_change_no <
          coalesce((SELECT max(c.change_no) FROM loyalty_tier_changes c WHERE c.shop_id = m.shop_id AND c.member_id = m.member_id), 0) END AS is_meant
      FROM loyalty_members m LEFT JOIN loyalty_member_traces t ON t.shop_id = m.shop_id AND t.member_id = m.member_id
      WHERE m.shop_id = $1 AND m.member_id > $2 ORDER BY m.member_id LIMIT $3`,
    values: [shopId, String(after), limit, isWhole],
  });
  const last = rows.at(-1)?.member_id;
  return { last: last === undefined ? null : BigInt(last), memberIds: rows.filter((row) => row.is_meant).map((row) => BigInt(row.member_id)) };
}

/** The app went and came back: what it had written is not there any more, or may be; the tags are the customers' own. */
export async function forgetWritten(connection: pg.PoolClient, { shopId }: ShopRef): Promise<void> {
  await connection.query('UPDATE loyalty_member_traces SET problem = NULL, written = $2 WHERE shop_id = $1', [shopId, JSON.stringify(UNKNOWN_TRACE)]);
}
