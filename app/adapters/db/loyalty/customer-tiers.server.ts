import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

export interface TierRow {
  readonly customerId: string;
  /** The change that was added last of those that have taken effect; null where there is none. */
  readonly tierId: string | null;
}

const MEMBERS_A_SLICE = 20_000;

const rowSchema = z.tuple([z.string(), z.string(), z.string().nullable()]);

/** The tiers of all members but those who were merged into another, slice by slice. */
export async function* readCustomerTiers(connection: pg.PoolClient, { shopId }: ShopRef, atMs: number): AsyncGenerator<TierRow[]> {
  for (let after = '0'; ; ) {
    const { rows } = await connection.query<unknown[]>({
      name: 'read-customer-tiers',
      text: `SELECT m.member_id::text, m.customer_id::text, t.tier_id
        FROM loyalty_members m
        LEFT JOIN LATERAL (
          SELECT c.tier_id FROM loyalty_tier_changes c
          WHERE c.shop_id = m.shop_id AND c.member_id = m.member_id AND c.effective_at <= $3 ORDER BY c.change_no DESC LIMIT 1
        ) t ON true
        WHERE m.shop_id = $1 AND m.member_id > $2 AND m.merged_into IS NULL ORDER BY m.member_id LIMIT ${MEMBERS_A_SLICE}`,
      values: [shopId, after, new Date(atMs)],
      rowMode: 'array',
    });
    const read = rows.map((row) => rowSchema.parse(row));
    if (read.length > 0) yield read.map(([, customerId, tierId]) => ({ customerId, tierId }));
    if (read.length < MEMBERS_A_SLICE) return;
    after = read.at(-1)?.[0] ?? after;
  }
}
