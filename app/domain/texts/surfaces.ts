/** Where shoppers read words of ours: an extension each, which has them in one file a language. */
export const SURFACES = ['thank-you', 'checkout', 'loyalty-page', 'profile', 'storefront'] as const;
export type Surface = (typeof SURFACES)[number];

/** What those words are written in. */
export const SHOPPER_LOCALES = [
  'en',
  'zh-CN',
  'zh-TW',
  'ja',
  'ko',
  'de',
  'fr',
  'es',
  'it',
  'pt-BR',
  'nl',
  'ar',
  'th',
  'id',
  'vi',
] as const;
export type ShopperLocale = (typeof SHOPPER_LOCALES)[number];

const RIGHT_TO_LEFT: readonly ShopperLocale[] = ['ar'];

export function directionOf(locale: ShopperLocale): 'rtl' | 'ltr' {
  return RIGHT_TO_LEFT.includes(locale) ? 'rtl' : 'ltr';
}

export function findSurface(name: string): Surface | null {
  return SURFACES.find((surface) => surface === name) ?? null;
}

/**
 * The language whose words a surface shows when it says that it is in `tag`: that very one, or that of the same language
 * without a region, as Shopify falls back. Null for one that Shopify would show in English, since it says so itself.
 */
export function findShopperLocale(tag: string): ShopperLocale | null {
  const wanted = tag.toLowerCase();
  const among = (name: string) => SHOPPER_LOCALES.find((locale) => locale.toLowerCase() === name);
  return among(wanted) ?? among(wanted.split('-')[0] ?? '') ?? null;
}
