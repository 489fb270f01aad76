import { saveExclusion } from '#app/adapters/db/loyalty/exclusions.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Lets a member earn and redeem nothing from now on, or again. What they have stays theirs, and it is written who did it.
 *
 * @returns false for nobody of the shop, and for somebody who was forgotten or went up in another
 */
export function excludeMember(
  { shop, pool, now }: Pick<ShopContext, 'shop' | 'pool' | 'now'>,
  { memberId, isExcluded, staffId }: { memberId: bigint; isExcluded: boolean; staffId: string },
): Promise<boolean> {
  return withTenantConnection(pool, shop, (connection) => saveExclusion(connection, shop, { memberId, isExcluded, staffId, now: now() }));
}
