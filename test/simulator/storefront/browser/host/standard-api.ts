import type { HostData } from './host-data.ts';
import type { Signals } from './signals.ts';
import { createTranslate } from './translate.ts';

/** What the global `shopify` of every surface has, but for what is reactive there. */
export function standardApi(data: HostData, signals: Signals): Record<string, unknown> {
  return {
    version: data.apiVersion,
    extensionPoint: data.target,
    extension: merge(
      {
        apiVersion: data.apiVersion,
        target: data.target,
        scriptUrl: data.scriptAddress,
        editor: data.isInEditor ? { type: 'checkout' } : undefined,
      },
      signals.of({ capabilities: ['network_access'], rendered: true }),
    ),
    i18n: i18n(data),
    analytics: { publish: async () => true, visitor: async () => ({ type: 'success' }) },
    toast: { show: async (message: string) => console.info(message) },
    sessionToken: { get: () => fetchSessionToken(data.tokenAddress) },
    storage: storageOf(data.extensionHandle),
    query: async () => {
      throw new Error('shopify.query is not imitated by the local Shopify.');
    },
    applyTrackingConsentChange: async () => ({ type: 'success' }),
  };
}

/** One object with the fields of both; a spread would read the signals before the extension brings its own class. */
export function merge(plain: Record<string, unknown>, reactive: Record<string, object>): Record<string, unknown> {
  return Object.defineProperties(plain, Object.getOwnPropertyDescriptors(reactive));
}

export const CUSTOMER_PRIVACY = {
  allowedProcessing: { analytics: true, marketing: true, preferences: true, saleOfData: true },
  visitorConsent: {},
  metafields: [],
  shouldShowBanner: false,
  saleOfDataRegion: false,
};

interface InLocale {
  /** In the language that the extension speaks, where the buyer's is another. */
  inExtensionLocale?: boolean;
}

export function i18n(data: HostData): Record<string, unknown> {
  const localeFor = (options: InLocale | undefined): string =>
    options?.inExtensionLocale === true ? data.texts.locale : data.locale;
  return {
    translate: createTranslate(data.texts),
    formatNumber: (value: number, options?: InLocale & Intl.NumberFormatOptions) =>
      new Intl.NumberFormat(localeFor(options), options).format(value),
    formatCurrency: (value: number, options?: InLocale & Intl.NumberFormatOptions) =>
      new Intl.NumberFormat(localeFor(options), { style: 'currency', currency: data.currency, ...options }).format(value),
    formatDate: (value: Date, options?: InLocale & Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(localeFor(options), { timeZone: data.timeZone, ...options }).format(value),
  };
}

export async function fetchSessionToken(address: string): Promise<string> {
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
