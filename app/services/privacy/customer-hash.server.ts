import type { ShopContext } from '#app/services/shop-context.server.ts';

/** By which a redaction finds what earlier requests of the same customer left, without their id being kept there. */
export function customerHashOf(
  { sealedBox, shop }: Pick<ShopContext, 'sealedBox' | 'shop'>,
  customerId: bigint,
): Uint8Array<ArrayBuffer> {
  return sealedBox.keyedHash(shop.shopId, 'privacy-request-customer', String(customerId));
}
