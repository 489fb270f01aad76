import { loadDead, redriveDead } from '#app/adapters/db/dead-webhooks.repository.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** A webhook that was given up. Nothing of its body: a page shows this. */
export interface DeadWebhook {
  webhookId: string;
  topic: string;
  receivedAt: Date;
  /** Tries that failed, and those that Shopify did not let happen. */
  tries: number;
  /** What the last try met, by the name of its error; `other-shop` and `other-topic` were never tried. */
  outcome: string | null;
  /** False when it was set aside for its headers, which no try mends. */
  canRedrive: boolean;
}

const MAX_SHOWN = 200;

/** Latest first. */
export async function loadDeadWebhooks({ inShop, shop }: Pick<ShopContext, 'inShop' | 'shop'>): Promise<DeadWebhook[]> {
  const rows = await inShop((db) => loadDead(db, shop, MAX_SHOWN));
  return rows.map(({ webhookId, topic, receivedAt, attempts, outages, outcome, hasBody }) => ({
    webhookId,
    topic,
    receivedAt,
    tries: attempts + outages,
    outcome,
    canRedrive: hasBody,
  }));
}

/**
 * Gives dead webhooks all their tries again, at once. What they ask for is read anew from Shopify, so it does not matter
 * how old they are.
 * @returns how many will be tried
 */
export async function redriveDeadWebhooks(
  { inShop, shop, now }: Pick<ShopContext, 'inShop' | 'shop' | 'now'>,
  webhookIds: readonly string[] | 'all',
): Promise<number> {
  return inShop((db) => redriveDead(db, shop, webhookIds, now()));
}
