import { z } from 'zod';

import { loadOfferSettings, loadOfferShop, putOfferSettings } from '#app/adapters/db/offers.repository.server.ts';
import { OFFER_AUDIENCES, OFFER_LIMITS } from '#app/domain/offers/offer-settings.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';
import type { Result } from '#app/domain/result.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const { percentBasisPoints, validDays, minimumSubtotalMinor, holdoutBasisPoints } = OFFER_LIMITS;

const offerSettingsSchema = z.strictObject({
  isEnabled: z.boolean(),
  percentBasisPoints: z.number().int().min(percentBasisPoints.least).max(percentBasisPoints.most),
  validDays: z.number().int().min(validDays.least).max(validDays.most),
  minimumSubtotalMinor: z.number().int().min(minimumSubtotalMinor.least).max(minimumSubtotalMinor.most),
  audience: z.enum(OFFER_AUDIENCES),
  holdoutBasisPoints: z.number().int().min(holdoutBasisPoints.least).max(holdoutBasisPoints.most),
});

export type OfferSettingsRefusal = { reason: 'invalid'; fields: (keyof OfferSettings)[] };

type SettingsContext = Pick<ShopContext, 'shop' | 'inShop' | 'now'>;

/** Replaces all settings. Codes that were promised before keep their own terms. */
export async function saveOfferSettings(
  { shop, inShop, now }: SettingsContext,
  input: unknown,
): Promise<Result<OfferSettings, OfferSettingsRefusal>> {
  const parsed = offerSettingsSchema.safeParse(input);
  if (!parsed.success) {
    const named = new Set(parsed.error.issues.map((issue) => issue.path[0]));
    const fields = offerSettingsSchema.keyof().options.filter((field) => named.has(field));
    return { ok: false, reason: 'invalid', fields };
  }
  await inShop(async (db) => {
    const { currency } = await loadOfferShop(db, shop);
    await putOfferSettings(db, shop, { settings: parsed.data, currency, now: now() });
  });
  return { ok: true, value: parsed.data };
}

/** The settings and what a form needs beside them. `currency` is null until the first sync has read the shop. */
export async function getOfferSettings({
  shop,
  inShop,
}: Pick<ShopContext, 'shop' | 'inShop'>): Promise<{ settings: OfferSettings; currency: string | null; timeZone: string }> {
  return inShop(async (db) => {
    const { currency, timeZone } = await loadOfferShop(db, shop);
    const settings = await loadOfferSettings(db, shop, { currency });
    return { settings, currency, timeZone };
  });
}
