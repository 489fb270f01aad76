import { noteWebhooksHandled } from '#app/adapters/metrics/metrics.server.ts';
import {
  forgetHandled,
  loadDueWebhooks,
  markFailed,
  markHandled,
} from '#app/adapters/db/webhook-inbox.repository.server.ts';
import { ShopifyAccessError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { requestImports } from '#app/services/sync/record-install.server.ts';
import { isCompliance, isOfHistory, isRemoval } from '#app/services/sync/webhooks/webhook-topics.ts';
import { WEBHOOK_WORK, type WebhookWork } from '#app/services/sync/webhooks/webhook-work.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const MAX_DELIVERIES = 100;
// Few enough that the other shops get their turn soon.
const MAX_ITEMS = 20;
const MAX_ATTEMPTS = 8;
// Two days of a Shopify that does not answer: that is no fault of the webhook.
const MAX_OUTAGES = 576;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 5 * 60 * 1000;
const HANDLED_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

export interface WebhookFailure {
  topic: string;
  webhookId: string;
  error: unknown;
  /** It does not come back. */
  isDead: boolean;
}

/**
 * Handles what is due in one shop's inbox, oldest first. Several webhooks about one order or customer are one piece of
 * work, since each only says that something changed. One caller a shop at a time. It ends at the first outage: the
 * next piece of work would only wait for the same Shopify.
 * @returns what failed; it stays in the inbox and comes back later, at last as dead. A pull is then asked for where it
 *   makes up for the loss.
 */
export async function handleWebhooks(context: ShopContext): Promise<WebhookFailure[]> {
  const { inShop, shop, now } = context;
  const due = await inShop((db) => loadDueWebhooks(db, shop, now(), MAX_DELIVERIES));
  const failures: WebhookFailure[] = [];
  const items = new Map<string, WorkItem>();
  for (const delivery of due) {
    try {
      const item = readItem(context, delivery);
      const known = items.get(item.key) ?? item;
      items.set(item.key, { ...item, deliveries: [...known.deliveries, delivery] });
    } catch (error) {
      failures.push(await postpone(context, [delivery], delivery, error));
    }
  }
  for (const { work, deliveries, delivery } of [...items.values()].slice(0, MAX_ITEMS)) {
    try {
      const outcome = await work(context, delivery);
      const ids = deliveries.map(({ webhookId }) => webhookId);
      await inShop((db) => markHandled(db, shop, ids, outcome, now()));
      noteWebhooksHandled('handled', ids.length);
    } catch (error) {
      failures.push(await postpone(context, deliveries, delivery, error));
      if (error instanceof ShopifyUnavailableError) break;
    }
  }
  await inShop((db) => forgetHandled(db, shop, new Date(now().getTime() - HANDLED_KEPT_MS)));
  return failures;
}

async function postpone(
  context: ShopContext,
  deliveries: readonly WebhookDelivery[],
  { attempts, outages, topic, webhookId }: WebhookDelivery,
  error: unknown,
): Promise<WebhookFailure> {
  const { inShop, shop, now } = context;
  const notBefore = new Date(now().getTime() + Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts + outages)));
  const outcome = error instanceof Error ? error.name : 'unknown';
  const ids = deliveries.map((delivery) => delivery.webhookId);
  const isDead = await inShop(async (db) => {
    const found = await db.shop.findUnique({ where: { shopId: shop.shopId } });
    const isInstalled = found !== null && found.installedAt !== null && found.uninstalledAt === null;
    const isOutage =
      error instanceof ShopifyUnavailableError || (error instanceof ShopifyAccessError && isInstalled);
    const maxTries = isCompliance(topic) ? null : isOutage ? MAX_OUTAGES : MAX_ATTEMPTS;
    const failedTry = { outcome, notBefore, isOutage, maxTries, keepsBody: isRemoval(topic) };
    const died = await markFailed(db, shop, ids, failedTry);
    // A shop that left is pulled anew when it comes back.
    if (died.length > 0 && isOfHistory(topic) && isInstalled) await requestImports(context, db);
    return died.length > 0;
  });
  return { topic, webhookId, error, isDead };
}

interface WorkItem {
  key: string;
  work: WebhookWork;
  /** The latest of `deliveries`, whose body the work was read from. */
  delivery: WebhookDelivery;
  deliveries: WebhookDelivery[];
}

function readItem(context: ShopContext, delivery: WebhookDelivery): WorkItem {
  const read = WEBHOOK_WORK[delivery.topic];
  if (!read) throw new UnhandledTopicError(`Nothing handles ${delivery.topic}`);
  const { key, work } = read(openBody(context, delivery), delivery.webhookId);
  return { key, work, delivery, deliveries: [] };
}

class UnhandledTopicError extends Error {
  override name = 'UnhandledTopicError';
}

function openBody({ sealedBox, shop }: ShopContext, { bodySealed, webhookId }: WebhookDelivery): string {
  if (bodySealed === null) return '{}';
  return sealedBox.open(bodySealed, { shopId: shop.shopId, table: 'webhook_inbox', column: 'body', row: webhookId });
}
