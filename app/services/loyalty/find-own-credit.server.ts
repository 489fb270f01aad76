import { loadTakenCredits } from '#app/adapters/db/taken-credits.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { findStoreCredits } from '#app/adapters/shopify/store-credit.server.ts';
import type { MoneyAmount } from '#app/domain/loyalty/program/program.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Shopify's clock and ours need not agree to the second. */
const CLOCK_SLACK_MS = 300 * MS_PER_SECOND;
/** A request whose answer was lost may still be on its way; after so long it is not. */
export const ON_ITS_WAY_MS = 120 * MS_PER_SECOND;

/**
 * A credit of this amount since an instant which is known to be of nothing else that we gave, by Shopify's id. Shopify has no
 * key by which it would know the same credit again, so one whose outcome is unknown is looked for like this. Somebody else
 * may have found it too: `holdCredit` says whose it is.
 */
export async function findOwnCredit(
  { admin, shop, pool }: Pick<ShopContext, 'admin' | 'shop' | 'pool'>,
  { customerId, amount, sinceMs }: { customerId: bigint; amount: MoneyAmount; sinceMs: number },
): Promise<string | null> {
  const found = await findStoreCredits(admin, { customerId, amount, sinceMs: sinceMs - CLOCK_SLACK_MS });
  if (found.length === 0) return null;
  const taken = await withTenantConnection(pool, shop, (connection) => loadTakenCredits(connection, shop, found));
  return found.find((gid) => !taken.has(gid)) ?? null;
}
