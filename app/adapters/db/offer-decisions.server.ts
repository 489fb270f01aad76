import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { OfferDecision } from '#app/domain/offers/holdout/sum-sides.ts';

const firstSchema = z.object({
  customer_id: z.bigint(),
  is_held_out: z.boolean(),
  decided_at: z.date(),
  holdout_basis_points: z.number().int(),
  rule_id: z.string(),
});

/**
 * Each customer's first decision, under whoever they are now: merged into another, or forgotten and under a pseudonym. Of
 * those alone on whom chance decided: whoever had an offer while nobody was held out is on no side, whatever was decided
 * about them later.
 */
export async function loadFirstDecisions(db: TenantDb, { shopId }: ShopRef): Promise<OfferDecision[]> {
  const rows = await db.$queryRaw`
    SELECT * FROM (
      SELECT DISTINCT ON (o.customer_id) o.customer_id, d.is_held_out, d.decided_at, d.holdout_basis_points, d.rule_id::text
      FROM offer_decisions d JOIN orders o ON o.shop_id = d.shop_id AND o.order_id = d.order_id
      WHERE d.shop_id = ${shopId} AND o.customer_id IS NOT NULL
      ORDER BY o.customer_id, d.decided_at, d.order_id
    ) firsts WHERE holdout_basis_points > 0 AND rule_id IS NOT NULL`;
  return z.array(firstSchema).parse(rows).map((row) => ({
    customerKey: Number(row.customer_id),
    isHeldOut: row.is_held_out,
    decidedAtMs: row.decided_at.getTime(),
    holdoutBasisPoints: row.holdout_basis_points,
    ruleId: row.rule_id,
  }));
}
