import { verifyProxySignature } from '#app/adapters/shopify/proofs/proxy-signature.server.ts';
import { shopContext } from '#app/context.server.ts';
import { findKnownShop } from '#app/access/known-shops.server.ts';
import { proofSettings } from '#app/access/proof-settings.server.ts';
import { noteRefusal } from '#app/access/refusals.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * For the routes that storefronts call through Shopify's app proxy. Null when the caller is not let in, for whatever
 * reason. The Remix package would load the shop's session and refresh its token, for any shopper who asks.
 */
export async function proxyContext(request: Request): Promise<(ShopContext & { customerId: bigint | null }) | null> {
  const caller = verifyProxySignature(new URL(request.url).searchParams, proofSettings());
  if (!caller.ok) {
    noteRefusal('proxy', caller.reason);
    return null;
  }
  const { shopDomain, customerId } = caller.value;
  const shop = await findKnownShop(shopDomain);
  return shop && { ...shopContext(shop), customerId };
}
