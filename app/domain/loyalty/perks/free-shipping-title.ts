import { findShopperLocale } from '../../texts/surfaces.ts';
import type { ShopperLocale } from '../../texts/surfaces.ts';

/** As the loyalty page names it, which a test compares. The worker, which makes the discount, has no words of extensions. */
const TITLES: Readonly<Record<ShopperLocale, string>> = {
  en: 'Free shipping',
  'zh-CN': '免运费',
  'zh-TW': '免運費',
  ja: '送料無料',
  ko: '무료 배송',
  de: 'Kostenloser Versand',
  fr: 'Livraison offerte',
  es: 'Envío gratis',
  it: 'Spedizione gratuita',
  'pt-BR': 'Frete grátis',
  nl: 'Gratis verzending',
  ar: 'شحن مجاني',
  th: 'จัดส่งฟรี',
  id: 'Gratis ongkos kirim',
  vi: 'Miễn phí vận chuyển',
};

/** Buyers read it at checkout, where Shopify does not translate it: in the language of the shop. */
export function freeShippingTitle(primaryLocale: string | null): string {
  return TITLES[(primaryLocale === null ? null : findShopperLocale(primaryLocale)) ?? 'en'];
}
