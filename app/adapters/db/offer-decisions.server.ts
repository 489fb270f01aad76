import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { OfferDecision } from '#app/domain/offers/holdout/sum-sides.ts';

/** What was decided about an order; null while nothing was. */
export interface RecordedDecision {
  readonly isHeldOut: boolean;
}

export interface DecisionToAppend {
  readonly orderId: bigint;
  readonly isHeldOut: boolean;
  /** Of how many in 10,000 chance was to hold out such a customer. */
  readonly holdoutBasisPoints: number;
  /** The rule that fitted, also where its offer is withheld. */
  readonly ruleId: string;
  readonly now: Date;
}

/**
 * Who gets an offer and who is held out is decided once an order: what stands stays.
 *
 * @returns false where something stood
 */
export async function appendDecision(db: TenantDb, { shopId }: ShopRef, { now, ...decision }: DecisionToAppend): Promise<boolean> {
  const { count } = await db.offerDecision.createMany({ data: { shopId, ...decision, decidedAt: now }, skipDuplicates: true });
  return count === 1;
}

export async function loadDecision(db: TenantDb, { shopId }: ShopRef, orderId: bigint): Promise<RecordedDecision | null> {
  return db.offerDecision.findUnique({ where: { shopId_orderId: { shopId, orderId } }, select: { isHeldOut: true } });
}

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
