import { z } from 'zod';

import { loadOfferShop, lockShopForOffers, putOfferSettings } from '#app/adapters/db/offers/offer-settings.repository.server.ts';
import { findOfferProblems } from '#app/domain/offers/find-offer-problems.ts';
import type { OfferProblems } from '#app/domain/offers/find-offer-problems.ts';
import { OFFER_ORDERS } from '#app/domain/offers/offer-rule.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';
import { isProvince } from '#app/domain/offers/province-codes.ts';
import type { Result } from '#app/domain/result.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const whole = z.number().int();
/** Ids of segments, tiers and products; words of ours or of Shopify, and UUIDs. */
const ids = z.array(z.string().min(1).max(64));

const ruleSchema = z.strictObject({
  ruleId: z.uuid(),
  name: z.string(),
  isEnabled: z.boolean(),
  conditions: z.strictObject({
    orders: z.enum(OFFER_ORDERS),
    segments: ids,
    tiers: ids,
    countries: z.array(z.string().regex(/^[A-Z]{2}$/).or(z.string().refine(isProvince))),
    products: z.array(z.string().regex(/^\d{1,20}$/)),
    leastSubtotalMinor: whole.nullable(),
    mostSubtotalMinor: whole.nullable(),
  }),
  grant: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('percent'), basisPoints: whole }),
    z.strictObject({ kind: z.literal('amount'), amountMinor: whole }),
    z.strictObject({ kind: z.literal('free-shipping') }),
    z.strictObject({ kind: z.literal('store-credit'), amountMinor: whole }),
  ]),
  minimumSubtotalMinor: whole,
  validity: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('days'), days: whole }),
    z.strictObject({ kind: z.literal('hours'), hours: whole }),
  ]),
});

const offerSettingsSchema = z.strictObject({
  isEnabled: z.boolean(),
  holdoutBasisPoints: whole,
  mostOpenCodes: whole,
  mostDepthBasisPoints: whole,
  grossMarginBasisPoints: whole.nullable(),
  rules: z.array(ruleSchema).refine((rules) => new Set(rules.map(({ ruleId }) => ruleId)).size === rules.length),
});

export type OfferSettingsRefusal =
  /** Not of the shape of settings: no page of ours sends it. */
  { reason: 'unreadable' } | { reason: 'wrong-fields'; problems: OfferProblems };

type SettingsContext = Pick<ShopContext, 'shop' | 'inShop' | 'now'>;

/** Replaces settings and rules. What was given before keeps its own terms. */
export async function saveOfferSettings({ shop, inShop, now }: SettingsContext, input: unknown): Promise<Result<OfferSettings, OfferSettingsRefusal>> {
  const parsed = offerSettingsSchema.safeParse(input);
  if (!parsed.success) return { ok: false, reason: 'unreadable' };
  return inShop(async (db) => {
    await lockShopForOffers(db, shop);
    const { currency } = await loadOfferShop(db, shop);
    const problems = findOfferProblems(parsed.data, currency);
    if (Object.keys(problems).length > 0) return { ok: false, reason: 'wrong-fields', problems };
    await putOfferSettings(db, shop, { settings: parsed.data, currency, now: now() });
    return { ok: true, value: parsed.data };
  });
}
