import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { inShopOf } from '#app/adapters/db/tenant.server.ts';
import { registerShop } from '#app/adapters/db/shop-registry.server.ts';
import { createAdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { offlineTokenOf } from '#app/adapters/shopify/offline-token.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { shopifyApiLibrary } from '#app/shopify-api.server.ts';
import { authenticate, sessionStorage } from '#app/shopify.server.ts';

/** Everything that a service needs for one shop. The only place that puts the parts together. */
export function shopContext(shop: ShopRef, now: () => Date = () => new Date()): ShopContext {
  const accessToken = offlineTokenOf({ shop, storage: sessionStorage, api: shopifyApiLibrary, pool, now });
  return {
    shop,
    inShop: inShopOf(prisma, shop),
    pool,
    admin: createAdminApi({ domain: shop.domain, accessToken }),
    sealedBox,
    now,
  };
}

/** For each loader and action below /app. Throws the library's redirect or 401 when the merchant is not let in. */
export async function merchantContext(request: Request): Promise<ShopContext & { redirect: RedirectInAdmin }> {
  const { session, redirect } = await authenticate.admin(request);
  const shop = await registerShop(prisma, session.shop);
  return { ...shopContext(shop), redirect };
}

/** Remix' own redirect would lose the session inside the admin's frame. */
type RedirectInAdmin = Awaited<ReturnType<typeof authenticate.admin>>['redirect'];
