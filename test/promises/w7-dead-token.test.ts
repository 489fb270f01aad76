import { afterAll, beforeAll } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';
import { promiseOf } from './promise.ts';

const MOST_SHOPS = 20;
const STORES = Array.from({ length: MOST_SHOPS }, (_, index) =>
  syntheticStore(6, { shop: { id: index + 1, domain: `shop-${index + 1}.myshopify.com` } }),
);

let faulty: FaultyApp;

beforeAll(async () => {
  faulty = await startFaultyApp(STORES);
}, 60_000);

afterAll(() => faulty.stop());

/** The four that must get through, in the order in which Shopify sends them. */
const WEBHOOKS = [
  { topic: 'app/uninstalled', path: '/webhooks/app', body: (domain: string) => ({ id: 1, myshopify_domain: domain }) },
  {
    topic: 'customers/data_request',
    path: '/webhooks/compliance',
    body: (domain: string) => ({ shop_id: 1, shop_domain: domain, customer: { id: 100, email: 'x@example.com' }, orders_requested: [], data_request: { id: 1 } }),
  },
  {
    topic: 'customers/redact',
    path: '/webhooks/compliance',
    body: (domain: string) => ({ shop_id: 1, shop_domain: domain, customer: { id: 101, email: 'x@example.com' }, orders_to_redact: [] }),
  },
  { topic: 'shop/redact', path: '/webhooks/compliance', body: (domain: string) => ({ shop_id: 1, shop_domain: domain }) },
] as const;

const callsToShopify = () => faulty.proxy.requests.length;

/** Uninstalled in Shopify, which now refuses our token and its refresh; our own record says that all is well. */
async function dieInShopify(domain: string): Promise<ShopContext> {
  const context = await faulty.app.install(domain);
  await faulty.pull(context);
  await faulty.owner.query("UPDATE sessions SET expires_at = now() - interval '1 day' WHERE shop_id = $1", [context.shop.shopId]);
  const { simulator } = faulty.app.running;
  simulator.grants.revokeAll(domain);
  simulator.grants.saveInstallation({ ...installationOf(domain), isInstalled: false, uninstalledAt: new Date().toISOString() });
  return context;
}

function installationOf(domain: string) {
  const installation = faulty.app.running.simulator.grants.installation(domain);
  if (!installation) throw new Error(`${domain} never had the app`);
  return installation;
}

promiseOf('W7', 'the four webhooks of a shop that left', async ({ pick }) => {
  const shops = pick(3, MOST_SHOPS);
  let ok = 0;
  let callsWhileAnswering = 0;
  const done = { uninstalled: 0, answered: 0, redacted: 0, deleted: 0 };
  const rowsOf = async (sql: string, { shop }: ShopContext) => (await faulty.rows(sql, [shop.shopId])).length;
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  for (const { shop } of STORES.slice(0, shops)) {
    const context = await dieInShopify(shop.domain);
    const handleAll = async () => {
      for (let turn = 0; turn < 10; turn += 1) {
        await faulty.owner.query("UPDATE webhook_inbox SET not_before = now() WHERE state = 'waiting'");
        await handleWebhooks(context);
      }
    };
    for (const { topic, path, body } of WEBHOOKS) {
      const before = callsToShopify();
      const response = await sendWebhook({
        appUrl: faulty.app.running.appFrontUrl, path, topic, shop: shop.domain, body: JSON.stringify(body(shop.domain)),
      });
      callsWhileAnswering += callsToShopify() - before;
      if (response.status === 200) ok += 1;
      // The three that come at once are handled together; the last comes two days later.
      if (topic !== 'customers/redact') continue;
      await handleAll();
      done.uninstalled += await rowsOf('SELECT 1 FROM shops WHERE shop_id = $1 AND uninstalled_at IS NOT NULL', context);
      done.answered += await rowsOf("SELECT 1 FROM privacy_requests WHERE shop_id = $1 AND kind = 'data-request'", context);
      done.redacted += (await rowsOf('SELECT 1 FROM customers WHERE shop_id = $1 AND customer_id = 101', context)) === 0 ? 1 : 0;
    }
    await handleAll();
    done.deleted += (await rowsOf('SELECT 1 FROM shops WHERE shop_id = $1', context)) === 0 ? 1 : 0;
  }
  const waiting = (await faulty.rows("SELECT 1 FROM webhook_inbox WHERE state <> 'handled'")).length;
  return {
    tried: `${shops * WEBHOOKS.length} webhooks of ${shops} shops, token expired, its refresh refused`,
    measured: `${ok} answered 200, ${callsWhileAnswering} calls to Shopify meanwhile; ${done.uninstalled} uninstalled, ${done.answered} answered, ${done.redacted} redacted, ${done.deleted} deleted; ${waiting} left`,
    isKept:
      ok === shops * WEBHOOKS.length && callsWhileAnswering === 0 && waiting === 0 &&
      Object.values(done).every((count) => count === shops),
  };
});
