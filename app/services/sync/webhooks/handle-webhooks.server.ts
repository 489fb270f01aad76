import { BEGUN, setAside } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { MAX_ATTEMPTS, postponeWebhooks, type WebhookFailure } from '#app/services/sync/webhooks/postpone-webhooks.server.ts';
import { idsOf, readInbox, type ReadInbox } from '#app/services/sync/webhooks/read-inbox.server.ts';
import { loadDue, restInStorm } from '#app/services/sync/webhooks/rest-in-storm.server.ts';
import { spareReads } from '#app/services/sync/webhooks/spare-reads.server.ts';
import { isCompliance } from '#app/services/sync/webhooks/webhook-topics.ts';
import { unitsOf, workThrough, type WorkLimits } from '#app/services/sync/webhooks/work-units.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// Many, so that several webhooks about one order meet, which a busy one sends within minutes; each is a hundred bytes.
const MAX_DELIVERIES = 2_000;

const LIMITS: WorkLimits = {
  // Few enough that the other shops get their turn soon.
  turnMs: 3_000,
  // Longer than Shopify may make one call wait and a transaction may take.
  unitDeadlineMs: 120_000,
};

/**
 * Handles what is due in one shop's inbox, oldest first. Several webhooks about one order or customer are one piece of
 * work, since each only says that something changed. One caller a shop at a time.
 * @returns what failed; it stays in the inbox and comes back later, at last as dead
 */
export async function handleWebhooks(context: ShopContext, limits: Partial<WorkLimits> = {}): Promise<WebhookFailure[]> {
  const { due, pulls } = await loadDue(context, MAX_DELIVERIES);
  if (due.length === 0) return [];
  const exhausted = due.filter(isExhausted);
  const { items, refused, mismatched } = readInbox(context, due.filter((delivery) => !isExhausted(delivery)));
  const failures = [
    ...(await giveUp(context, exhausted)),
    ...(await postponeRefused(context, refused)),
    ...(await setMismatchedAside(context, mismatched)),
  ];
  const unknown = await spareReads(context, items, pulls);
  const pressing = await restInStorm(context, unknown, pulls);
  return [...failures, ...(await workThrough(context, unitsOf(pressing), { ...LIMITS, ...limits }))];
}

/** Every try that it had was begun and none was ended: whatever it is, it ends the worker. */
function isExhausted({ attempts, outcome, topic }: WebhookDelivery): boolean {
  return attempts >= MAX_ATTEMPTS && outcome === BEGUN && !isCompliance(topic);
}

class WorkerEndedError extends Error {
  override name = 'WorkerEndedError';
}

async function giveUp(context: ShopContext, exhausted: readonly WebhookDelivery[]): Promise<WebhookFailure[]> {
  return postponeWebhooks(context, exhausted, new WorkerEndedError('The worker ended at each try'), { isBegun: true });
}

/** Those that failed alike and as often go together, since there may be as many as a turn takes. */
async function postponeRefused(context: ShopContext, refused: ReadInbox['refused']): Promise<WebhookFailure[]> {
  const groups = new Map<string, { deliveries: WebhookDelivery[]; error: unknown }>();
  for (const { delivery, error } of refused) {
    const name = error instanceof Error ? error.name : 'unknown';
    const key = [delivery.topic, delivery.attempts, delivery.outages, name].join(' ');
    const group = groups.get(key) ?? { deliveries: [], error };
    group.deliveries.push(delivery);
    groups.set(key, group);
  }
  const failures: WebhookFailure[] = [];
  for (const { deliveries, error } of groups.values()) {
    failures.push(...(await postponeWebhooks(context, deliveries, error, { isBegun: false })));
  }
  return failures;
}

class MismatchError extends Error {
  override name = 'MismatchError';
}

async function setMismatchedAside({ inShop, shop }: ShopContext, mismatched: ReadInbox['mismatched']): Promise<WebhookFailure[]> {
  for (const outcome of ['other-shop', 'other-topic'] as const) {
    const deliveries = mismatched.filter(({ mismatch }) => mismatch === outcome).map(({ delivery }) => delivery);
    if (deliveries.length > 0) await inShop((db) => setAside(db, shop, idsOf(deliveries), outcome));
  }
  return mismatched.map(({ delivery: { topic, webhookId }, mismatch }) => ({
    topic,
    webhookId,
    error: new MismatchError(`Its body is of ${mismatch === 'other-shop' ? 'another shop' : 'another topic'}`),
    isDead: true,
  }));
}
