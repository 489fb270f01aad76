import { loadNewestProgram, loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { loadMembersCheck, makeMembersDue, noteMembersChecked } from '#app/adapters/db/loyalty/progress.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { MS_PER_HOUR, MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { awardSetAside } from '#app/services/loyalty/award-orders.server.ts';
import { auditLedger } from '#app/services/loyalty/audit-ledger.server.ts';
import type { LedgerOffence } from '#app/services/loyalty/audit-ledger.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// Their rows are held together, for some 50 ms.
const MEMBERS_A_STATEMENT = 2_000;
/** The web's clock and the worker's may differ by less than that. */
const CLOCKS_DIFFER_MS = 120 * MS_PER_SECOND;

/**
 * Once an hour, and after every change of the program: everybody is made due by what holds now, so that a pause, its end,
 * or other tiers reach members for whom nothing was to be done; orders that were set aside are tried again, and the ledger is
 * checked.
 *
 * @returns null when it is not due
 */
export async function lookOverMembers(context: Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now' | 'admin'>): Promise<readonly LedgerOffence[] | null> {
  const { shop, inShop, pool } = context;
  const startedAt = context.now();
  const { check, newest, known } = await inShop(async (db) => ({
    check: await loadMembersCheck(db, shop, startedAt),
    newest: await loadNewestProgram(db, shop),
    known: await loadProgramShop(db, shop),
  }));
  if (!check.isDue || newest === null) return null;
  if (check.checkedAtMs === null || newest.savedAtMs > check.checkedAtMs - CLOCKS_DIFFER_MS) {
    for (let afterId: bigint | null = 0n; afterId !== null;) {
      const from: bigint = afterId;
      afterId = await withTenantConnection(pool, shop, (connection) =>
        makeMembersDue(connection, shop, { afterId: from, limit: MEMBERS_A_STATEMENT, now: startedAt }),
      );
    }
  }
  // Before the check: one that fails is tried again in an hour, and does not make everybody due anew until then.
  const nextAt = new Date(startedAt.getTime() + MS_PER_HOUR);
  await inShop((db) => noteMembersChecked(db, shop, { startedAt, nextAt }));
  const asideOrders = await awardSetAside(context);
  const offences = await auditLedger(context, { timeZone: known.timeZone, now: startedAt });
  return asideOrders === 0 ? offences : [...offences, { code: 'orders-not-awarded', count: asideOrders }];
}
