/**
 * Ids that look alike as strings and must not be swapped. The guard is the only way to make one, so a value of such a
 * type has been checked once, at the edge it came in by.
 */
declare const brand: unique symbol;

type Branded<Name extends string> = string & { readonly [brand]: Name };

/** `example.myshopify.com`, lower case: the tenant. Never the shop's public domain, which a merchant can change. */
export type ShopDomain = Branded<'ShopDomain'>;

const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/;

export function isShopDomain(text: string): text is ShopDomain {
  return SHOP_DOMAIN.test(text);
}
