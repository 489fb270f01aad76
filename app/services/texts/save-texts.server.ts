import { z } from 'zod';

import { loadTexts, lockShopForTexts, putTexts } from '#app/adapters/db/texts.repository.server.ts';
import { ourWords } from '#app/adapters/shopper-words.server.ts';
import type { Result } from '#app/domain/result.ts';
import { judgeTexts, tidyText } from '#app/domain/texts/judge-texts.ts';
import type { TextProblems } from '#app/domain/texts/judge-texts.ts';
import { SHOPPER_LOCALES, SURFACES } from '#app/domain/texts/surfaces.ts';
import { replaceableWords } from '#app/domain/texts/surface-words.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** More than any surface has, and longer than any text may be: what goes beyond was sent by no page of ours. */
const MOST_CHANGES = 1000;
const MOST_CHARACTERS = 20_000;

const inputSchema = z.strictObject({
  surface: z.enum(SURFACES),
  locale: z.enum(SHOPPER_LOCALES),
  /** Key to text; an empty one is ours again. */
  changed: z.record(z.string().max(100), z.string().max(MOST_CHARACTERS)).refine((changed) => Object.keys(changed).length <= MOST_CHANGES),
});

export type TextsRefusal = { reason: 'unreadable' } | { reason: 'wrong-texts'; problems: TextProblems };

/** Changes the merchant's own texts of one surface in one language: all of them or, where one is wrong, none. */
export async function saveTexts(
  { shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>,
  input: unknown,
): Promise<Result<null, TextsRefusal>> {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { ok: false, reason: 'unreadable' };
  const { surface, locale } = parsed.data;
  const ours = replaceableWords(surface, ourWords(surface, locale));
  const changed = Object.fromEntries(Object.entries(parsed.data.changed).map(([key, text]) => [key, tidyText(text)]));
  return inShop(async (db) => {
    await lockShopForTexts(db, shop);
    const saved = await loadTexts(db, shop, { surface, locale });
    // Of a key that our words have had and have no more, nobody asks, and it is in nobody's way.
    const known = Object.fromEntries(Object.entries(saved).filter(([key]) => Object.hasOwn(ours, key)));
    const problems = judgeTexts({ ...known, ...changed }, ours);
    if (Object.keys(problems).length > 0) return { ok: false, reason: 'wrong-texts', problems };
    await putTexts(db, shop, { surface, locale, changed, now: now() });
    // The worker's upkeep takes them to Shopify, within a second.
    if (surface === 'storefront') await db.shop.update({ where: { shopId: shop.shopId }, data: { upkeepDueAt: now() } });
    return { ok: true, value: null };
  });
}
