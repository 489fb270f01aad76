import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** What an adjustment came to, by which a request that names the same key is known to be the same or another. */
export interface KnownAdjustment {
  readonly memberId: bigint;
  /** Who has the points now: whoever the member went up in, or the pseudonym of somebody who was forgotten. */
  readonly customerId: bigint;
  /** Below 0 when they were taken. */
  readonly points: number;
  /** `YYYY-MM-DD`; null where it went by the program's rule. */
  readonly expiresOn: string | null;
  /** Null without one, and where it was erased with its member. */
  readonly note: string | null;
}

const id = z.string().transform(BigInt);
const rowSchema = z.object({ member_id: id, customer_id: id, points: z.number().int(), expires_on: z.string().nullable(), note: z.string().nullable() });

/** Null when there is none of this key. Index: loyalty_entries_key. */
export async function findAdjustment(connection: pg.PoolClient, { shopId }: ShopRef, key: string): Promise<KnownAdjustment | null> {
  const { rows } = await connection.query({ name: 'find-adjustment', text: ADJUSTMENT, values: [shopId, key] });
  if (rows[0] === undefined) return null;
  const row = rowSchema.parse(rows[0]);
  return { memberId: row.member_id, customerId: row.customer_id, points: row.points, expiresOn: row.expires_on, note: row.note };
}

const ADJUSTMENT = `
  WITH RECURSIVE lives AS (
    SELECT m.customer_id, m.merged_into
    FROM loyalty_entries e JOIN loyalty_members m ON m.shop_id = e.shop_id AND m.member_id = e.member_id
    WHERE e.shop_id = $1 AND e.entry_key = $2
    UNION
    SELECT m.customer_id, m.merged_into FROM lives l JOIN loyalty_members m ON m.shop_id = $1 AND m.member_id = l.merged_into
  )
  SELECT e.member_id, e.reason ->> 'expiresOn' AS expires_on, n.note,
    (SELECT customer_id FROM lives WHERE merged_into IS NULL) AS customer_id,
    (SELECT -sum(p.points)::int FROM loyalty_postings p
      WHERE p.shop_id = e.shop_id AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.account = 'adjustment') AS points
  FROM loyalty_entries e LEFT JOIN loyalty_notes n ON n.shop_id = e.shop_id AND n.member_id = e.member_id AND n.sequence = e.sequence
  WHERE e.shop_id = $1 AND e.entry_key = $2`;
