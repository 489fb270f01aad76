import { claimFlowEvent, loadWaitingFlowEvents, postponeFlowEvent, settleFlowEvent } from '#app/adapters/db/loyalty/flow-events.repository.server.ts';
import type { WaitingFlowEvent } from '#app/adapters/db/loyalty/flow-events.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { receiveFlowTrigger } from '#app/adapters/shopify/flow-triggers.server.ts';
import { FLOW_LATE_MS, flowPayload } from '#app/domain/loyalty/traces/flow-event.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const EVENTS_AT_ONCE = 20;
/** Longer than Shopify may take for an answer: only then is it told again whose answer never came. */
const CLAIM_MS = 30 * MS_PER_SECOND;
/** A reward is told of once there is something to use; the worker makes it within seconds. */
const ISSUE_WAIT_MS = 5 * MS_PER_SECOND;

/**
 * Tells Flow what waits, one call an event. It is told once: only when Shopify's answer was lost is it told again, with
 * the same Event ID, since Flow itself knows no repeats.
 */
export async function tellFlow(context: ShopContext, terms: Pick<ProgramTerms, 'versions'>): Promise<'done' | 'more'> {
  const { shop, pool, now } = context;
  const waiting = await withTenantConnection(pool, shop, (connection) => loadWaitingFlowEvents(connection, shop, { now: now(), limit: EVENTS_AT_ONCE }));
  for (const event of waiting) await tellOne(context, terms, event);
  return waiting.length < EVENTS_AT_ONCE ? 'done' : 'more';
}

async function tellOne({ shop, inShop, admin, now }: ShopContext, terms: Pick<ProgramTerms, 'versions'>, event: WaitingFlowEvent): Promise<void> {
  const { key, trigger } = event;
  const nowMs = now().getTime();
  const settle = (state: 'told' | 'dropped', lastError: string | null) => inShop((db) => settleFlowEvent(db, shop, key, { state, lastError, now: now() }));
  const verdict = judge(event, nowMs);
  if (verdict === 'wait') return inShop((db) => postponeFlowEvent(db, shop, key, new Date(nowMs + ISSUE_WAIT_MS)));
  if (verdict !== 'tell') return settle('dropped', verdict);
  const isMine = await inShop((db) => claimFlowEvent(db, shop, key, { now: now(), until: new Date(nowMs + CLAIM_MS) }));
  if (!isMine) return;
  await failpoint('flow-after-intent');
  const answer = await receiveFlowTrigger(admin, trigger, payloadOf(event, terms));
  await failpoint('flow-after-send');
  await settle(answer === 'taken' ? 'told' : 'dropped', answer === 'taken' ? null : 'refused');
}

type Verdict = 'tell' | 'wait' | 'forgotten' | 'too-late' | 'not-given';

function judge({ trigger, customerId, notedAtMs, redemption }: WaitingFlowEvent, nowMs: number): Verdict {
  if (customerId <= 0n) return 'forgotten';
  if (notedAtMs < nowMs - FLOW_LATE_MS) return 'too-late';
  if (trigger !== 'reward-redeemed') return 'tell';
  if (redemption === null) return 'not-given';
  if (redemption.wasIssued || redemption.state === 'captured') return 'tell';
  return redemption.state === 'reserved' ? 'wait' : 'not-given';
}

function payloadOf({ trigger, key, facts, customerId, balancePoints, pendingPoints, redemption }: WaitingFlowEvent, { versions }: Pick<ProgramTerms, 'versions'>) {
  const reward = versions.find(({ version }) => version === redemption?.version)?.program.rewards.find(({ id }) => id === redemption?.rewardId);
  return flowPayload(
    { trigger, key, facts, customerId },
    {
      ...{ balancePoints, pendingPoints },
      tierName: (tierId) => versions.findLast(({ program }) => hasTier(program, tierId))?.program.tiers?.levels.find(({ id }) => id === tierId)?.name ?? tierId,
      rewardName: reward?.name ?? '',
      code: redemption?.code ?? '',
    },
  );
}

function hasTier({ tiers }: ProgramTerms['newest']['program'], tierId: string): boolean {
  return tiers?.levels.some(({ id }) => id === tierId) === true;
}
