import { randomUUID } from 'node:crypto';

import type { SimShopState } from '../simulator.ts';
import type { SimAddress, SimOrder } from '../state.ts';
import type { CheckoutTokenMode } from './checkout-token.ts';
import { likelyCountry } from './countries.ts';

/** One browser in one shop. */
export interface Shopper {
  id: string;
  /** Quantity by variant id. */
  cart: Map<number, number>;
  discountCode: string | null;
  signedInCustomerId: number | null;
  locale: string;
  currency: string;
  countryCode: string;
  /** What was typed into the checkout, to be shown again. */
  form: Record<string, string>;
}

/** What tests and demos may change about a storefront while it runs. */
export interface StorefrontSettings {
  /** How long after the thank-you page an order appears in the Admin API and its webhooks are sent. */
  orderDelayMs: number;
  checkoutToken: CheckoutTokenMode;
  /** What `instructions` tells an extension at checkout. */
  canUpdateDiscountCodes: boolean;
  /** A wallet holds the checkout: the instructions say nothing of it, and changes fail. */
  isPaidByWallet: boolean;
  /** Shopify has approved the app for customers' data; without that no extension and no token says who it is. */
  isDataApproved: boolean;
  /** A page of a placed order is drawn before it tells extensions which order that is. */
  isOrderLate: boolean;
}

/** What a storefront knows until the local Shopify stops: carts, and orders that have not appeared yet. */
export class StorefrontMemory {
  readonly settings: StorefrontSettings = {
    orderDelayMs: 0,
    checkoutToken: 'valid',
    canUpdateDiscountCodes: true,
    isPaidByWallet: false,
    isDataApproved: true,
    isOrderLate: false,
  };
  readonly pendingOrders = new Map<number, SimOrder>();
  readonly #shoppers = new Map<string, Shopper>();
  readonly shop: SimShopState;

  constructor(shop: SimShopState) {
    this.shop = shop;
  }

  shopper(id: string | undefined): Shopper {
    const known = id === undefined ? undefined : this.#shoppers.get(id);
    if (known) return known;
    const { primaryLocale, currency } = this.shop.shop;
    const shopper: Shopper = {
      id: randomUUID(),
      cart: new Map(),
      discountCode: null,
      signedInCustomerId: null,
      locale: primaryLocale,
      currency,
      countryCode: likelyCountry(primaryLocale),
      form: {},
    };
    this.#shoppers.set(shopper.id, shopper);
    return shopper;
  }

  order(id: number): SimOrder | undefined {
    return this.shop.orders.get(id) ?? this.pendingOrders.get(id);
  }
}

/** What the buyer tells at checkout. */
export interface Buyer {
  email: string;
  firstName: string | null;
  lastName: string | null;
  address: SimAddress;
  locale: string;
  currency: string;
  acceptsMarketing: boolean;
  /** Leaves the order without a customer, which no checkout of a real shop does. */
  staysGuest: boolean;
}
