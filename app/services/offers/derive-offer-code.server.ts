import { offerCodeOfHash } from '#app/domain/offers/offer-code.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * The code of an order: the same again for the same order, and not to be guessed without the shop's key.
 * `choice` above 0 gives the next one, for when the first is somebody else's.
 */
export function deriveOfferCode(
  { shop, sealedBox }: Pick<ShopContext, 'shop' | 'sealedBox'>,
  orderId: bigint,
  choice: number,
): string {
  return offerCodeOfHash(sealedBox.keyedHash(shop.shopId, 'offer-code', `${orderId}:${choice}`));
}
