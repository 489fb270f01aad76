import { countAttempt, loadClaimedGids, noteRedemptionError, postponeRedemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import type { Redemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import { creditStoreCredit, findStoreCredits } from '#app/adapters/shopify/store-credit.server.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { RedemptionContext } from '#app/services/loyalty/advance-redemptions.server.ts';
import { MAX_ATTEMPTS, shopifyOr } from '#app/services/loyalty/ask-shopify.server.ts';
import { releaseUnsent, settleInTransaction } from '#app/services/loyalty/settle-release.server.ts';
import { appendCapture } from '#app/services/loyalty/append-settlements.server.ts';

/** Shopify's clock and ours need not agree to the second. */
const CLOCK_SLACK_MS = 300 * MS_PER_SECOND;
/** A request whose answer was lost may still be on its way; after so long it is not. */
const ON_ITS_WAY_MS = 120 * MS_PER_SECOND;

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
        const transactionGid = await findOwnCredit(context, redemption, { customerId, amount: worth });
        if (transactionGid !== null) return recordCredited(context, redemption, transactionGid);
        if (redemption.attempts >= MAX_ATTEMPTS) return releaseUnsent(context, redemption, 'attempts');
      }
      // Written together: whoever comes back after this finds that it may have been sent, and not too soon.
      const isMine = await inShop(async (db) => {
        await postponeRedemption(db, shop, redemption.redemptionId, new Date(now().getTime() + ON_ITS_WAY_MS));
        return countAttempt(db, shop, redemption);
      });
      if (!isMine) return;
      const sent = await creditStoreCredit(context.admin, { customerId, amount: worth });
      await failpoint('redemption-after-send');
      if (sent.ok) return recordCredited(context, redemption, sent.value.transactionGid);
      return releaseUnsent(context, { ...redemption, attempts: redemption.attempts + 1 }, `refused ${sent.codes.join(' ')}`);
    },
    (error) => inShop((db) => noteRedemptionError(db, shop, redemption.redemptionId, error)),
  );
}

/** A credit of this amount since the points were put aside which is known to be of no other redemption. */
async function findOwnCredit(
  { admin, shop, inShop }: RedemptionContext,
  { reservedAtMs }: Redemption,
  { customerId, amount }: { customerId: bigint; amount: NonNullable<Redemption['worth']> },
): Promise<string | null> {
  const found = await findStoreCredits(admin, { customerId, amount, sinceMs: reservedAtMs - CLOCK_SLACK_MS });
  if (found.length === 0) return null;
  const claimed = await inShop((db) => loadClaimedGids(db, shop, found));
  return found.find((gid) => !claimed.has(gid)) ?? null;
}

async function recordCredited(context: RedemptionContext, redemption: Redemption, transactionGid: string): Promise<void> {
  await settleInTransaction(context, redemption, (settlement, points) => {
    if (points.state !== 'reserved') return;
    appendCapture(settlement, points, { code: 'store-credit', facts: {}, orderId: null, shopifyGid: transactionGid });
  });
}
