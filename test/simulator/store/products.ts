import type { Currency, SimCollection, SimProduct } from '../state.ts';
import { exchangeRate } from './exchange-rates.ts';
import { minorUnitExponent } from './money-arithmetic.ts';
import { hashText } from './seeded-random.ts';

export interface CatalogueEntry {
  product: SimProduct;
  weight: number;
  /** Days that one unit lasts; null for what is bought once. */
  rhythmDays: number | null;
  /** Sells three times as well in November and December. */
  isGift: boolean;
  /** Day of the store's three years on which it goes on sale. */
  launchDay: number;
}

/** Day of the launch whose buyers come back more often than others. */
export const LAUNCH_DAY = 640;

type Row = [
  title: string,
  productType: string,
  usDollarCents: number,
  /** Title and surcharge in percent: `250 g:0|1 kg:240`. */
  variants: string,
  weight: number,
  rhythmDays: number | null,
  kind: 'gift' | 'everyday',
  launchDay: number,
];

const ROWS: readonly Row[] = [
  ['Highland Oolong Tea', 'Tea', 1400, '50 g:0|100 g:80|250 g:300', 11, 35, 'everyday', 0],
  ['玄米茶 Genmaicha', 'Tea', 1250, '100 g:0|300 g:160', 7, 40, 'everyday', 0],
  ['西湖龙井 明前绿茶', 'Tea', 3200, '50 克:0|礼盒 150 克:190', 5, 60, 'gift', 0],
  ['유자차 Yuja-cha', 'Tea', 1600, '480 g:0', 5, 45, 'everyday', 120],
  [
    'Morning Ritual Coffee Beans',
    'Coffee', 1700, '250 g / Whole bean:0|250 g / Espresso:0|1 kg / Whole bean:230', 12, 28, 'everyday', 0,
  ],
  ['قهوة عربية بالهيل', 'Coffee', 1900, '250 g:0|500 g:85', 5, 35, 'everyday', 60],
  ['Decaf Evening Blend', 'Coffee', 1750, '250 g:0|1 kg:230', 5, 32, 'everyday', 200],
  ['Rosehip Repair Serum', 'Skincare', 3800, '30 ml:0|50 ml:45', 9, 55, 'everyday', 0],
  ['Oat Milk Cleanser', 'Skincare', 2100, '150 ml:0|Refill 500 ml:120', 8, 50, 'everyday', 0],
  ['Sea Buckthorn Night Balm', 'Skincare', 4600, '50 ml:0', 16, 45, 'everyday', LAUNCH_DAY],
  ['Mineral Sunscreen SPF 50', 'Skincare', 2600, '50 ml:0|100 ml:70', 6, 40, 'everyday', 0],
  ['Unscented Hand Soap', 'Home care', 950, '300 ml:0|Refill 1 l:130', 9, 38, 'everyday', 0],
  ['Dishwasher Tablets, Plastic-Free', 'Home care', 1450, '30:0|90:150', 7, 30, 'everyday', 150],
  ['Beeswax Pillar Candle', 'Candles', 1800, 'Small:0|Medium:50|Large:120', 6, 70, 'gift', 0],
  ['Cedar & Smoke Candle', 'Candles', 3400, '220 g:0', 6, 65, 'gift', 90],
  ['Stoneware Mug', 'Kitchen', 2400, 'Moss:0|Sand:0|Ink:0|Chalk:0', 8, null, 'gift', 0],
  ['Cast-Iron Teapot 0.8 l', 'Kitchen', 7900, 'Black:0|Green:0', 4, null, 'gift', 0],
  ['Olive Wood Spoon Set', 'Kitchen', 2900, 'Set of 3:0|Set of 5:55', 4, null, 'gift', 0],
  ['Linen Tea Towel', 'Textiles', 1600, 'Natural:0|Stripe:0|Check:0', 6, null, 'everyday', 0],
  [
    'Organic Cotton Throw, Double Weave, Stonewashed, with Hand-Knotted Fringe (130 × 170 cm), Made in Portugal',
    'Textiles', 11900, 'Oat:0|Forest:0|Rust:0', 3, null, 'gift', 0,
  ],
  ['Wool Slippers', 'Textiles', 6400, '36–38:0|39–41:0|42–44:0|45–47:0', 4, null, 'gift', 0],
  ['Garden Journal', 'Paper', 2200, 'Dotted:0|Ruled:0', 4, null, 'gift', 0],
  ['Seed Box “Four Seasons”', 'Garden', 2700, 'Vegetables:0|Herbs:0|Flowers:0', 5, null, 'everyday', 0],
  ['Advent Tea Calendar', 'Gift sets', 4900, 'One size:0', 5, null, 'gift', 30],
  ['Evergreen Starter Set', 'Gift sets', 5900, 'Tea:0|Coffee:0|Skin:15', 5, null, 'gift', 0],
  ['Sample Sachet', 'Gift sets', 0, 'Assorted:0', 2, null, 'everyday', 400],
];

/** A price as a shop would set it: whole tens of yen, fifty cents. */
function shopPriceMinor(usDollarCents: number, currency: Currency): number {
  const exact = usDollarCents * exchangeRate('USD', currency, 'catalogue');
  const step = { 0: 10, 2: 50, 3: 250 }[minorUnitExponent(currency)] ?? 1;
  return usDollarCents === 0 ? 0 : Math.max(step, Math.round(exact / step) * step);
}

function handleOf(title: string, index: number): string {
  const slug = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').slice(0, 60);
  return slug === '' ? `product-${index}` : slug;
}

/** Each kind of product is a collection, as most stores have them. */
function collectionOf(productType: string): SimCollection {
  const types = [...new Set(ROWS.map(([, type]) => type))];
  return { id: 310_000_000_000 + types.indexOf(productType) * 32_768, title: `All ${productType.toLowerCase()}` };
}

/** The whole catalogue, priced in the shop's currency; ids do not depend on the seed. */
export function buildCatalogue(input: { currency: Currency; vendor: string; startsAtMs: number }): CatalogueEntry[] {
  return ROWS.map(([title, productType, cents, variantText, weight, rhythmDays, kind, launchDay], index) => {
    const product: SimProduct = {
      id: 8_200_000_000_000 + index * 32_768,
      title,
      handle: handleOf(title, index),
      productType,
      vendor: input.vendor,
      collections: [collectionOf(productType)],
      createdAt: new Date(input.startsAtMs + (launchDay - 7) * 86_400_000).toISOString(),
      variants: variantText.split('|').map((text, variantIndex) => {
        const cut = text.lastIndexOf(':');
        const surcharge = Number(text.slice(cut + 1));
        return {
          id: 45_100_000_000_000 + (index * 16 + variantIndex) * 32_768,
          title: text.slice(0, cut),
          sku: `EG-${(hashText(title) % 9000) + 1000}-${variantIndex + 1}`,
          priceMinor: shopPriceMinor(cents + Math.round((cents * surcharge) / 100), input.currency),
        };
      }),
    };
    return { product, weight, rhythmDays, isGift: kind === 'gift', launchDay };
  });
}
