import { countAttempt, noteRedemptionError, postponeRedemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import type { Redemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import { creditStoreCredit } from '#app/adapters/shopify/store-credit.server.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { RedemptionContext } from '#app/services/loyalty/advance-redemptions.server.ts';
import { MAX_ATTEMPTS, shopifyOr } from '#app/services/loyalty/ask-shopify.server.ts';
import { findOwnCredit, ON_ITS_WAY_MS } from '#app/services/loyalty/find-own-credit.server.ts';
import { releaseUnsent, settleInTransaction } from '#app/services/loyalty/settle-release.server.ts';
import { appendCapture } from '#app/services/loyalty/append-settlements.server.ts';

/**
 * Gives a customer store credit for points. Shopify has no key by which it would know the same credit again, so one whose
 * outcome is unknown is looked for among the account's transactions, and not sent again before that word can be believed.
 */
export async function grantStoreCredit(context: RedemptionContext, redemption: Redemption, customerId: bigint): Promise<void> {
  const { shop, inShop, now } = context;
  const { worth } = redemption;
  if (worth === null) throw new Error(`redemption ${redemption.redemptionId} has no amount`);
  await shopifyOr(
    async () => {
      if (redemption.attempts > 0) {
        const transactionGid = await findOwnCredit(context, { customerId, amount: worth, sinceMs: redemption.reservedAtMs });
        if (transactionGid !== null) return recordCredited(context, redemption, transactionGid);
        if (redemption.attempts >= MAX_ATTEMPTS) return releaseUnsent(context, redemption, 'attempts');
      }
      // Written together: whoever comes back after this finds that it may have been sent, and not too soon.
      const isMine = await inShop(async (db) => {
        await postponeRedemption(db, shop, redemption.redemptionId, new Date(now().getTime() + ON_ITS_WAY_MS));
        return countAttempt(db, shop, redemption);
      });
      if (!isMine) return;
      const sent = await creditStoreCredit(context.admin, { customerId, amount: worth, expiresAtMs: null });
      await failpoint('redemption-after-send');
      if (sent.ok) return recordCredited(context, redemption, sent.value.transactionGid);
      return releaseUnsent(context, { ...redemption, attempts: redemption.attempts + 1 }, `refused ${sent.codes.join(' ')}`);
    },
    (error) => inShop((db) => noteRedemptionError(db, shop, redemption.redemptionId, error)),
  );
}

/** Where another redemption, or an offer, turned out to have this very credit, it is as if none had been found: the next turn looks again. */
async function recordCredited(context: RedemptionContext, { redemptionId }: Redemption, transactionGid: string): Promise<void> {
  const isMine = await settleInTransaction(context, { redemptionId, creditGid: transactionGid }, (settlement, points) => {
    if (points.state !== 'reserved') return;
    appendCapture(settlement, points, { code: 'store-credit', facts: {}, orderId: null, shopifyGid: transactionGid });
  });
  if (!isMine) await context.inShop((db) => noteRedemptionError(db, context.shop, redemptionId, 'credit-taken'));
}
