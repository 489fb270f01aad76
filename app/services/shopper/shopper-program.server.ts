import type pg from 'pg';

import { loadVersionsUpTo } from '#app/adapters/db/loyalty/program-versions.server.ts';
import type { ShopperShop } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import { programShown } from '#app/domain/shopper/program-shown.ts';
import type { ProgramShown } from '#app/domain/shopper/program-shown.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** A program that shoppers are shown. */
export interface ShownProgram {
  readonly terms: ProgramTerms;
  readonly shown: ProgramShown;
  readonly nowMs: number;
}

/** Null where there is none to show: not installed, no program, or one that is off or over. */
export async function loadShownProgram(
  connection: pg.PoolClient,
  { shop, now }: Pick<ShopContext, 'shop' | 'now'>,
  { isInstalled, newest, currency, timeZone }: ShopperShop,
): Promise<ShownProgram | null> {
  if (!isInstalled || newest === null || currency === null || timeZone === null) return null;
  const versions = await loadVersionsUpTo(connection, shop, newest);
  const last = versions.at(-1);
  if (last === undefined) return null;
  const nowMs = now().getTime();
  const shown = programShown(last.program, { nowMs, timeZone });
  return shown && { terms: { versions, newest: last, timeZone, currency }, shown, nowMs };
}
