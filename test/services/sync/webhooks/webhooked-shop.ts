import pg from 'pg';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import type { SimStore } from '#test/simulator/state.ts';
import { until } from '#test/simulator/simulator-client.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';

/** An installed shop with its history, of which each webhook comes three times, the copies out of order with those of others. */
export interface WebhookedShop {
  readonly app: AppUnderTest;
  readonly owner: pg.Client;
  readonly context: ShopContext;
  readonly shopify: ShopStore;
  rows(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Handles what the inbox holds. */
  work(of: ShopContext): Promise<void>;
  /** Waits until all that Shopify sent so far is in the inbox, and handles it. */
  settle(): Promise<void>;
  post(path: string, topic: string, body: string, headers?: Record<string, string>): Promise<Response>;
  stop(): Promise<void>;
}

/** @param stores the first one's shop is installed */
export async function startWebhookedShop(stores: [SimStore, ...SimStore[]]): Promise<WebhookedShop> {
  const { domain } = stores[0].shop;
  let sent = 0;
  const app = await startAppUnderTest({ store: stores, webhookPlan: () => [0, (sent++ * 7) % 40, (sent * 13) % 60] });
  const owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  const context = await app.install(domain);
  await pullHistory(context);
  const work = async (of: ShopContext) => {
    const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
    const failures = await handleWebhooks(of);
    if (failures.length > 0) throw new AggregateError(failures.map((failure) => failure.error), 'webhooks failed');
  };
  return {
    app,
    owner,
    context,
    shopify: app.running.simulator.requireStore(domain),
    rows: async (sql, values = []) => (await owner.query<Record<string, unknown>>(sql, values)).rows,
    work,
    async settle() {
      await until(
        () => app.running.simulator.webhooks.deliveries().filter((delivery) => delivery.status === 'pending').length,
        (pending) => pending === 0,
      );
      await work(context);
    },
    post: (path, topic, body, headers = {}) => sendWebhook({ appUrl: app.running.appFrontUrl, path, topic, shop: domain, body, headers }),
    async stop() {
      await owner.end();
      await app.stop();
    },
  };
}
