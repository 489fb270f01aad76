import { loadNewestProgram } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { loadOfferSettings, loadOfferShop } from '#app/adapters/db/offers/offer-settings.repository.server.ts';
import { loadSavedSegments } from '#app/adapters/db/segments.repository.server.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface OffersPageData {
  settings: OfferSettings;
  /** Null until the first sync has read the shop. */
  currency: string | null;
  timeZone: string;
  nowMs: number;
  /** The merchant's own, beside those that are ready-made. */
  segments: { id: string; name: string }[];
  /** From the lowest; none where the loyalty program has none. */
  tiers: { id: string; name: string }[];
}

/** The offers of a shop, and what their rules can ask for. */
export async function getOffersPage({ shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>): Promise<OffersPageData> {
  return inShop(async (db) => {
    const { currency, timeZone } = await loadOfferShop(db, shop);
    const settings = await loadOfferSettings(db, shop, { currency });
    const saved = await loadSavedSegments(db, shop);
    const program = await loadNewestProgram(db, shop);
    return {
      ...{ settings, currency, timeZone, nowMs: now().getTime() },
      segments: saved.map(({ segmentId, name }) => ({ id: segmentId, name })),
      tiers: (program?.program.tiers?.levels ?? []).map(({ id, name }) => ({ id, name })),
    };
  });
}
