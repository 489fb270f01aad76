import { noteLedgerOffence, noteSubscriptionsRefused, noteWebhooksHandled } from '#app/adapters/metrics/metrics.server.ts';
import type { WorkKind } from '#app/adapters/db/shop-registry.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { log } from '#app/logging/log.server.ts';
import { advanceInvites } from '#app/services/accounts/advance-invites.server.ts';
import { advanceRedemptions } from '#app/services/loyalty/advance-redemptions.server.ts';
import { awardOrders } from '#app/services/loyalty/award-orders.server.ts';
import type { AwardTurn } from '#app/services/loyalty/award-orders.server.ts';
import { awardPastOrders } from '#app/services/loyalty/award-past-orders.server.ts';
import { endProgram } from '#app/services/loyalty/end-program.server.ts';
import { advanceGifts } from '#app/services/loyalty/gifts/advance-gifts.server.ts';
import { lookOverMembers } from '#app/services/loyalty/look-over-members.server.ts';
import { passTime } from '#app/services/loyalty/pass-time.server.ts';
import { hastenTraces } from '#app/services/loyalty/traces/hasten-traces.server.ts';
import { traceMembers } from '#app/services/loyalty/traces/trace-members.server.ts';
import { welcomeMembers } from '#app/services/loyalty/welcome-members.server.ts';
import { fillOfferPool } from '#app/services/offers/fill-offer-pool.server.ts';
import { giveOfferCredits } from '#app/services/offers/give-offer-credits.server.ts';
import { issueOfferCodes } from '#app/services/offers/issue-offer-codes.server.ts';
import { keepUp } from '#app/services/operations/keep-up.server.ts';
import { advanceSegmentWrites } from '#app/services/segments/write/advance-segment-writes.server.ts';
import { advanceReconciliation } from '#app/services/sync/reconcile/advance-reconciliation.server.ts';
import type { ReconciliationRun } from '#app/domain/sync/reconciliation.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { advanceImports } from '#app/services/sync/import/advance-imports.server.ts';
import { handleWebhooks } from '#app/services/sync/webhooks/handle-webhooks.server.ts';

// How often Shopify is asked whether a bulk operation is ready: the merchant watches a bar, Shopify counts calls.
const IMPORT_PAUSE_MS = 1_000;
const RECONCILE_PAUSE_MS = 1_000;
// A comparison that waits for a pull or for a place in Shopify's queue has no hurry.
const RECONCILE_WAIT_MS = 10_000;
// A turn may have hung for as long as a call may take, and the next would hang at the same Shopify.
const OUTAGE_PAUSE_MS = 5_000;

// An import brings orders for minutes, and none is awarded before it has ended.
const AWARD_PAUSES_MS: Readonly<Record<AwardTurn, number>> = { done: 0, more: 0, importing: 5_000, unanswered: OUTAGE_PAUSE_MS };
const MEMBER_TIME_PAUSE_MS = 1_000;

export const HANDLERS: Readonly<Record<WorkKind, (context: ShopContext) => Promise<{ pauseMs: number }>>> = {
  webhooks: async (context) => {
    const failures = await handleWebhooks(context);
    for (const { topic, webhookId, error, isDead } of failures) {
      noteWebhooksHandled(isDead ? 'dead' : 'failed');
      const facts = { shopId: context.shop.shopId, topic, webhookId, err: error };
      if (isDead) log.error(facts, 'a webhook was given up');
      else log.warn(facts, 'a webhook waits for another try');
    }
    const isOutage = failures.some(({ error }) => error instanceof ShopifyUnavailableError);
    return { pauseMs: isOutage ? OUTAGE_PAUSE_MS : 0 };
  },
  import: async (context) => {
    await advanceImports(context);
    return { pauseMs: IMPORT_PAUSE_MS };
  },
  'offer-codes': async (context) => {
    await issueOfferCodes(context);
    await giveOfferCredits(context);
    return { pauseMs: 0 };
  },
  reconcile: async (context) => {
    const { ended, isWaiting, missedOrders, missedCustomers, refusedSubscriptions, freshnessProblem } = await advanceReconciliation(context);
    const { shopId } = context.shop;
    if (missedOrders + missedCustomers > 0) log.warn({ shopId, missedOrders, missedCustomers }, 'changes never reached us');
    if (freshnessProblem) log.warn({ shopId, err: freshnessProblem }, 'Shopify could not be asked for its latest changes');
    noteSubscriptionsRefused(refusedSubscriptions.length);
    if (refusedSubscriptions.length > 0) log.error({ shopId, refusedSubscriptions }, 'Shopify refuses webhook subscriptions');
    if (ended) reportComparison(shopId, ended);
    return { pauseMs: isWaiting ? RECONCILE_WAIT_MS : RECONCILE_PAUSE_MS };
  },
  upkeep: async (context) => {
    const problem = await keepUp(context);
    if (problem !== null) log.warn({ shopId: context.shop.shopId, problem }, 'the texts of a storefront, or discounts that ended, could not be seen to in Shopify');
    return { pauseMs: 0 };
  },
  awards: async (context) => {
    const turn = await awardOrders(context);
    if (turn === 'unanswered') log.warn({ shopId: context.shop.shopId }, 'awards wait for Shopify to say what collections hold');
    await hastenTraces(context);
    return { pauseMs: AWARD_PAUSES_MS[turn] };
  },
  'past-awards': async (context) => ({ pauseMs: AWARD_PAUSES_MS[await awardPastOrders(context)] }),
  'member-time': async (context) => {
    const hasMore = await welcomeMembers(context);
    const turn = await passTime(context);
    await hastenTraces(context);
    if (hasMore || turn === 'more') return { pauseMs: 0 };
    const offences = await lookOverMembers(context);
    if (offences === null) return { pauseMs: MEMBER_TIME_PAUSE_MS };
    await endProgram(context);
    for (const { code, count } of offences) noteLedgerOffence(code, count);
    if (offences.length > 0) log.error({ shopId: context.shop.shopId, offences: offences.map(({ code, count }) => ({ code, count })) }, 'points do not add up');
    return { pauseMs: 0 };
  },
  redemptions: async (context) => {
    await advanceRedemptions(context);
    await hastenTraces(context);
    return { pauseMs: 0 };
  },
  traces: async (context) => {
    const { problem } = await traceMembers(context);
    if (problem !== null) log.warn({ shopId: context.shop.shopId, problem }, 'Shopify could not be told of members');
    return { pauseMs: 0 };
  },
  'account-invites': async (context) => {
    await advanceInvites(context);
    return { pauseMs: 0 };
  },
  gifts: async (context) => {
    const failed = await advanceGifts(context);
    if (failed) log.warn({ shopId: context.shop.shopId, giftId: failed.gift.giftId, errorCode: failed.failure }, 'points were not given to a whole segment');
    await hastenTraces(context);
    return { pauseMs: 0 };
  },
  'offer-pool': async (context) => {
    const look = await fillOfferPool(context);
    if (look === 'refused' || look === 'access') log.warn({ shopId: context.shop.shopId, look }, 'Shopify takes no codes ahead');
    return { pauseMs: 0 };
  },
  'segment-writes': async (context) => {
    const advanced = await advanceSegmentWrites(context);
    const { run, ended } = advanced ?? {};
    if (run && ended?.state === 'failed') log.warn({ shopId: context.shop.shopId, writeId: run.writeId, kind: run.kind, errorCode: ended.errorCode }, 'a segment was not written');
    return { pauseMs: 0 };
  },
};

/** What an operator should know of a comparison: nothing when all was equal. */
function reportComparison(shopId: number, run: ReconciliationRun): void {
  const { state, differencesFound, differencesRepaired, ordersCompared, customersCompared, subscriptionsMade, errorCode } = run;
  const { id, cause, scope } = run;
  const facts = { shopId, id, cause, scope, ordersCompared, customersCompared, differencesFound, differencesRepaired, subscriptionsMade, errorCode };
  if (state === 'failed') log.error(facts, 'a comparison failed');
  else if (differencesFound > differencesRepaired) log.error(facts, 'a comparison left differences');
  else if (differencesFound > 0) log.warn(facts, 'a comparison found differences');
}
