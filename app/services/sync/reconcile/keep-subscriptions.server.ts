import { loadLastTriggered } from '#app/adapters/db/webhook-evidence.server.ts';
import { makeSubscriptions, type MadeSubscriptions } from '#app/adapters/shopify/webhook-subscriptions.server.ts';
import { env } from '#app/env.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const IDS_AND_TIME = ['id', 'admin_graphql_api_id', 'updated_at'] as const;

/** As shopify.app.toml has them, which a test compares. */
export const SUBSCRIPTIONS = [
  { topic: 'ORDERS_CREATE', name: 'orders/create', path: '/webhooks/orders', includeFields: IDS_AND_TIME },
  { topic: 'ORDERS_UPDATED', name: 'orders/updated', path: '/webhooks/orders', includeFields: IDS_AND_TIME },
  { topic: 'ORDERS_DELETE', name: 'orders/delete', path: '/webhooks/orders', includeFields: IDS_AND_TIME },
  { topic: 'CUSTOMERS_CREATE', name: 'customers/create', path: '/webhooks/customers', includeFields: IDS_AND_TIME },
  { topic: 'CUSTOMERS_UPDATE', name: 'customers/update', path: '/webhooks/customers', includeFields: IDS_AND_TIME },
  { topic: 'CUSTOMERS_DELETE', name: 'customers/delete', path: '/webhooks/customers', includeFields: IDS_AND_TIME },
  { topic: 'CUSTOMERS_MERGE', name: 'customers/merge', path: '/webhooks/customers', includeFields: null },
] as const;

const NONE: MadeSubscriptions = { made: 0, refused: [] };

/** A change that never reached us. */
export interface MissedChange {
  /** The topic that should have told us. */
  topic: (typeof SUBSCRIPTIONS)[number]['name'];
  changedAt: Date;
}

/**
 * Makes the subscriptions to orders, or those to customers, again when changes were missed and no webhook of their
 * topic has come since: one that was dropped on its way is followed by others, one whose subscription is gone is not.
 * Those of shopify.app.toml do not show in the API, so silence is the only sign of them. Where they turn out to be
 * alive, a change is told twice, which the inbox makes one piece of work.
 */
export async function keepSubscriptions(context: ShopContext, missed: readonly MissedChange[]): Promise<MadeSubscriptions> {
  if (missed.length === 0) return NONE;
  const topics = [...new Set(missed.map(({ topic }) => topic))];
  const { shopId } = context.shop;
  const { last, installedAt } = await context.inShop(async (db) => ({
    last: await loadLastTriggered(db, context.shop, topics),
    installedAt: (await db.shop.findUniqueOrThrow({ where: { shopId } })).installedAt,
  }));
  const silent = missed.filter(({ topic, changedAt }) => {
    // Of what changed before the install no webhook ever came.
    if (installedAt === null || changedAt <= installedAt) return false;
    const told = last.get(topic);
    return told === undefined || told < changedAt;
  });
  const kinds = new Set(silent.map(({ topic }) => kindOf(topic)));
  const wanted = SUBSCRIPTIONS.filter(({ name }) => kinds.has(kindOf(name)));
  if (wanted.length === 0) return NONE;
  return makeSubscriptions(
    context.admin,
    wanted.map(({ topic, path, includeFields }) => ({ topic, uri: new URL(path, env.SHOPIFY_APP_URL).href, includeFields })),
  );
}

/** `orders` or `customers`. */
function kindOf(topic: string): string {
  return topic.split('/', 1).join();
}
