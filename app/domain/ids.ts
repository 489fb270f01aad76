/**
 * Ids that look alike as strings and must not be swapped. The guards are the only way to make one, so a value of such a
 * type has been checked once, at the edge it came in by.
 */
declare const brand: unique symbol;

type Branded<Name extends string> = string & { readonly [brand]: Name };

/** `example.myshopify.com`, lower case: the tenant. Never the shop's public domain, which a merchant can change. */
export type ShopDomain = Branded<'ShopDomain'>;
export type CustomerGid = Branded<'CustomerGid'>;
export type OrderGid = Branded<'OrderGid'>;
/** Id of one entry of the points ledger. */
export type EntryId = Branded<'EntryId'>;

const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/;
const CUSTOMER_GID = /^gid:\/\/shopify\/Customer\/[1-9]\d*$/;
const ORDER_GID = /^gid:\/\/shopify\/Order\/[1-9]\d*$/;
const ENTRY_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isShopDomain(text: string): text is ShopDomain {
  return SHOP_DOMAIN.test(text);
}

export function isCustomerGid(text: string): text is CustomerGid {
  return CUSTOMER_GID.test(text);
}

export function isOrderGid(text: string): text is OrderGid {
  return ORDER_GID.test(text);
}

export function isEntryId(text: string): text is EntryId {
  return ENTRY_ID.test(text);
}
