import type { EstimateRequest } from '#app/contracts/earn-estimate.ts';
import { cartValues, costValues } from '#test/simulator/storefront/browser/host/cart-values.ts';
import { hostCartOf } from '#test/simulator/storefront/host-data-of.ts';
import { placeOrder } from '#test/simulator/storefront/place-order.ts';
import { priceShopperCart } from '#test/simulator/storefront/shopper-cart.ts';
import { StorefrontMemory } from '#test/simulator/storefront/storefront-memory.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import type { Simulator } from '#test/simulator/simulator.ts';
import type { SimOrder } from '#test/simulator/state.ts';
import { estimateRequestOf } from '../../../extensions/perennial-checkout/src/estimate-request.ts';
import type { ToldCheckout } from '../../../extensions/perennial-checkout/src/estimate-request.ts';

export interface CheckoutPlan {
  /** Null for a guest. */
  customerId: number | null;
  /** Quantity by variant id. */
  cart: Record<number, number>;
  currency?: string;
  countryCode?: string;
  code?: string;
}

export interface StoreCheckout {
  /** What the block would ask, of what the local Shopify tells it. */
  readonly request: EstimateRequest;
  /** Pays for the very same. */
  pay(): SimOrder;
}

/** A filled cart at the checkout of a local Shopify's store. */
export function checkOut(simulator: Simulator, store: ShopStore, { customerId, cart, currency = store.shop.currency, countryCode = 'DE', code }: CheckoutPlan): StoreCheckout {
  const memory = new StorefrontMemory(store);
  const shopper = memory.shopper(undefined);
  const email = (customerId === null ? null : store.customers.get(customerId)?.email) ?? 'guest@example.com';
  Object.assign(shopper, { currency, countryCode, discountCode: code ?? null, signedInCustomerId: customerId, form: { email } });
  for (const [variantId, quantity] of Object.entries(cart)) shopper.cart.set(Number(variantId), quantity);
  const priced = priceShopperCart(simulator, store, shopper);
  if (priced.refusal !== undefined) throw new Error(`the code is refused: ${priced.refusal.refusal.reason}`);
  const host = hostCartOf(store, priced);
  // As Shopify's worker has them: `cart-values` writes them in its form, which the extension's types describe.
  const { lines, discountAllocations } = cartValues(host) as unknown as Pick<ToldCheckout, 'lines' | 'discountAllocations'>;
  const { subtotalAmount, totalShippingAmount, totalTaxAmount, totalAmount } = costValues(host) as Record<string, ToldCheckout['total']>;
  const told = { lines, discountAllocations, subtotal: subtotalAmount, shipping: totalShippingAmount, tax: totalTaxAmount, total: totalAmount };
  const request = estimateRequestOf(told as ToldCheckout);
  if (request === null) throw new Error('the cart is empty');
  const address = { countryCode, provinceCode: null, city: null, zip: null };
  const buyer = { email, firstName: null, lastName: null, address, locale: 'en', currency, acceptsMarketing: false, staysGuest: customerId === null };
  return { request, pay: () => placeOrder(memory, { buyer, lines: priced.lines, priced: priced.priced, applied: priced.applied, automatic: priced.automatic, now: simulator.now() }) };
}
