import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/** How soon after a code was taken it is looked whether there are enough left: once for all that are taken meanwhile. */
const SECOND_LOOK_MS = 5_000;
/** A code from the pool is somebody else's as good as never, and twice in a row still less. */
const MOST_CHOICES = 3;

const codeRowsSchema = z.array(z.object({ code: z.string() }));

/**
 * Gives an order a code that Shopify has already, and puts it on record as issued. Within a transaction that holds the
 * order, and that goes on to answer the buyer: two who ask at once never wait for each other, nor get the same code.
 *
 * @returns null when none is left; somebody then has to bring one to Shopify while the buyer waits
 */
export async function takeFromPool(
  db: TenantDb,
  shop: ShopRef,
  { discountKey, orderId, now }: { discountKey: string; orderId: bigint; now: Date },
): Promise<string | null> {
  const { shopId } = shop;
  for (let choice = 0; choice < MOST_CHOICES; choice += 1) {
    const code = await takeCode(db, shop, { discountKey, now });
    await hastenPool(db, shop, new Date(now.getTime() + (code === null ? 0 : SECOND_LOOK_MS)));
    if (code === null) return null;
    const { count } = await db.offerCode.createMany({
      data: { shopId, orderId, discountKey, code, state: 'issued', notBefore: now, intendedAt: now, issuedAt: now },
      skipDuplicates: true,
    });
    if (count === 1) return code;
  }
  return null;
}

async function takeCode(
  db: TenantDb,
  { shopId }: ShopRef,
  { discountKey, now }: { discountKey: string; now: Date },
): Promise<string | null> {
  const rows = await db.$queryRaw`
    UPDATE offer_pool_codes p SET state = 'taken', taken_at = ${now}
    FROM (
      SELECT code FROM offer_pool_codes
      WHERE shop_id = ${shopId} AND discount_key = ${discountKey} AND state = 'added'
      ORDER BY intended_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ) free
    WHERE p.shop_id = ${shopId} AND p.code = free.code RETURNING p.code`;
  return codeRowsSchema.parse(rows)[0]?.code ?? null;
}

/** Has the pool looked at by then. Whoever finds another at it leaves it to them, so that no buyer waits for it. */
async function hastenPool(db: TenantDb, { shopId }: ShopRef, by: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE offer_settings s SET pool_due_at = ${by}
    FROM (SELECT shop_id FROM offer_settings WHERE shop_id = ${shopId} AND pool_due_at > ${by} FOR NO KEY UPDATE SKIP LOCKED) late
    WHERE s.shop_id = late.shop_id`;
}
