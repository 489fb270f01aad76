import { z } from 'zod';

import { parseRecord } from '#app/adapters/shopify/record-schemas.ts';

/** What we keep of a shop. */
export interface ShopRecord {
  name: string;
  currency: string;
  ianaTimeZone: string;
  primaryLocale: string | null;
  planName: string | null;
  customerAccounts: string | null;
  /** Where the shop's customer accounts are. */
  customerAccountsUrl: string | null;
  scopes: string[];
}

const shopSchema = z
  .object({
    shop: z.object({
      name: z.string(),
      currencyCode: z.string(),
      ianaTimezone: z.string(),
      // No figure depends on these two, so an answer without them is good enough.
      plan: z.object({ publicDisplayName: z.string() }).nullable().catch(null),
      customerAccountsV2: z.object({ customerAccountsVersion: z.string(), url: z.url().nullish() }).nullable().catch(null),
    }),
    shopLocales: z.array(z.object({ locale: z.string(), primary: z.boolean() })),
    currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
  })
  .transform(
    ({ shop, shopLocales, currentAppInstallation }): ShopRecord => ({
      name: shop.name,
      currency: shop.currencyCode,
      ianaTimeZone: shop.ianaTimezone,
      primaryLocale: shopLocales.find(({ primary }) => primary)?.locale ?? null,
      planName: shop.plan?.publicDisplayName ?? null,
      customerAccounts: shop.customerAccountsV2?.customerAccountsVersion ?? null,
      customerAccountsUrl: shop.customerAccountsV2?.url ?? null,
      scopes: currentAppInstallation.accessScopes.map(({ handle }) => handle),
    }),
  );

/** Reads a `ShopFacts` answer. Throws ShopifyRecordError. */
export function parseShop(input: unknown): ShopRecord {
  return parseRecord(shopSchema, input);
}
