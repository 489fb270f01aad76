import { rewardCodeOfHash } from '#app/domain/loyalty/redemption/reward-code.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * The code of a redemption: the same again for the same one, and not to be guessed without the shop's key. `choice` above 0
 * gives the next one, for when the first is somebody else's.
 */
export function deriveRewardCode(
  { shop, sealedBox }: Pick<ShopContext, 'shop' | 'sealedBox'>,
  redemptionId: string,
  choice: number,
): string {
  return rewardCodeOfHash(sealedBox.keyedHash(shop.shopId, 'reward-code', `${redemptionId}:${choice}`));
}
