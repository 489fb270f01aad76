import { loadDueWebhooks, markFailed, markHandled } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { WEBHOOK_WORK, type WebhookWork } from '#app/services/sync/webhooks/webhook-work.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const BATCH = 100;
const MAX_ATTEMPTS = 8;
// Two days of a Shopify that does not answer: that is no fault of the webhook.
const MAX_ATTEMPTS_UNAVAILABLE = 576;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 5 * 60 * 1000;

export interface WebhookFailure {
  topic: string;
  webhookId: string;
  error: unknown;
}

/**
 * Handles what is due in one shop's inbox, oldest first. Several webhooks about one order or customer are one piece of
 * work, since each only says that something changed. One caller a shop at a time.
 * @returns what failed; it stays in the inbox and comes back later, at last as `dead`
 */
export async function handleWebhooks(context: ShopContext): Promise<WebhookFailure[]> {
  const { inShop, shop, now } = context;
  const due = await inShop((db) => loadDueWebhooks(db, shop, now(), BATCH));
  const failures: WebhookFailure[] = [];

  const postpone = async (deliveries: readonly WebhookDelivery[], { attempts, topic, webhookId }: WebhookDelivery, error: unknown) => {
    failures.push({ topic, webhookId, error });
    const notBefore = new Date(now().getTime() + Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** attempts));
    const outcome = error instanceof Error ? error.name : 'unknown';
    const ids = deliveries.map((delivery) => delivery.webhookId);
    const maxAttempts = error instanceof ShopifyUnavailableError ? MAX_ATTEMPTS_UNAVAILABLE : MAX_ATTEMPTS;
    await inShop((db) => markFailed(db, shop, ids, { outcome, notBefore, maxAttempts }));
  };

  const items = new Map<string, WorkItem>();
  for (const delivery of due) {
    try {
      const item = readItem(context, delivery);
      const known = items.get(item.key) ?? item;
      items.set(item.key, { ...item, deliveries: [...known.deliveries, delivery] });
    } catch (error) {
      await postpone([delivery], delivery, error);
    }
  }
  for (const { work, deliveries, delivery } of items.values()) {
    try {
      const outcome = await work(context, delivery);
      const ids = deliveries.map(({ webhookId }) => webhookId);
      await inShop((db) => markHandled(db, shop, ids, outcome, now()));
    } catch (error) {
      await postpone(deliveries, delivery, error);
    }
  }
  return failures;
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
  const { key, work } = read(openBody(context, delivery));
  return { key, work, delivery, deliveries: [] };
}

class UnhandledTopicError extends Error {
  override name = 'UnhandledTopicError';
}

function openBody({ sealedBox, shop }: ShopContext, { bodySealed, webhookId }: WebhookDelivery): string {
  if (bodySealed === null) return '{}';
  return sealedBox.open(bodySealed, { shopId: shop.shopId, table: 'webhook_inbox', column: 'body', row: webhookId });
}
