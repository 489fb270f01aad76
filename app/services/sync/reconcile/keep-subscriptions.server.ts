import { loadLastTriggered } from '#app/adapters/db/webhook-evidence.server.ts';
import { makeSubscriptions, type WantedSubscription } from '#app/adapters/shopify/webhook-subscriptions.server.ts';
import { env } from '#app/env.server.ts';
import type { DifferenceCause } from '#app/domain/sync/reconciliation.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const IDS_AND_TIME = ['id', 'admin_graphql_api_id', 'updated_at'] as const;

/** As shopify.app.toml has them, which a test compares. */
export const ORDER_SUBSCRIPTIONS = [
  { topic: 'ORDERS_CREATE', name: 'orders/create', path: '/webhooks/orders', includeFields: IDS_AND_TIME },
  { topic: 'ORDERS_UPDATED', name: 'orders/updated', path: '/webhooks/orders', includeFields: IDS_AND_TIME },
  { topic: 'ORDERS_DELETE', name: 'orders/delete', path: '/webhooks/orders', includeFields: IDS_AND_TIME },
] as const;

/** What Shopify should have told us of each kind of change that we missed. */
const TOLD_BY: Readonly<Record<Exclude<DifferenceCause, 'unequal'>, string>> = {
  missing: 'orders/create',
  outdated: 'orders/updated',
  gone: 'orders/delete',
};

/** A change that never reached us, and when it was made. */
export interface MissedChange {
  cause: keyof typeof TOLD_BY;
  changedAt: Date;
}

/**
 * Makes the subscriptions to orders again when changes were missed and no webhook of their topic has come since: one
 * that was dropped on its way is followed by others, one whose subscription is gone is not. Those of shopify.app.toml
 * do not show in the API, so silence is the only sign of them. Where they turn out to be alive, a change is told twice,
 * which the inbox makes one piece of work.
 * @returns how many were made
 */
export async function keepSubscriptions(context: ShopContext, missed: readonly MissedChange[]): Promise<number> {
  const topics = [...new Set(missed.map(({ cause }) => TOLD_BY[cause]))];
  if (topics.length === 0) return 0;
  const last = await context.inShop((db) => loadLastTriggered(db, context.shop, topics));
  const isSilent = missed.some(({ cause, changedAt }) => {
    const told = last.get(TOLD_BY[cause]);
    return told === undefined || told < changedAt;
  });
  if (!isSilent) return 0;
  return makeSubscriptions(context.admin, ORDER_SUBSCRIPTIONS.map(wantedSubscription));
}

function wantedSubscription({ topic, path, includeFields }: (typeof ORDER_SUBSCRIPTIONS)[number]): WantedSubscription {
  return { topic, uri: new URL(path, env.SHOPIFY_APP_URL).href, includeFields };
}
