import { loadOwnRedemption, loadShopperShop } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import type { RedemptionFacts } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import { loadVersionsUpTo } from '#app/adapters/db/loyalty/program-versions.server.ts';
import { withBriefSnapshot } from '#app/adapters/db/brief-connection.server.ts';
import type { RedeemAnswer, RedeemRequest, RedemptionAnswer } from '#app/contracts/shopper-loyalty.ts';
import type { ProgramVersion } from '#app/domain/loyalty/program/version-in-force.ts';
import { deriveRetryMs } from '#app/domain/shopper/judge-order-points.ts';
import { redeemPoints } from '#app/services/loyalty/redeem-points.server.ts';
import type { RedeemRefusal } from '#app/services/loyalty/redeem-points.server.ts';
import { tellRedemption } from '#app/services/shopper/tell-redemption.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type RedeemContext = Pick<ShopContext, 'shop' | 'pool' | 'now' | 'newId' | 'sealedBox'>;
type ReadContext = Pick<ShopContext, 'shop' | 'pool' | 'now'>;
type Refused = Extract<RedeemAnswer, { state: 'refused' }>['reason'];

/** In a shopper's words: a wish that the page could make, and the rules do not allow any more, has `changed`. */
const REFUSALS: Readonly<Record<RedeemRefusal['reason'], Refused>> = {
  'no-program': 'closed',
  'program-closed': 'closed',
  'not-offered': 'not-offered',
  'not-in-currency': 'not-offered',
  'wrong-points': 'changed',
  'request-changed': 'changed',
  'no-member': 'insufficient-points',
  'insufficient-points': 'insufficient-points',
  'limit-reached': 'limit-reached',
  excluded: 'excluded',
};

/** Puts points aside for a reward. The same request again is answered alike for ever, whatever became of the redemption. */
export async function redeemAsShopper(context: RedeemContext, { customerId, request }: { customerId: bigint; request: RedeemRequest }): Promise<RedeemAnswer> {
  const { rewardId, points = null, requestKey } = request;
  if ((await read(context, null)) === null) return { state: 'refused', reason: 'closed' };
  const redeemed = await redeemPoints(context, { customerId, rewardId, points, currency: null, requestKey });
  if (!redeemed.ok) return { state: 'refused', reason: REFUSALS[redeemed.reason] };
  const found = await read(context, { customerId, redemptionId: redeemed.value.redemptionId });
  if (found === null || found.redemption === null) throw new Error(`redemption ${redeemed.value.redemptionId} is not to be found`);
  return { state: 'reserved', redemption: tellRedemption({ ...found.redemption, state: 'reserved' }, found) };
}

/**
 * How far a redemption has come, whatever became of the program: somebody holds a code. Null for nobody's, for somebody
 * else's, and in a shop that left.
 */
export async function getShopperRedemption(context: ReadContext, asked: { customerId: bigint; redemptionId: string }): Promise<RedemptionAnswer | null> {
  const found = await read(context, asked);
  if (found === null || found.redemption === null) return null;
  const redemption = tellRedemption(found.redemption, found);
  const retryAfterMs = redemption.state === 'making' ? deriveRetryMs(found.nowMs - found.redemption.reservedAtMs) : null;
  return { redemption, retryAfterMs };
}

interface Found {
  readonly versions: readonly ProgramVersion[];
  readonly redemption: RedemptionFacts | null;
  readonly nowMs: number;
}

/** Null in a shop that left, and in one that never had a program. */
function read({ shop, pool, now }: ReadContext, asked: { customerId: bigint; redemptionId: string } | null): Promise<Found | null> {
  return withBriefSnapshot(pool, shop, async (connection) => {
    const shopperShop = await loadShopperShop(connection, shop);
    if (shopperShop === null || !shopperShop.isInstalled || shopperShop.newest === null) return null;
    const versions = await loadVersionsUpTo(connection, shop, shopperShop.newest);
    return { versions, redemption: asked && (await loadOwnRedemption(connection, shop, asked)), nowMs: now().getTime() };
  });
}
