import type { SimShop } from '../state.ts';

/** Currencies whose prices name the tax inside, as the law of their home asks. */
const TAX_INCLUSIVE = new Set(['EUR', 'GBP', 'JPY', 'KRW', 'CNY', 'AUD', 'ILS', 'SAR', 'AED', 'MXN', 'SGD', 'TWD']);

/** The demo shop, with what the caller knows better. */
export function describeShop(overrides: Partial<SimShop>, createdAt: string): SimShop {
  const currency = overrides.currency ?? 'USD';
  return {
    id: 61_234_567_890,
    domain: 'perennial-demo.myshopify.com',
    name: 'Evergreen Goods',
    email: 'owner@evergreen-goods.example',
    currency,
    ianaTimezone: 'America/New_York',
    primaryLocale: 'en',
    locales: ['en', 'fr', 'de', 'ja', 'zh-CN', 'ar'],
    planName: 'Shopify',
    customerAccounts: 'NEW_CUSTOMER_ACCOUNTS',
    taxesIncluded: TAX_INCLUSIVE.has(currency),
    createdAt,
    ...overrides,
  };
}
