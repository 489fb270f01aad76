import type { HostData } from './host-data.ts';
import type { Signals } from './signals.ts';
import { createTranslate } from './translate.ts';

/** The global `shopify` of an extension on the thank-you and order status pages, without `extend` and `setSignals`. */
export function checkoutApi(data: HostData, signals: Signals): Record<string, unknown> {
  const everyProcessing = {
    allowedProcessing: { analytics: true, marketing: true, preferences: true, saleOfData: true },
  };
  const api = signals.of({
    orderConfirmation: data.orderConfirmation,
    settings: {},
    lines: data.lines.map((line) => ({
      id: line.id,
      quantity: line.quantity,
      cost: { totalAmount: line.total },
      attributes: [],
      discountAllocations: [],
      lineComponents: [],
      parentRelationship: null,
      merchandise: {
        type: 'variant',
        id: line.id,
        title: line.title,
        subtitle: line.subtitle ?? undefined,
        selectedOptions: [],
        product: { id: line.productId, vendor: '', productType: '' },
        requiresShipping: true,
      },
    })),
    discountCodes: data.discountCodes,
    discountAllocations: [],
    appMetafields: [],
    attributes: [],
    appliedGiftCards: [],
    note: undefined,
    checkoutToken: data.orderConfirmation.number,
    instructions: {
      attributes: { canUpdateAttributes: false },
      delivery: { canSelectCustomAddress: false },
      discounts: { canUpdateDiscountCodes: false },
      lines: { canAddCartLine: false, canRemoveCartLine: false, canUpdateCartLine: false },
      metafields: { canSetCartMetafields: false, canDeleteCartMetafield: false },
      notes: { canUpdateNote: false },
    },
    customerPrivacy: { ...everyProcessing, visitorConsent: {}, metafields: [], shouldShowBanner: false },
    shippingAddress: data.countryCode === null ? undefined : { countryCode: data.countryCode },
  });
  return merge(
    {
      version: data.apiVersion,
      extensionPoint: data.target,
      extension: merge(
        { apiVersion: data.apiVersion, target: data.target, scriptUrl: data.scriptAddress, editor: undefined },
        signals.of({ capabilities: ['network_access'], rendered: true }),
      ),
      shop: data.shop,
      i18n: i18n(data),
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
        signals.of({ completed: true, steps: [], activeStep: { handle: 'thank-you' } }),
      ),
      cost: signals.of({
        subtotalAmount: data.cost.subtotal,
        totalShippingAmount: data.cost.shipping,
        totalTaxAmount: data.cost.tax,
        totalAmount: data.cost.total,
      }),
      analytics: { publish: async () => true, visitor: async () => ({ type: 'success' }) },
      toast: { show: (message: string) => console.info(message) },
      sessionToken: { get: () => fetchSessionToken(data.tokenAddress) },
      storage: storageOf(data.extensionHandle),
      query: async () => {
        throw new Error('shopify.query is not imitated by the local Shopify.');
      },
      applyTrackingConsentChange: async () => ({ type: 'success' }),
    },
    api,
  );
}

/** One object with the fields of both; a spread would read the signals before the extension brings its own class. */
function merge(plain: Record<string, unknown>, reactive: Record<string, object>): Record<string, unknown> {
  return Object.defineProperties(plain, Object.getOwnPropertyDescriptors(reactive));
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

interface InLocale {
  /** In the language that the extension speaks, where the buyer's is another. */
  inExtensionLocale?: boolean;
}

function i18n(data: HostData): Record<string, unknown> {
  const localeFor = (options: InLocale | undefined): string =>
    options?.inExtensionLocale === true ? data.texts.locale : data.locale;
  return {
    translate: createTranslate(data.texts),
    formatNumber: (value: number, options?: InLocale & Intl.NumberFormatOptions) =>
      new Intl.NumberFormat(localeFor(options), options).format(value),
    formatCurrency: (value: number, options?: InLocale & Intl.NumberFormatOptions) =>
      new Intl.NumberFormat(localeFor(options), { style: 'currency', currency: data.currency, ...options }).format(
        value,
      ),
    formatDate: (value: Date, options?: InLocale & Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(localeFor(options), { timeZone: data.timeZone, ...options }).format(value),
  };
}

async function fetchSessionToken(address: string): Promise<string> {
  const response = await fetch(address, { method: 'POST' });
  if (!response.ok) throw new Error(`No session token: the local Shopify answered ${response.status}.`);
  const body: unknown = await response.json();
  return typeof body === 'object' && body !== null && 'token' in body ? String(body.token) : '';
}

function storageOf(handle: string): Record<string, unknown> {
  const nameOf = (key: string): string => `extension ${handle} ${key}`;
  return {
    read: async (key: string): Promise<unknown> => JSON.parse(localStorage.getItem(nameOf(key)) ?? 'null'),
    write: async (key: string, value: unknown) => localStorage.setItem(nameOf(key), JSON.stringify(value)),
    delete: async (key: string) => localStorage.removeItem(nameOf(key)),
  };
}
