import { requestReconciliationOf, wasPulled } from '#app/adapters/db/reconciliations.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { markFailed } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import { ShopifyAccessError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { requestImports } from '#app/services/sync/record-install.server.ts';
import { idsOf } from '#app/services/sync/webhooks/read-inbox.server.ts';
import { isCompliance, isOfCustomers, isOfHistory, isRemoval } from '#app/services/sync/webhooks/webhook-topics.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export const MAX_ATTEMPTS = 8;
// Two days of a Shopify that does not answer: that is no fault of the webhook.
const MAX_OUTAGES = 576;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 5 * 60 * 1000;

export interface WebhookFailure {
  topic: string;
  webhookId: string;
  error: unknown;
  /** It does not come back. */
  isDead: boolean;
}

/** When a webhook may be tried again, after the tries that it has had. */
export function nextTryAt(now: Date, { attempts, outages }: Pick<WebhookDelivery, 'attempts' | 'outages'>): Date {
  return new Date(now.getTime() + Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts + outages)));
}

/**
 * Lets webhooks that failed together come back later, at last as dead. What makes up for the loss is then asked for.
 * @param isBegun the try was counted before it was made
 */
export async function postponeWebhooks(
  context: ShopContext,
  deliveries: readonly WebhookDelivery[],
  error: unknown,
  { isBegun }: { isBegun: boolean },
): Promise<WebhookFailure[]> {
  const [first] = deliveries;
  if (!first) return [];
  const { inShop, shop, now } = context;
  const died = await inShop(async (db) => {
    const found = await db.shop.findUnique({ where: { shopId: shop.shopId } });
    const isInstalled = found !== null && found.installedAt !== null && found.uninstalledAt === null;
    const isOutage = error instanceof ShopifyUnavailableError || (error instanceof ShopifyAccessError && isInstalled);
    const ids = await markFailed(db, shop, idsOf(deliveries), {
      outcome: error instanceof Error ? error.name : 'unknown',
      notBefore: nextTryAt(now(), first),
      attempts: isBegun ? (isOutage ? -1 : 0) : isOutage ? 0 : 1,
      outages: isOutage ? 1 : 0,
      patience: isCompliance(first.topic) ? null : { attempts: MAX_ATTEMPTS, outages: MAX_OUTAGES },
    });
    // A shop that left is pulled anew when it comes back.
    if (ids.length > 0 && isInstalled) await makeUpFor(context, db, deliveries.map(({ topic }) => topic));
    return ids;
  });
  // What failed together is told of once, but each that is lost by its name.
  if (died.length === 0) return [{ topic: first.topic, webhookId: first.webhookId, error, isDead: false }];
  return died.map((webhookId) => ({ topic: first.topic, webhookId, error, isDead: true }));
}

/**
 * An order or customer is found by the next comparison, which reads those that differ and no others; one that was deleted
 * only by one of all. A shop whose history is not here yet has nothing to compare.
 */
async function makeUpFor(context: ShopContext, db: TenantDb, topics: readonly string[]): Promise<void> {
  const { shop, now, newId } = context;
  if (!topics.some(isOfHistory)) return;
  const isHere = (await wasPulled(db, shop, 'orders')) && (!topics.some(isOfCustomers) || (await wasPulled(db, shop, 'customers')));
  if (!isHere) return requestImports(context, db);
  const scope = topics.some(isRemoval) ? 'all' : 'recent';
  await requestReconciliationOf(db, shop, { reconciliationId: newId(), scope, cause: 'lost-webhook', now: now() });
}
