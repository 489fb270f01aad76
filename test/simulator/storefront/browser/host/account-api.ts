import { cartValues, costValues } from './cart-values.ts';
import type { HostData } from './host-data.ts';
import { withLate } from './signals.ts';
import type { Signals } from './signals.ts';
import { CUSTOMER_PRIVACY, merge, standardApi } from './standard-api.ts';

/** The global `shopify` in the customer account, without `extend` and `setSignals`. No zone is told on its own pages. */
export function accountApi(data: HostData, signals: Signals): Record<string, unknown> {
  const localization = {
    language: { isoCode: data.locale },
    extensionLanguage: { isoCode: data.texts.locale },
    country: data.countryCode === null ? undefined : { isoCode: data.countryCode },
  };
  const api = merge(
    {
      ...standardApi(data, signals),
      intents: { invoke: async () => ({ complete: Promise.resolve({ code: 'closed' }) }) },
      authenticatedAccount: signals.of({
        customer: data.customer ? { id: data.customer.id } : undefined,
        purchasingCompany: undefined,
      }),
      localization: signals.of(localization),
    },
    signals.of({ settings: {}, customerPrivacy: CUSTOMER_PRIVACY }),
  );
  const { order, cart } = data;
  if (!order || !cart) return api;
  return merge(
    Object.assign(api, {
      shop: data.shop,
      cost: signals.of(costValues(cart)),
      localization: signals.of({
        ...localization,
        currency: { isoCode: data.currency },
        timezone: data.timeZone,
        market: { id: 'gid://shopify/Market/1', handle: 'primary' },
      }),
      requireLogin: async () => void window.open(data.addresses.orders, '_top'),
    }),
    withLate(
      signals,
      {
        ...cartValues(cart),
        order: {
          id: `gid://shopify/Order/${order.id}`,
          name: order.name,
          confirmationNumber: order.number,
          processedAt: order.processedAt,
        },
        authenticationState: data.customer ? 'fully_authenticated' : 'pre_authenticated',
        appliedGiftCards: [],
        appMetafields: [],
        attributes: [],
        note: undefined,
        checkoutToken: order.number,
      },
      { name: 'order', isLate: data.isOrderLate },
    ),
  );
}

/** The global `navigation` of the customer account. */
export function accountNavigation(resolve: (address: string) => string): object {
  const entry = { key: 'only', url: location.href, getState: () => undefined };
  return {
    navigate: (address: string) => void window.open(resolve(address), '_top'),
    currentEntry: entry,
    updateCurrentEntry: () => {},
    addEventListener: () => {},
    removeEventListener: () => {},
  };
}
