import type { BuyerIdentity, Proved } from '#app/adapters/shopify/proofs/proof.ts';
import { findBuyerToken } from '#app/adapters/shopify/proofs/request-proof.ts';
import { verifyBuyerToken } from '#app/adapters/shopify/proofs/session-token.server.ts';
import { shopContext } from '#app/context.server.ts';
import { findKnownShop } from '#app/access/known-shops.server.ts';
import { proofSettings } from '#app/access/proof-settings.server.ts';
import { noteRefusal } from '#app/access/refusals.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** For the routes that checkout extensions call. Null when the caller is not let in, for whatever reason. */
export async function checkoutContext(
  request: Request,
): Promise<(ShopContext & { buyerCustomerId: bigint | null }) | null> {
  const buyer = identifyBuyer(request);
  if (!buyer.ok) {
    noteRefusal('buyer', buyer.reason);
    return null;
  }
  const shop = await findKnownShop(buyer.value.shopDomain);
  return shop && { ...shopContext(shop), buyerCustomerId: buyer.value.customerId };
}

function identifyBuyer(request: Request): Proved<BuyerIdentity> {
  const found = findBuyerToken(request);
  return found.ok ? verifyBuyerToken(found.value.token, proofSettings()) : found;
}
