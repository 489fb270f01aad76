import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { findShopperLocale } from '#app/domain/texts/surfaces.ts';
import type { ShopperLocale, Surface } from '#app/domain/texts/surfaces.ts';
import type { Words } from '#app/domain/texts/surface-words.ts';

/** Whose words are meant: of one surface, in one language. */
export interface TextsPlace {
  readonly surface: Surface;
  readonly locale: ShopperLocale;
}

/** First in a transaction that changes texts: two who save at once are judged together. */
export async function lockShopForTexts(db: TenantDb, { shopId }: ShopRef): Promise<void> {
  await db.$queryRaw`SELECT 1 FROM shops WHERE shop_id = ${shopId} FOR NO KEY UPDATE`;
}

/** As Shopify names the language of the shop; null before the first pull has told it. */
export async function loadPrimaryLocale(db: TenantDb, { shopId }: ShopRef): Promise<string | null> {
  const { primaryLocale } = await db.shop.findUniqueOrThrow({ where: { shopId }, select: { primaryLocale: true } });
  return primaryLocale;
}

export async function loadTexts(db: TenantDb, { shopId }: ShopRef, { surface, locale }: TextsPlace): Promise<Words> {
  const rows = await db.shopperText.findMany({ where: { shopId, surface, locale }, select: { textKey: true, words: true } });
  return Object.fromEntries(rows.map(({ textKey, words }) => [textKey, words]));
}

/** Of all languages; one without any is left out. */
export async function loadTextsOfSurface(db: TenantDb, { shopId }: ShopRef, surface: Surface): Promise<Map<ShopperLocale, Words>> {
  const rows = await db.shopperText.findMany({ where: { shopId, surface }, select: { locale: true, textKey: true, words: true } });
  const texts = new Map<ShopperLocale, Words>();
  for (const { locale, textKey, words } of rows) {
    const known = findShopperLocale(locale);
    if (known !== null) texts.set(known, { ...texts.get(known), [textKey]: words });
  }
  return texts;
}

/** How many texts are the merchant's own, place by place; a place without any is left out. */
export async function countTexts(db: TenantDb, { shopId }: ShopRef): Promise<{ surface: string; locale: string; texts: number }[]> {
  const rows = await db.shopperText.groupBy({ by: ['surface', 'locale'], where: { shopId }, _count: { _all: true } });
  return rows.map(({ surface, locale, _count }) => ({ surface, locale, texts: _count._all }));
}

/** @param changed an empty one goes, and leaves the place to ours */
export async function putTexts(
  db: TenantDb,
  { shopId }: ShopRef,
  { surface, locale, changed, now }: TextsPlace & { changed: Words; now: Date },
): Promise<void> {
  await db.shopperText.deleteMany({ where: { shopId, surface, locale, textKey: { in: Object.keys(changed) } } });
  await db.shopperText.createMany({
    data: Object.entries(changed)
      .filter(([, words]) => words !== '')
      .map(([textKey, words]) => ({ shopId, surface, locale, textKey, words, updatedAt: now })),
  });
}

const shownSchema = z.tuple([z.object({ texts: z.record(z.string(), z.string()).nullable() })]);

/** For the answers to shoppers, in one row; the primary key finds them. Nothing for a place that nobody named. */
export async function loadShownTexts(connection: pg.PoolClient, { shopId }: ShopRef, place: TextsPlace | null): Promise<Record<string, string>> {
  if (place === null) return {};
  const { rows } = await connection.query({
    name: 'load-shown-texts',
    text: 'SELECT json_object_agg(text_key, words) AS texts FROM shopper_texts WHERE shop_id = $1 AND surface = $2 AND locale = $3',
    values: [shopId, place.surface, place.locale],
  });
  const [{ texts }] = shownSchema.parse(rows);
  return texts ?? {};
}
