import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { setExcluded } from '#app/adapters/db/loyalty/member-list.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Lets a member earn and redeem nothing from now on, or again. What they have stays theirs.
 *
 * @returns false for nobody of the shop, and for somebody who was forgotten or went up in another
 */
export function excludeMember(
  { shop, pool }: Pick<ShopContext, 'shop' | 'pool'>,
  { memberId, isExcluded }: { memberId: bigint; isExcluded: boolean },
): Promise<boolean> {
  return withTenantConnection(pool, shop, (connection) => setExcluded(connection, shop, { memberId, isExcluded }));
}
