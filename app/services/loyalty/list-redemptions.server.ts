import { loadMemberIdsOf } from '#app/adapters/db/loyalty/redemption-members.server.ts';
import { loadRedemptionsOf } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import type { Redemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export type ListedRedemption = Omit<Redemption, 'shopifyGid' | 'attempts'>;

const MOST = 200;

/** A customer's redemptions, the newest first, with those of members who went up in theirs. A code is told once it works. */
export async function listRedemptions(
  { shop, inShop }: Pick<ShopContext, 'shop' | 'inShop'>,
  { customerId, limit = MOST }: { customerId: bigint; limit?: number },
): Promise<ListedRedemption[]> {
  const redemptions = await inShop(async (db) => {
    const memberIds = await loadMemberIdsOf(db, shop, customerId);
    return loadRedemptionsOf(db, shop, { memberIds, limit: Math.min(limit, MOST) });
  });
  return redemptions.map(({ shopifyGid: _gid, attempts: _attempts, ...redemption }) => ({
    ...redemption,
    code: redemption.state === 'reserved' ? null : redemption.code,
  }));
}
