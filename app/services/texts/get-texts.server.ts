import { loadNewestProgram, loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { countTexts, loadPrimaryLocale, loadTexts } from '#app/adapters/db/texts.repository.server.ts';
import type { TextsPlace } from '#app/adapters/db/texts.repository.server.ts';
import { ourWords } from '#app/adapters/shopper-words.server.ts';
import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { requireCurrencyExponent } from '#app/domain/money/currency.ts';
import { findShopperLocale } from '#app/domain/texts/surfaces.ts';
import type { ShopperLocale, Surface } from '#app/domain/texts/surfaces.ts';
import type { Words } from '#app/domain/texts/surface-words.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface TextsOfShop extends TextsPlace {
  /** All our words there, and the same in the language of the admin. */
  ours: Words;
  labels: Words;
  saved: Words;
  written: { surface: string; locale: string; texts: number }[];
  /** What a preview is fed with; null while the shop's currency is not known. */
  shop: { program: Program; currency: string; timeZone: string; nowMs: number } | null;
}

type TextsContext = Pick<ShopContext, 'shop' | 'inShop' | 'now'>;

/** @param asked `locale` is null for the shop's own */
export async function getTexts(
  { shop, inShop, now }: TextsContext,
  asked: { surface: Surface; locale: ShopperLocale | null; adminLocale: ShopperLocale },
): Promise<TextsOfShop> {
  const { surface } = asked;
  return inShop(async (db) => {
    const locale = asked.locale ?? findShopperLocale((await loadPrimaryLocale(db, shop)) ?? 'en') ?? 'en';
    const { currency, timeZone } = await loadProgramShop(db, shop);
    const newest = await loadNewestProgram(db, shop);
    return {
      ...{ surface, locale },
      ours: ourWords(surface, locale),
      labels: ourWords(surface, asked.adminLocale),
      saved: await loadTexts(db, shop, { surface, locale }),
      written: await countTexts(db, shop),
      shop:
        currency === null || timeZone === null
          ? null
          : {
              program: newest?.program ?? defaultProgram({ currency, unitMinor: 10 ** requireCurrencyExponent(currency) }),
              ...{ currency, timeZone, nowMs: now().getTime() },
            },
    };
  });
}

/** What one surface says in one language: for a preview on a page about something else. */
export async function getSurfaceWords({ shop, inShop }: Pick<ShopContext, 'shop' | 'inShop'>, place: TextsPlace): Promise<TextsPlace & { ours: Words; own: Words }> {
  const own = await inShop((db) => loadTexts(db, shop, place));
  return { ...place, ours: ourWords(place.surface, place.locale), own };
}
