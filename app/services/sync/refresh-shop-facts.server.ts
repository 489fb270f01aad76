import { resumeInvites } from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import { parseShop } from '#app/adapters/shopify/parse-shop.ts';
import { ShopFactsDocument } from '#app/generated/admin-api.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Without it, Shopify sends no invites for us. */
const INVITE_SCOPE = 'write_customers';
const ALL_ORDERS_SCOPE = 'read_all_orders';
const HISTORY_DAYS_WITHOUT_IT = 60;

/** Copies what reports depend on: currency, time zone, language, plan, kind of customer accounts, depth of history. */
export async function refreshShopFacts({ admin, inShop, shop, now }: ShopContext): Promise<void> {
  const { data } = await admin(ShopFactsDocument, {});
  const { scopes, ...found } = parseShop(data);
  await inShop(async (db) => {
    const before = await db.shop.findUniqueOrThrow({ where: { shopId: shop.shopId } });
    const facts = {
      ...found,
      historyDays: scopes.includes(ALL_ORDERS_SCOPE) ? null : HISTORY_DAYS_WITHOUT_IT,
    };
    // Days and money are read through these two, so a report made before is stale.
    const isStale = before.currency !== facts.currency || before.ianaTimeZone !== facts.ianaTimeZone;
    await db.shop.update({
      where: { shopId: shop.shopId },
      data: { ...facts, ...(isStale ? { dataVersion: { increment: 1 } } : {}) },
    });
    if (scopes.includes(INVITE_SCOPE)) await resumeInvites(db, shop, now());
  });
}
