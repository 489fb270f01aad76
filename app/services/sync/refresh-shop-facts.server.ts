import { ShopFactsDocument } from '#app/generated/admin-api.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const ALL_ORDERS_SCOPE = 'read_all_orders';
const HISTORY_DAYS_WITHOUT_IT = 60;

/** Copies what reports depend on: currency, time zone, language, plan, kind of customer accounts, depth of history. */
export async function refreshShopFacts({ admin, inShop, shop }: ShopContext): Promise<void> {
  const { data } = await admin(ShopFactsDocument, {});
  const scopes = data.currentAppInstallation.accessScopes.map((scope) => scope.handle);
  await inShop(async (db) => {
    const before = await db.shop.findUniqueOrThrow({ where: { shopId: shop.shopId } });
    const facts = {
      name: data.shop.name,
      currency: data.shop.currencyCode,
      ianaTimeZone: data.shop.ianaTimezone,
      primaryLocale: data.shopLocales.find((locale) => locale.primary)?.locale ?? null,
      planName: data.shop.plan.publicDisplayName,
      customerAccounts: data.shop.customerAccountsV2.customerAccountsVersion,
      historyDays: scopes.includes(ALL_ORDERS_SCOPE) ? null : HISTORY_DAYS_WITHOUT_IT,
    };
    // Days and money are read through these two, so a report made before is stale.
    const isStale = before.currency !== facts.currency || before.ianaTimeZone !== facts.ianaTimeZone;
    await db.shop.update({
      where: { shopId: shop.shopId },
      data: { ...facts, ...(isStale ? { dataVersion: { increment: 1 } } : {}) },
    });
  });
}
