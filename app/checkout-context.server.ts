import { findShop } from '#app/adapters/db/shop-registry.server.ts';
import { verifyCheckoutToken } from '#app/adapters/shopify/checkout-token.server.ts';
import { shopContext } from '#app/context.server.ts';
import { prisma } from '#app/db.server.ts';
import { env } from '#app/env.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** For the routes that checkout extensions call. Null when the caller is not let in, for whatever reason. */
export async function checkoutContext(
  request: Request,
): Promise<(ShopContext & { buyerCustomerId: bigint | null }) | null> {
  const verified = await verifyCheckoutToken(request.headers.get('Authorization'), {
    clientId: env.SHOPIFY_API_KEY,
    clientSecret: env.SHOPIFY_API_SECRET,
    now: systemRuntime.now(),
  });
  if (!verified.ok) return null;
  const shop = await findShop(prisma, verified.value.shopDomain);
  return shop && { ...shopContext(shop), buyerCustomerId: verified.value.customerId };
}
