import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { OfferDecision } from '#app/domain/offers/holdout/sum-sides.ts';

/** What was decided about an order; null while nothing was. */
export interface RecordedDecision {
  readonly isHeldOut: boolean;
}

/**
 * Who gets an offer and who is held out is decided once an order: what stands stays.
 *
 * @returns false where something stood
 */
export async function appendDecision(
  db: TenantDb,
  { shopId }: ShopRef,
  { orderId, isHeldOut, now }: { orderId: bigint; isHeldOut: boolean; now: Date },
): Promise<boolean> {
  const { count } = await db.offerDecision.createMany({ data: { shopId, orderId, isHeldOut, decidedAt: now }, skipDuplicates: true });
  return count === 1;
}

export async function loadDecision(db: TenantDb, { shopId }: ShopRef, orderId: bigint): Promise<RecordedDecision | null> {
  return db.offerDecision.findUnique({ where: { shopId_orderId: { shopId, orderId } }, select: { isHeldOut: true } });
}

/** Each customer's first decision, under whoever they are now: merged into another, or forgotten and under a pseudonym. */
export async function loadFirstDecisions(db: TenantDb, { shopId }: ShopRef): Promise<OfferDecision[]> {
  const rows = await db.$queryRaw<{ customer_id: bigint; is_held_out: boolean; decided_at: Date }[]>`
    SELECT DISTINCT ON (o.customer_id) o.customer_id, d.is_held_out, d.decided_at
    FROM offer_decisions d JOIN orders o ON o.shop_id = d.shop_id AND o.order_id = d.order_id
    WHERE d.shop_id = ${shopId} AND o.customer_id IS NOT NULL
    ORDER BY o.customer_id, d.decided_at`;
  return rows.map((row) => ({ customerKey: Number(row.customer_id), isHeldOut: row.is_held_out, decidedAtMs: row.decided_at.getTime() }));
}
