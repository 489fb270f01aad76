import { recordDiscount } from '#app/adapters/db/offers/offer-codes.repository.server.ts';
import { failFreeCodes } from '#app/adapters/db/offers/pool-stock.repository.server.ts';
import { createCodeDiscount, findDiscountByCode } from '#app/adapters/shopify/discounts.server.ts';
import type { CodeDiscountFound } from '#app/adapters/shopify/discounts.server.ts';
import { CODE_CHOICES, offerCodeOfHash } from '#app/domain/offers/offer-code.ts';
import type { DiscountPlan } from '#app/domain/offers/plan-discount.ts';
import type { Result } from '#app/domain/result.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type DiscountContext = Pick<ShopContext, 'shop' | 'inShop' | 'admin' | 'sealedBox'>;

/** `over`: the merchant has ended it, and means it. `refused`: asked the same again, Shopify would say the same again. */
export type NoDiscount = { reason: 'over' } | { reason: 'refused'; codes: string[] };

/**
 * The discount of a plan in Shopify, made now if need be. It is known by its first code, which follows from the plan and is
 * given to nobody: whoever asks at once, or again after an answer that was lost, finds the same one. Throws the three errors
 * of the Admin API.
 *
 * @param knownGid what was on record; the codes made ahead of a discount that Shopify has no more are given to nobody
 */
export async function ensureDiscount(
  context: DiscountContext,
  plan: DiscountPlan,
  knownGid: string | null,
): Promise<Result<string, NoDiscount>> {
  // Those of before rules were made with the code of an order. They can go when the last of their codes has ended, a year on.
  if (plan.ruleId === null && knownGid !== null) return { ok: true, value: knownGid };
  for (const code of firstCodesOf(context, plan)) {
    const made = await findOrMake(context, { plan, knownGid }, code);
    if (!made.ok && made.reason === 'of-somebody-else') continue;
    if (!made.ok) {
      if (made.reason === 'over') await failFree(context, plan, 'over');
      return made;
    }
    // The merchant deleted the one that we knew.
    if (knownGid !== null && made.value !== knownGid) await failFree(context, plan, 'gone');
    await context.inShop((db) => recordDiscount(db, context.shop, plan.discountKey, made.value));
    return made;
  }
  return { ok: false, reason: 'refused', codes: ['TAKEN'] };
}

/** Those that a discount may be made with, in the order in which they are tried. */
export function firstCodesOf({ shop, sealedBox }: Pick<ShopContext, 'shop' | 'sealedBox'>, { discountKey }: Pick<DiscountPlan, 'discountKey'>): string[] {
  const hashOf = (choice: number) => sealedBox.keyedHash(shop.shopId, 'offer-discount', `${discountKey}:${choice}`);
  return Array.from({ length: CODE_CHOICES }, (_, choice) => offerCodeOfHash(hashOf(choice)));
}

interface Wanted {
  plan: DiscountPlan;
  knownGid: string | null;
}

async function findOrMake(
  { admin }: DiscountContext,
  wanted: Wanted,
  code: string,
): Promise<Result<string, NoDiscount | { reason: 'of-somebody-else' }>> {
  const found = await findDiscountByCode(admin, code);
  if (found !== null) return judgeFound(found, wanted);
  const sent = await createCodeDiscount(admin, wanted.plan, code);
  if (sent.ok) return { ok: true, value: sent.value.discountGid };
  if (sent.reason === 'refused') return { ok: false, reason: 'refused', codes: sent.codes };
  // Made by somebody since we looked.
  const rival = await findDiscountByCode(admin, code);
  return rival === null ? { ok: false, reason: 'of-somebody-else' } : judgeFound(rival, wanted);
}

/** The merchant may have given it another title. */
function judgeFound(found: CodeDiscountFound, { plan, knownGid }: Wanted): Result<string, NoDiscount | { reason: 'of-somebody-else' }> {
  if (found.title !== plan.title && found.discountGid !== knownGid) return { ok: false, reason: 'of-somebody-else' };
  return found.isOver ? { ok: false, reason: 'over' } : { ok: true, value: found.discountGid };
}

async function failFree({ shop, inShop }: DiscountContext, { discountKey }: DiscountPlan, error: string): Promise<void> {
  await inShop((db) => failFreeCodes(db, shop, discountKey, error));
}
