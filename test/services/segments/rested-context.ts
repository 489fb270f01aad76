import type { ShopContext } from '#app/services/shop-context.server.ts';

/** The same shop asked by a process that knows of no call before: whoever tests many writes need not wait for points. */
export async function restedContext(context: ShopContext): Promise<ShopContext> {
  const { createAdminApi } = await import('#app/adapters/shopify/admin-api.server.ts');
  const { PointPacers } = await import('#app/adapters/shopify/point-pacer.server.ts');
  const { offlineTokenOf } = await import('#app/adapters/shopify/offline-token.server.ts');
  const { systemRuntime } = await import('#app/runtime.server.ts');
  const { sessionStorage } = await import('#app/shopify.server.ts');
  const { shopifyApiLibrary } = await import('#app/shopify-api.server.ts');
  const { shop, pool } = context;
  const accessToken = offlineTokenOf({ shop, storage: sessionStorage, api: shopifyApiLibrary, pool, now: systemRuntime.now });
  const pacer = new PointPacers(systemRuntime).of(shop.domain);
  return { ...context, admin: createAdminApi({ ...systemRuntime, domain: shop.domain, accessToken, pacer }) };
}
