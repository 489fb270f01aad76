import type { SimDiscountApplication, SimLineItem, SimMoneyBag, SimOrder, SimShop } from '../state.ts';
import { exchangeRate } from './exchange-rates.ts';
import { allocateMinor, moneyBag, onBothSides, sumBags, type MoneySide } from './money-arithmetic.ts';
import { lineNetMinor, orderTotal } from './order-totals.ts';
import type { CatalogueEntry } from './products.ts';
import type { Place } from './regions.ts';
import { isBlackFridaySeason, isGiftSeason } from './seasonality.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { ShopperPlan } from './shopper-plan.ts';

export interface Purchase {
  plan: ShopperPlan;
  place: Place;
  locale: string;
  customerId: number | null;
  email: string | null;
  isFirst: boolean;
  atMs: number;
}

export interface OrderContext {
  random: SeededRandom;
  shop: SimShop;
  catalogue: readonly CatalogueEntry[];
  startsAtMs: number;
  nextLineId: () => number;
}

type Choice = { entry: CatalogueEntry; weight: number };

const LINE_COUNTS = [
  { count: 1, weight: 52 },
  { count: 2, weight: 28 },
  { count: 3, weight: 13 },
  { count: 4, weight: 5 },
  { count: 6, weight: 2 },
] as const;

const QUANTITIES = [
  { quantity: 1, weight: 80 },
  { quantity: 2, weight: 14 },
  { quantity: 3, weight: 4 },
  { quantity: 6, weight: 2 },
] as const;

const SOURCES = [
  { sourceName: 'web', weight: 93 },
  { sourceName: 'shopify_draft_order', weight: 2 },
  // A sales channel that Shopify names by the id of its app.
  { sourceName: '2329312', weight: 4 },
  { sourceName: 'iphone', weight: 1 },
] as const;

function chooseEntries(
  { random, catalogue, startsAtMs }: OrderContext,
  { plan, atMs, isFirst }: Purchase,
): CatalogueEntry[] {
  const day = (atMs - startsAtMs) / 86_400_000;
  const choices: Choice[] = [];
  for (const entry of catalogue) {
    if (entry.launchDay > day) continue;
    const isNews = plan.cohort === 'launch' && entry.launchDay > 600;
    choices.push({ entry, weight: entry.weight * (entry.isGift && isGiftSeason(atMs) ? 3 : 1) * (isNews ? 6 : 1) });
  }
  const chosen = new Set<CatalogueEntry>();
  if (plan.staple !== null && (!isFirst || random.chance(0.8))) chosen.add(plan.staple);
  const { count } = random.weighted(LINE_COUNTS);
  const [first, ...others] = choices;
  while (first !== undefined && chosen.size < Math.min(count, choices.length))
    chosen.add(random.weighted([first, ...others]).entry);
  return [...chosen];
}

/** A code's effect on the goods: a share of them, or an amount in the shop's currency. */
type CodeEffect = { code: string; percent: number } | { code: string; amountUsDollarCents: number };

function chooseCode(random: SeededRandom, { plan, isFirst, atMs }: Purchase): CodeEffect | null {
  const year = String(new Date(atMs).getUTCFullYear()).slice(2);
  if (isBlackFridaySeason(atMs) && random.chance(plan.cohort === 'black-friday' && isFirst ? 0.85 : 0.4)) {
    return { code: `BFCM${year}`, percent: 30 };
  }
  if (plan.cohort === 'launch' && isFirst && random.chance(0.15)) return { code: 'FIRSTNIGHT', percent: 10 };
  if (isFirst && random.chance(0.13)) return { code: 'WELCOME10', percent: 10 };
  if (!isFirst && random.chance(0.04)) return { code: 'THANKS5', amountUsDollarCents: 500 };
  if (random.chance(0.002)) return { code: 'FREUNDE-100', percent: 100 };
  return null;
}

function addLine(
  context: OrderContext,
  entry: CatalogueEntry,
  toPresentment: (shopMinor: number) => SimMoneyBag,
): SimLineItem {
  const { random } = context;
  const variant = entry.product.variants[Math.floor(random.next() * entry.product.variants.length)];
  const { quantity } = random.weighted(QUANTITIES);
  return {
    id: context.nextLineId(),
    productId: entry.product.id,
    variantId: variant?.id ?? null,
    title: entry.product.title,
    variantTitle: variant?.title ?? null,
    sku: variant?.sku ?? null,
    quantity,
    currentQuantity: quantity,
    unitPrice: toPresentment(variant?.priceMinor ?? 0),
    discount: toPresentment(0),
    tax: toPresentment(0),
  };
}

function applyCode(
  lines: SimLineItem[],
  effect: CodeEffect,
  zero: SimMoneyBag,
  toBag: (shopMinor: number) => SimMoneyBag,
  unit: number,
): SimDiscountApplication {
  const goods = (side: MoneySide) => lines.map((line) => lineNetMinor(line, side));
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const amount = onBothSides((side) => {
    const goodsMinor = sum(goods(side));
    if ('percent' in effect) return Math.round((goodsMinor * effect.percent) / 100);
    return Math.min(goodsMinor, toBag(Math.round(effect.amountUsDollarCents * unit))[side].amountMinor);
  }, zero);
  const parts = {
    shop: allocateMinor(amount.shop.amountMinor, goods('shop')),
    presentment: allocateMinor(amount.presentment.amountMinor, goods('presentment')),
  };
  lines.forEach((line, index) => {
    line.discount = onBothSides((side) => parts[side][index] ?? 0, zero);
  });
  return { code: effect.code, discountId: null, amount };
}

/** Rounded half up to the minor unit, line by line, as Shopify does. */
export function taxMinor(amountMinor: number, rateBasisPoints: number, isIncluded: boolean): number {
  return Math.round((amountMinor * rateBasisPoints) / (10_000 + (isIncluded ? rateBasisPoints : 0)));
}

function chooseChannel({ random, shop }: OrderContext, { plan, customerId }: Purchase): string {
  const isHome = plan.region.currency === shop.currency;
  // A till asks nobody for a name, so guests are common there.
  if (isHome && random.chance(customerId === null ? 0.5 : 0.05)) return 'pos';
  return random.weighted(SOURCES).sourceName;
}

function shippingUsDollarCents(sourceName: string, isHome: boolean, goodsUsDollarCents: number): number {
  if (sourceName === 'pos') return 0;
  if (isHome) return goodsUsDollarCents >= 7_500 ? 0 : 695;
  return goodsUsDollarCents >= 15_000 ? 0 : 1_495;
}

/** An order as it leaves the checkout, paid in full. What becomes of it is decided in `order-life`. */
export function draftOrder(
  context: OrderContext,
  purchase: Purchase,
  identity: { id: number; name: string },
): SimOrder {
  const { random, shop } = context;
  const { region } = purchase.plan;
  const sourceName = chooseChannel(context, purchase);
  const isHome = region.currency === shop.currency;
  const presentmentCurrency = isHome || sourceName === 'pos' || random.chance(0.14) ? shop.currency : region.currency;
  const createdAt = new Date(purchase.atMs).toISOString();
  const rate = exchangeRate(shop.currency, presentmentCurrency, createdAt.slice(0, 7));
  const toBag = (shopMinor: number) =>
    moneyBag(shopMinor, shop.currency, Math.round(shopMinor * rate), presentmentCurrency);
  const unit = exchangeRate('USD', shop.currency, 'catalogue');
  const zero = toBag(0);

  const lines = chooseEntries(context, purchase).map((entry) => addLine(context, entry, toBag));
  const effect = sourceName === 'pos' ? null : chooseCode(random, purchase);
  const discounts = effect === null ? [] : [applyCode(lines, effect, zero, toBag, unit)];
  const taxesIncluded = shop.taxesIncluded || region.taxesIncluded;
  const taxBasisPoints = purchase.place.taxRateBasisPoints ?? region.taxRateBasisPoints;
  for (const line of lines) {
    line.tax = onBothSides((side) => taxMinor(lineNetMinor(line, side), taxBasisPoints, taxesIncluded), zero);
  }
  const goodsMinor = lines.reduce((sum, line) => sum + lineNetMinor(line, 'shop'), 0);
  const shipping = toBag(Math.round(shippingUsDollarCents(sourceName, isHome, goodsMinor / unit) * unit));
  const givesTip = region.countryCode === 'US' && random.chance(0.04);
  const { weight: _, taxRateBasisPoints: __, ...address } = purchase.place;
  const order: SimOrder = {
    ...identity,
    customerId: purchase.customerId,
    email: purchase.email,
    locale: purchase.locale,
    createdAt,
    processedAt: createdAt,
    updatedAt: createdAt,
    cancelledAt: null,
    cancelReason: null,
    deletedAt: null,
    test: false,
    financialStatus: 'PAID',
    sourceName,
    presentmentCurrency,
    taxesIncluded,
    lines,
    shipping,
    shippingTax: region.isShippingTaxed
      ? onBothSides((side) => taxMinor(shipping[side].amountMinor, taxBasisPoints, taxesIncluded), zero)
      : zero,
    tip: givesTip ? toBag(Math.round(random.between(1, 5) * 100 * unit)) : zero,
    received: zero,
    discounts,
    refunds: [],
    fulfillments: [],
    fulfillmentStatus: 'UNFULFILLED',
    billingAddress: sourceName === 'pos' ? null : address,
    shippingAddress: sourceName === 'pos' ? null : address,
    tags: [],
    edited: false,
  };
  order.received = sumBags([orderTotal(order)], zero);
  return order;
}

/** A further line of an edited order, at full price with its own tax. */
export function draftExtraLine(
  context: OrderContext,
  order: SimOrder,
  entry: CatalogueEntry,
  taxBasisPoints: number,
): SimLineItem {
  const zero = onBothSides(() => 0, order.received);
  const rate = exchangeRate(context.shop.currency, order.presentmentCurrency, order.createdAt.slice(0, 7));
  const line = addLine(context, entry, (shopMinor) =>
    onBothSides((side) => (side === 'shop' ? shopMinor : Math.round(shopMinor * rate)), zero),
  );
  line.tax = onBothSides((side) => taxMinor(lineNetMinor(line, side), taxBasisPoints, order.taxesIncluded), zero);
  return line;
}
