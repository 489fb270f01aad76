import type pg from 'pg';
import { z } from 'zod';

import { ORDER_FACTS_COLUMNS, orderFactsOf, orderFactsSchema } from '#app/adapters/db/order-facts-row.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { deriveEarningMoney } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { TierFact } from '#app/domain/loyalty/tiers/derive-tier-basis.ts';
import { tierFactOfOrder } from '#app/domain/loyalty/tiers/tier-fact-of-order.ts';

const bigintText = z.string().transform(BigInt);
const orderRowSchema = orderFactsSchema.extend({
  customer_id: bigintText,
  processed_at: z.date(),
  currency: z.string(),
  presentment_currency: z.string(),
  shop_currency: z.string(),
});

/** By customer: their orders since an instant, as they stand. Index: orders_shop_id_customer_id_idx. */
export async function loadOrderFacts(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { customerIds, since }: { customerIds: readonly bigint[]; since: Date | null },
): Promise<Map<bigint, TierFact[]>> {
  const { rows } = await connection.query({
    name: 'load-tier-orders',
    text: `SELECT customer_id, processed_at, currency, presentment_currency, ${ORDER_FACTS_COLUMNS},
        coalesce((SELECT s.currency FROM shops s WHERE s.shop_id = $1), currency) AS shop_currency
      FROM orders WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) AND ($3::timestamptz IS NULL OR processed_at >= $3)`,
    values: [shopId, customerIds.map(String), since],
  });
  const facts = new Map<bigint, TierFact[]>();
  for (const raw of rows) {
    const row = orderRowSchema.parse(raw);
    const money = deriveEarningMoney({ ...orderFactsOf(row), currency: row.currency, presentmentCurrency: row.presentment_currency, presentmentSubtotalMinor: null });
    const fact = tierFactOfOrder({ ...money, financialStatus: row.financial_status, processedAtMs: row.processed_at.getTime() }, { points: 0, shopCurrency: row.shop_currency });
    if (fact !== null) addTo(facts, row.customer_id, fact);
  }
  return facts;
}

/** The members that are asked for, and all who went up in one of them, in however many steps. */
const OWNED = `WITH RECURSIVE owned AS (
    SELECT member_id, member_id AS owner_id FROM loyalty_members WHERE shop_id = $1 AND member_id = ANY($2::bigint[])
    UNION
    SELECT m.member_id, o.owner_id FROM owned o JOIN loyalty_members m ON m.shop_id = $1 AND m.merged_into = o.member_id
  )`;

const pointsRowSchema = z.object({
  owner_id: bigintText,
  occurred_at: z.date(),
  points: z.number().int(),
});

/**
 * By member: points of orders, refunds taken off, at the time of the order, and of grants. Those of members who have gone
 * up in one count for the one that stayed. Index: loyalty_entries_awarded.
 */
export async function loadPointsFacts(connection: pg.PoolClient, { shopId }: ShopRef, memberIds: readonly bigint[]): Promise<Map<bigint, TierFact[]>> {
  const { rows } = await connection.query({
    name: 'load-tier-points',
    text: `${OWNED} SELECT o.owner_id, min(e.occurred_at) AS occurred_at, -sum(p.points)::int AS points
      FROM owned o
      JOIN loyalty_entries e ON e.shop_id = $1 AND e.member_id = o.member_id AND e.kind IN ('order', 'grant')
      JOIN loyalty_postings p ON p.shop_id = $1 AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.account = 'issued'
      WHERE e.entry_key NOT LIKE 'grant/%/tier/%'
      GROUP BY o.owner_id, e.order_id, CASE WHEN e.order_id IS NULL THEN e.member_id END, CASE WHEN e.order_id IS NULL THEN e.sequence END`,
    values: [shopId, memberIds.map(String)],
  });
  const facts = new Map<bigint, TierFact[]>();
  for (const raw of rows) {
    const row = pointsRowSchema.parse(raw);
    const fact = { atMs: row.occurred_at.getTime(), spendMinor: 0, points: row.points, orders: 0 };
    addTo(facts, row.owner_id, fact);
  }
  return facts;
}

/** By member: the tiers whose points for reaching them were given, to them or to somebody who went up in them. */
export async function loadEnteredTiers(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { memberIds, tierIds }: { memberIds: readonly bigint[]; tierIds: readonly string[] },
): Promise<Map<bigint, Set<string>>> {
  if (memberIds.length === 0 || tierIds.length === 0) return new Map();
  const { rows } = await connection.query<{ owner_id: string; tier_id: string }>({
    name: 'load-entered-tiers',
    text: `${OWNED} SELECT o.owner_id, t.tier_id FROM owned o CROSS JOIN unnest($3::text[]) t (tier_id)
      CROSS JOIN LATERAL (
        SELECT FROM loyalty_entries e WHERE e.shop_id = $1 AND e.entry_key = 'grant/' || o.member_id || '/tier/' || t.tier_id || '/1' LIMIT 1
      ) given`,
    values: [shopId, memberIds.map(String), tierIds],
  });
  const entered = new Map<bigint, Set<string>>();
  for (const row of rows) {
    const ownerId = BigInt(row.owner_id);
    entered.set(ownerId, (entered.get(ownerId) ?? new Set()).add(row.tier_id));
  }
  return entered;
}

/** Of these business keys, those that an entry has. Index: loyalty_entries_key. */
export async function findTakenKeys(connection: pg.PoolClient, { shopId }: ShopRef, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await connection.query<{ entry_key: string }>({
    name: 'find-taken-keys',
    text: 'SELECT entry_key FROM loyalty_entries WHERE shop_id = $1 AND entry_key = ANY($2::text[])',
    values: [shopId, keys],
  });
  return new Set(rows.map((row) => row.entry_key));
}

function addTo(facts: Map<bigint, TierFact[]>, id: bigint, fact: TierFact): void {
  const known = facts.get(id);
  if (known === undefined) facts.set(id, [fact]);
  else known.push(fact);
}
