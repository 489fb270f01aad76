import { dismissDead, loadDead, loadSettling, redriveDead, type Dismissal } from '#app/adapters/db/dead-webhooks.repository.server.ts';
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

export type Dismissed =
  /** `isNew` is false for one that was dismissed before: then it is told by whom. */
  | { ok: true; isNew: boolean; dismissal: Dismissal }
  | { ok: false; reason: 'unknown' | 'not-dead' };

/**
 * Ends one dead webhook for good, as an operator decides who has seen that nothing is to be made of it: who, why and when
 * is kept with it, and the alert goes down.
 */
export async function dismissDeadWebhook(
  { inShop, shop, now }: Pick<ShopContext, 'inShop' | 'shop' | 'now'>,
  { webhookId, by, reason }: { webhookId: string; by: string; reason: string },
): Promise<Dismissed> {
  return inShop(async (db): Promise<Dismissed> => {
    const isNew = await dismissDead(db, shop, webhookId, { by, reason, at: now() });
    const found = await loadSettling(db, shop, webhookId);
    if (found === null) return { ok: false, reason: 'unknown' };
    return found.dismissal === null ? { ok: false, reason: 'not-dead' } : { ok: true, isNew, dismissal: found.dismissal };
  });
}
