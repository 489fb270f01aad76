import type { SimShopState, Simulator } from '../simulator.ts';
import type { SimAutomaticDiscount, SimCodeDiscount, SimMoney } from '../state.ts';
import { automaticStatus } from '../admin-graphql/resolvers/automatic-discounts.ts';
import { isInSegment } from '../admin-graphql/resolvers/segment-resolvers.ts';
import { findDiscountRefusal } from './check-discount.ts';
import type { DiscountRefusal } from './check-discount.ts';
import { taxBasisPointsOf } from './countries.ts';
import { exchange } from './currencies.ts';
import { findCustomerByEmail, ordersOfPerson } from './place-order.ts';
import type { ChosenLine } from './place-order.ts';
import { priceCart } from './price-cart.ts';
import type { CartInput, PricedCart } from './price-cart.ts';
import type { Shopper } from './storefront-memory.ts';

/** Goods worth this much, in US dollars, travel free; others pay the fee. */
const FREE_SHIPPING_FROM: SimMoney = { amountMinor: 75_00, currency: 'USD' };
const SHIPPING_FEE: SimMoney = { amountMinor: 5_00, currency: 'USD' };

export interface PricedShopperCart {
  lines: ChosenLine[];
  priced: PricedCart;
  applied: { code: string; discount: SimCodeDiscount } | undefined;
  /** The free shipping that came without a code, where it took something off. */
  automatic: SimAutomaticDiscount | undefined;
  refusal: { code: string; refusal: DiscountRefusal } | undefined;
}

/** Prices what is in a shopper's cart, with their discount code when it applies and the reason when it does not. */
export function priceShopperCart(simulator: Simulator, shop: SimShopState, shopper: Shopper): PricedShopperCart {
  const lines = chosenLines(shop, shopper);
  const shopCurrency = shop.shop.currency;
  const goodsMinor = lines.reduce((sum, line) => sum + line.variant.priceMinor * line.quantity, 0);
  const isFree = goodsMinor === 0 || goodsMinor >= exchange(FREE_SHIPPING_FROM, shopCurrency).amountMinor;
  const input = {
    lines: lines.map(({ variant, quantity }) => ({
      unitPrice: { amountMinor: variant.priceMinor, currency: shopCurrency },
      quantity,
    })),
    shipping: isFree ? { amountMinor: 0, currency: shopCurrency } : exchange(SHIPPING_FEE, shopCurrency),
    currency: shopper.currency,
    taxBasisPoints: taxBasisPointsOf(shopper.countryCode),
    taxesIncluded: shop.shop.taxesIncluded,
  };
  const undiscounted = priceCart({ ...input, discount: undefined });
  const outcome = tryCode(simulator, shop, shopper, undiscounted.subtotal.presentment);
  const automatic = findAutomatic(simulator, shop, shopper);
  const freed = automatic === undefined ? undefined : { ...input, isShippingFree: true };
  if (!outcome?.applied) return { lines, priced: freed === undefined ? undiscounted : priceCart({ ...freed, discount: undefined }), applied: undefined, automatic, refusal: outcome?.refusal };
  const { discount } = outcome.applied;
  // One that agrees to no discount on shipping stands against it, and the buyer has what is better for them.
  const isTogether = freed !== undefined && discount.combinesWith.shippingDiscounts;
  const priced = priceWith(discount, lines, isTogether ? freed : input);
  const rival = freed === undefined || isTogether ? undefined : priceCart({ ...freed, discount: undefined });
  const isBeaten = rival !== undefined && rival.total.presentment.amountMinor < priced.total.presentment.amountMinor;
  return {
    lines,
    priced: isBeaten ? rival : priced,
    applied: isBeaten ? undefined : outcome.applied,
    automatic: isBeaten || isTogether ? automatic : undefined,
    refusal: outcome.refusal,
  };
}

/** Free shipping that a buyer has without a code, once it is known who they are. */
function findAutomatic(simulator: Simulator, shop: SimShopState, shopper: Shopper): SimAutomaticDiscount | undefined {
  const email = shopper.form.email?.trim() ?? '';
  const byEmail = email === '' ? undefined : findCustomerByEmail(shop, email);
  const buyer = shopper.signedInCustomerId === null ? byEmail : shop.customers.get(shopper.signedInCustomerId);
  if (!buyer) return undefined;
  return [...shop.automaticDiscounts.values()].find(
    (discount) =>
      automaticStatus(discount, simulator.now()) === 'ACTIVE' &&
      discount.segmentIds.some((id) => {
        const segment = shop.segments.get(id);
        return segment !== undefined && !segment.isDeleted && isInSegment(buyer, segment);
      }),
  );
}

function priceWith(discount: SimCodeDiscount, lines: readonly ChosenLine[], input: Omit<CartInput, 'discount'>): PricedCart {
  const { isFreeShipping = false, variantIds = [] } = discount;
  return priceCart({
    ...input,
    lines: input.lines.map((line, index) => ({
      ...line,
      isEntitled: variantIds.length === 0 || variantIds.includes(lines[index]?.variant.id ?? -1),
    })),
    isShippingFree: isFreeShipping || input.isShippingFree === true,
    discount,
  });
}

function tryCode(
  simulator: Simulator,
  shop: SimShopState,
  shopper: Shopper,
  subtotal: SimMoney,
): Pick<PricedShopperCart, 'applied' | 'refusal'> | undefined {
  const code = shopper.discountCode;
  if (code === null) return undefined;
  const found = shop.findCode(code);
  if (!found) return { applied: undefined, refusal: { code, refusal: { reason: 'not-found' } } };
  const { discount, codeId } = found;
  const email = shopper.form.email?.trim() ?? '';
  const customerId =
    shopper.signedInCustomerId ?? (email === '' ? undefined : findCustomerByEmail(shop, email)?.id ?? null);
  const orders = customerId === undefined ? [] : ordersOfPerson(shop, customerId, email === '' ? null : email);
  const refusal = findDiscountRefusal({
    discount,
    codeId,
    subtotal,
    customerId,
    hasUsedBefore: orders.some((order) => order.discounts.some((used) => used.discountId === discount.id)),
    now: simulator.now(),
  });
  return refusal
    ? { applied: undefined, refusal: { code, refusal } }
    : { applied: { code, discount }, refusal: undefined };
}

function chosenLines(shop: SimShopState, shopper: Shopper): ChosenLine[] {
  const wanted = new Set(shopper.cart.keys());
  const lines: ChosenLine[] = [];
  for (const product of shop.products.values()) {
    for (const variant of product.variants) {
      const quantity = wanted.has(variant.id) ? shopper.cart.get(variant.id) ?? 0 : 0;
      if (quantity > 0) lines.push({ product, variant, quantity });
    }
  }
  return lines;
}
