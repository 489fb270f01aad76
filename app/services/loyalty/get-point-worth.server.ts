import { findPointWorth } from '#app/domain/loyalty/members/liability.ts';
import type { PointWorth } from '#app/domain/loyalty/members/liability.ts';
import { loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What a point costs, by the program that holds now. */
export async function getPointWorth(context: Pick<ShopContext, 'shop' | 'inShop'>): Promise<{ worth: PointWorth | null; currency: string; hasProgram: boolean }> {
  const terms = await context.inShop((db) => loadProgramTerms(db, context));
  if (terms === null) return { worth: null, currency: '', hasProgram: false };
  return { worth: findPointWorth(terms.newest.program.rewards, terms.currency), currency: terms.currency, hasProgram: true };
}
