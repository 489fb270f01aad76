import type pg from 'pg';

import { withBriefSnapshot } from '#app/adapters/db/brief-connection.server.ts';
import { loadVersionsUpTo, recallVersionsUpTo } from '#app/adapters/db/loyalty/program-versions.server.ts';
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

/**
 * Null where there is none to show: not installed, no program, or one that is off or over.
 *
 * @param connection of the transaction that is open; null where none is
 */
export async function loadShownProgram(
  connection: pg.PoolClient | null,
  { shop, pool, now }: Pick<ShopContext, 'shop' | 'pool' | 'now'>,
  { isInstalled, newest, currency, timeZone }: ShopperShop,
): Promise<ShownProgram | null> {
  if (!isInstalled || newest === null || currency === null || timeZone === null) return null;
  const load = (reader: pg.PoolClient) => loadVersionsUpTo(reader, shop, newest);
  const recalled = recallVersionsUpTo(shop, newest);
  const versions = recalled ?? (await (connection === null ? withBriefSnapshot(pool, shop, load) : load(connection)));
  const last = versions.at(-1);
  if (last === undefined) return null;
  const nowMs = now().getTime();
  const shown = programShown(last.program, { nowMs, timeZone });
  return shown && { terms: { versions, newest: last, timeZone, currency }, shown, nowMs };
}
