import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { holdMembersAbout } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { loadOrderFacts, loadRedemptionPoints, writeRedemptions } from '#app/adapters/db/loyalty/redemption-points.server.ts';
import type { RedemptionPoints } from '#app/adapters/db/loyalty/redemption-points.server.ts';
import { markReleasing, noteRedemptionError, postponeRedemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import type { Redemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import { holdCredit } from '#app/adapters/db/taken-credits.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { deactivateDiscount, findRewardDiscount } from '#app/adapters/shopify/reward-discounts.server.ts';
import { discountTitleOf } from '#app/domain/loyalty/redemption/plan-reward-discount.ts';
import { judgeUse } from '#app/domain/loyalty/redemption/judge-use.ts';
import { MS_PER_24_HOURS } from '#app/domain/time/durations.ts';
import type { OrderFacts } from '#app/domain/retention/metrics/order-value.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { RedemptionContext } from '#app/services/loyalty/advance-redemptions.server.ts';
import { appendCapture, appendRelease, dueAfterSettling, settleByOrder } from '#app/services/loyalty/append-settlements.server.ts';
import type { Settlement } from '#app/services/loyalty/append-settlements.server.ts';
import { SETTLING_WAIT_MS, shopifyOr } from '#app/services/loyalty/ask-shopify.server.ts';
import { loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * How long an order is waited for of which nothing is known but that Shopify counts a use of the code: several nightly
 * comparisons. Then the points are spent without it, for the shopper had the discount.
 */
const ORDER_WAIT_MS = 7 * MS_PER_24_HOURS;
const LONGEST_PAUSE_MS = MS_PER_24_HOURS / 4;

/** From now on nobody shall use it; in the next turn Shopify is told, and asked whether somebody did. */
export async function beginRelease({ shop, inShop, now }: RedemptionContext, { redemptionId, state }: Redemption, error: string): Promise<void> {
  // What was sent last may still be on its way.
  const at = new Date(now().getTime() + (state === 'reserved' ? SETTLING_WAIT_MS : 0));
  await inShop((db) => markReleasing(db, shop, { redemptionId, from: ['reserved', 'issued'], error, at }));
}

/** Nothing of it is in Shopify, by Shopify's own word: the points come back at once. */
export async function releaseUnsent(context: RedemptionContext, { redemptionId, attempts }: Redemption, error: string): Promise<void> {
  await settleInTransaction(context, { redemptionId }, (settlement, redemption) => {
    // Somebody else sent it meanwhile: then it is not unsent.
    if (redemption.state === 'reserved' && redemption.attempts === attempts) appendRelease(settlement, redemption, { code: error });
  });
}

/**
 * Makes sure that a code can be used no more, waits until Shopify must have counted whoever used it at the last moment, and
 * only then gives the points back, or spends them. Never both and never neither: the two share a key in the ledger.
 */
export async function settleRelease(context: RedemptionContext, redemption: Redemption): Promise<void> {
  const { shop, inShop, now } = context;
  const nowMs = now().getTime();
  const postpone = (pauseMs: number): Promise<void> =>
    inShop((db) => postponeRedemption(db, shop, redemption.redemptionId, new Date(nowMs + pauseMs)));
  await postpone(SETTLING_WAIT_MS);
  await shopifyOr(
    async () => {
      const ended = await stopUses(context, redemption);
      if (ended === 'not-yet-known') return;
      const waitedMs = Math.max(0, nowMs - ended.atMs);
      // An order that was not told of within minutes may be days away.
      if (ended.uses > 0) await postpone(Math.min(Math.max(waitedMs / 2, SETTLING_WAIT_MS), LONGEST_PAUSE_MS));
      await failpoint('redemption-before-settle');
      await settleInTransaction(context, redemption, (settlement, points, facts) => {
        if (points.state !== 'releasing') return;
        decide(settlement, points, { uses: ended.uses, facts, waitedMs, reason: redemption.lastError ?? 'not-used-in-time' });
      });
    },
    (error) => inShop((db) => noteRedemptionError(db, shop, redemption.redemptionId, error)),
  );
}

interface Decision {
  readonly uses: number;
  readonly facts: OrderFacts | null;
  readonly waitedMs: number;
  readonly reason: string;
}

function decide(settlement: Settlement, redemption: RedemptionPoints, { uses, facts, waitedMs, reason }: Decision): void {
  const { orderId } = redemption;
  if (orderId !== null && facts !== null) {
    const use = judgeUse(facts);
    if (use.kind === 'spent') settleByOrder(settlement, redemption, { orderId, use });
    else if (use.kind === 'void') appendRelease(settlement, redemption, { code: use.reason, orderId: String(orderId) });
    return;
  }
  if (uses === 0) appendRelease(settlement, redemption, { code: reason });
  else if (waitedMs >= ORDER_WAIT_MS) {
    appendCapture(settlement, redemption, { code: 'used-order-unknown', facts: {}, orderId: null, shopifyGid: null });
  }
}

/** How often the code was used, once it can be used no more and that is known for sure, and since when it cannot. */
async function stopUses({ admin, now }: RedemptionContext, redemption: Redemption): Promise<{ uses: number; atMs: number } | 'not-yet-known'> {
  const { code } = redemption;
  const found = code === null ? null : await findRewardDiscount(admin, code);
  // Deleted by the merchant, or never made: then nothing is there to be used.
  if (found === null || found.title !== discountTitleOf(redemption)) return { uses: 0, atMs: redemption.expiresAtMs };
  if (!found.isOver) {
    await deactivateDiscount(admin, found.discountGid);
    return 'not-yet-known';
  }
  const atMs = found.endsAtMs ?? redemption.expiresAtMs;
  const isCounted = found.uses > 0 || now().getTime() >= atMs + SETTLING_WAIT_MS;
  return isCounted ? { uses: found.uses, atMs } : 'not-yet-known';
}

/**
 * Holds the member and whoever they went up in, and lets `settle` append what it decides by what is so then.
 *
 * @param creditGid of store credit that the redemption is to have
 * @returns false when that is somebody else's, and nothing was settled
 */
export async function settleInTransaction(
  { shop, inShop, pool, now }: Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now'>,
  { redemptionId, creditGid = null }: { readonly redemptionId: string; readonly creditGid?: string | null },
  settle: (settlement: Settlement, redemption: RedemptionPoints, facts: OrderFacts | null) => void,
): Promise<boolean> {
  const terms = await inShop((db) => loadProgramTerms(db, { shop }));
  if (terms === null) return true;
  return withTenantConnection(pool, shop, async (connection) => {
    if (creditGid !== null && !(await holdCredit(connection, shop, creditGid))) return false;
    const [seen] = await loadRedemptionPoints(connection, shop, [redemptionId]);
    if (seen === undefined) return true;
    const members = await holdMembersAbout(connection, shop, { customerIds: [], memberIds: [seen.memberId] });
    const [redemption] = await loadRedemptionPoints(connection, shop, [redemptionId]);
    if (redemption === undefined) return true;
    const facts = redemption.orderId === null ? null : ((await loadOrderFacts(connection, shop, [redemption.orderId])).get(redemption.orderId) ?? null);
    const nowDate = now();
    const writer = new LedgerWriter(nowDate);
    const settlement: Settlement = { writer, members, terms, nowMs: nowDate.getTime(), rows: [], cameBack: new Set() };
    settle(settlement, redemption, facts);
    await writer.write(connection, shop, dueAfterSettling(settlement));
    await writeRedemptions(connection, shop, { rows: settlement.rows, now: nowDate });
    return true;
  });
}
