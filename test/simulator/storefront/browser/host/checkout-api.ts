import { cartValues, costValues } from './cart-values.ts';
import { changeDiscountCodes } from './discount-codes.ts';
import type { HostCart, HostData } from './host-data.ts';
import { change, withLate } from './signals.ts';
import type { Signals } from './signals.ts';
import { CUSTOMER_PRIVACY, merge, standardApi } from './standard-api.ts';

const NO_CART: HostCart = {
  discountCodes: [],
  lines: [],
  discountAllocations: [],
  cost: {
    subtotal: { amount: 0, currencyCode: 'XXX' },
    shipping: { amount: 0, currencyCode: 'XXX' },
    tax: { amount: 0, currencyCode: 'XXX' },
    total: { amount: 0, currencyCode: 'XXX' },
  },
};

/** The global `shopify` at checkout and on the thank-you page, without `extend` and `setSignals`. */
export function checkoutApi(data: HostData, signals: Signals): Record<string, unknown> {
  const cart = data.cart ?? NO_CART;
  const isCheckout = data.discountAddress !== null;
  const told = {
    ...cartValues(cart),
    ...(data.order ? { orderConfirmation: orderConfirmation(data) } : {}),
    settings: {},
    appMetafields: [],
    attributes: [],
    appliedGiftCards: [],
    note: undefined,
    checkoutToken: data.order?.number ?? 'checkout',
    instructions: {
      attributes: { canUpdateAttributes: false },
      delivery: { canSelectCustomAddress: false },
      discounts: { canUpdateDiscountCodes: isCheckout && data.canUpdateDiscountCodes },
      lines: { canAddCartLine: false, canRemoveCartLine: false, canUpdateCartLine: false },
      metafields: { canSetCartMetafields: false, canDeleteCartMetafield: false },
      notes: { canUpdateNote: false },
    },
    customerPrivacy: CUSTOMER_PRIVACY,
    shippingAddress: data.countryCode === null ? undefined : { countryCode: data.countryCode },
  };
  const values = withLate(signals, told, { name: 'orderConfirmation', isLate: data.order !== null && data.isOrderLate });
  const cost = signals.of(costValues(cart));
  const api = merge(
    {
      ...standardApi(data, signals),
      shop: data.shop,
      localization: signals.of({
        currency: { isoCode: data.currency },
        timezone: data.timeZone,
        language: { isoCode: data.locale },
        extensionLanguage: { isoCode: data.texts.locale },
        country: data.countryCode === null ? undefined : { isoCode: data.countryCode },
        market: { id: 'gid://shopify/Market/1', handle: 'primary' },
      }),
      buyerIdentity: signals.of({
        customer: customerOf(data),
        email: data.email ?? undefined,
        phone: undefined,
        purchasingCompany: undefined,
      }),
      buyerJourney: merge(
        { intercept: async () => () => {} },
        signals.of({ completed: !isCheckout, steps: [], activeStep: { handle: isCheckout ? 'checkout' : 'thank-you' } }),
      ),
      cost,
    },
    values,
  );
  if (data.discountAddress === null) return api;
  const { discountAddress } = data;
  return Object.assign(api, {
    applyDiscountCodeChange: (wish: unknown) =>
      changeDiscountCodes(discountAddress, wish, (changed) => {
        change(values, cartValues(changed));
        change(cost, costValues(changed));
      }),
  });
}

function orderConfirmation({ order }: HostData): Record<string, unknown> {
  return {
    order: { id: `gid://shopify/OrderIdentity/${order?.id}` },
    number: order?.number,
    isFirstOrder: order?.isFirstOrder,
  };
}

function customerOf(data: HostData): Record<string, unknown> | undefined {
  if (!data.customer) return undefined;
  const { email, firstName, lastName, ...rest } = data.customer;
  return {
    ...rest,
    email: email ?? undefined,
    firstName: firstName ?? undefined,
    lastName: lastName ?? undefined,
    fullName: [firstName, lastName].filter(Boolean).join(' '),
    acceptsMarketing: rest.acceptsEmailMarketing,
    acceptsSmsMarketing: false,
    storeCreditAccounts: [],
  };
}
