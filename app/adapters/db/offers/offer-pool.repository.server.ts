import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { SECOND_LOOK_MS } from '#app/domain/offers/pool/plan-pool.ts';

/** A code from the pool is somebody else's as good as never, and twice in a row still less. */
const MOST_CHOICES = 3;

const outcomeSchema = z.tuple([z.object({ taken: z.string().nullable(), given: z.string().nullable() })]);

/**
 * Gives an order a code that Shopify has already, and puts it on record as issued. Within a transaction that has decided
 * for the order, and that goes on to answer the buyer: two who ask at once never wait for each other, nor get the same code.
 *
 * @returns null when none is left; somebody then has to bring one to Shopify while the buyer waits
 */
export async function takeFromPool(
  db: TenantDb,
  shop: ShopRef,
  asked: { discountKey: string; orderId: bigint; now: Date },
): Promise<string | null> {
  for (let choice = 0; choice < MOST_CHOICES; choice += 1) {
    const { taken, given } = await takeCode(db, shop, asked);
    if (given !== null) return given;
    if (taken === null) return null;
  }
  return null;
}

/**
 * One statement, for it is in the way of every buyer. Whether there are enough left has the worker look soon, or at once
 * where there is none; who finds another at that leaves it to them. Index: offer_pool_codes_free.
 */
async function takeCode(
  db: TenantDb,
  { shopId }: ShopRef,
  { discountKey, orderId, now }: { discountKey: string; orderId: bigint; now: Date },
): Promise<{ taken: string | null; given: string | null }> {
  const secondLook = new Date(now.getTime() + SECOND_LOOK_MS);
  const rows = await db.$queryRaw`
    WITH free AS (
      SELECT code FROM offer_pool_codes
      WHERE shop_id = ${shopId} AND discount_key = ${discountKey} AND state = 'added'
      ORDER BY intended_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE offer_pool_codes p SET state = 'taken', taken_at = ${now} FROM free WHERE p.shop_id = ${shopId} AND p.code = free.code RETURNING p.code
    ), given AS (
      INSERT INTO offer_codes (shop_id, order_id, discount_key, code, state, not_before, intended_at, issued_at)
      SELECT ${shopId}::int, ${orderId}::bigint, ${discountKey}, code, 'issued', ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz FROM taken
      ON CONFLICT DO NOTHING RETURNING code
    ), due AS (
      SELECT CASE WHEN EXISTS (SELECT FROM taken) THEN ${secondLook}::timestamptz ELSE ${now}::timestamptz END AS at
    ), late AS (
      SELECT shop_id, at FROM offer_settings, due WHERE shop_id = ${shopId} AND pool_due_at > at FOR NO KEY UPDATE OF offer_settings SKIP LOCKED
    ), hastened AS (
      UPDATE offer_settings s SET pool_due_at = late.at FROM late WHERE s.shop_id = late.shop_id
    )
    SELECT (SELECT code FROM taken) AS taken, (SELECT code FROM given) AS given`;
  return outcomeSchema.parse(rows)[0];
}
