import { countWaitingWebhooks } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import type { WebhookNotices } from '#app/domain/sync/webhook-notices.ts';
import { loadDeadWebhooks } from '#app/services/sync/webhooks/dead-webhooks.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** How far the webhooks that came have been worked through. */
export async function loadWebhookNotices(context: Pick<ShopContext, 'inShop' | 'shop'>): Promise<WebhookNotices> {
  const { inShop, shop } = context;
  const waiting = await inShop((db) => countWaitingWebhooks(db, shop));
  const dead = await loadDeadWebhooks(context);
  return {
    waiting,
    dead: dead.map(({ webhookId, topic, receivedAt, canRedrive }) => ({
      webhookId,
      topic,
      receivedAtMs: receivedAt.getTime(),
      canRedrive,
    })),
  };
}
