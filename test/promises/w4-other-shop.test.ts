import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';
import { promiseOf } from './promise.ts';

// Shopify's ids are unique among all shops; here the first orders and customers of both have the same ids, which is worse.
const A = syntheticStore(40, { shop: { id: 1, domain: 'alder.myshopify.com' } });
const B = syntheticStore(20, { shop: { id: 2, domain: 'birch.myshopify.com' } });

/** Bodies as Shopify makes them for shop A: what its subscriptions name of the payload, no more. */
const BODIES_OF_A: Readonly<Record<string, (pick: (from: number, to: number) => number) => unknown>> = {
  'orders/create': (pick) => orderBody(pick(0, 39)),
  'orders/updated': (pick) => orderBody(pick(0, 39)),
  'orders/delete': (pick) => ({ id: orderId(pick(0, 39)) }),
  'customers/create': (pick) => customerBody(pick(0, 13)),
  'customers/update': (pick) => customerBody(pick(0, 13)),
  'customers/delete': (pick) => ({ id: 100 + pick(0, 13) }),
  'customers/merge': (pick) => ({
    admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${100 + pick(0, 6)}`,
    admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${107 + pick(0, 6)}`,
    admin_graphql_api_job_id: null,
    status: 'completed',
    errors: [],
  }),
  'app/uninstalled': () => shopBody(),
  'app/scopes_update': () => ({ id: 'gid://shopify/AppInstallation/1', previous: ['read_orders'], current: [], updated_at: '2026-11-01T00:00:00Z' }),
  'shop/update': () => shopBody(),
  'customer_account_settings/update': () => ({ url: 'https://shopify.com/1/account', customer_accounts_version: 'new_customer_accounts', login_required_at_checkout: false, login_links_visible_on_storefront_and_checkout: true }),
  'bulk_operations/finish': () => ({ admin_graphql_api_id: 'gid://shopify/BulkOperation/1', status: 'completed', type: 'query' }),
  'customers/data_request': (pick) => ({ ...compliance(), customer: person(pick(0, 13)), orders_requested: [orderId(pick(0, 39))], data_request: { id: 9 } }),
  'customers/redact': (pick) => ({ ...compliance(), customer: person(pick(0, 13)), orders_to_redact: [orderId(pick(0, 39))] }),
  'shop/redact': () => compliance(),
};

const orderId = (index: number) => 1_000_000 + index * 10;
const orderBody = (index: number) => ({ id: orderId(index), admin_graphql_api_id: `gid://shopify/Order/${orderId(index)}`, updated_at: '2026-11-20T00:00:00Z' });
const customerBody = (index: number) => ({ id: 100 + index, admin_graphql_api_id: `gid://shopify/Customer/${100 + index}`, updated_at: '2026-11-20T00:00:00Z' });
const person = (index: number) => ({ id: 100 + index, email: 'buyer@example.com', phone: null });
const compliance = (domain = A.shop.domain) => ({ shop_id: 1, shop_domain: domain });
const shopBody = (domain = A.shop.domain) => ({ id: 1, name: 'Alder', domain: 'alder.example', myshopify_domain: domain, currency: 'EUR' });

const NAMES_SHOP = ['app/uninstalled', 'shop/update', 'customers/data_request', 'customers/redact', 'shop/redact'];

let app: AppUnderTest;
let owner: pg.Client;
let shopB: ShopContext;
let pathOf: (topic: string) => string;

beforeAll(async () => {
  app = await startAppUnderTest({ store: [A, B] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  for (const { shop } of [A, B]) await pullHistory(await app.install(shop.domain));
  shopB = await app.install(B.shop.domain);
  const { WEBHOOK_TOPICS } = await import('#app/services/sync/webhooks/webhook-topics.ts');
  const paths = { orders: 'orders', customers: 'customers', app: 'app', bulkOperations: 'bulk-operations', compliance: 'compliance' };
  pathOf = (topic) => {
    const [kind] = Object.entries(WEBHOOK_TOPICS).find(([, topics]) => topics.some((name) => name === topic)) ?? ['orders'];
    return `/webhooks/${Reflect.get(paths, kind)}`;
  };
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

/** Everything of a shop but the webhooks themselves and what counts its changes. */
async function everythingOf(shopId: number): Promise<string> {
  const tables = ['orders', 'order_lines', 'refunds', 'fulfillments', 'customers', 'tombstones', 'customer_merges', 'sessions', 'privacy_requests', 'offer_discounts', 'offer_codes'];
  const digests = [];
  for (const table of tables) {
    // Which of the two ways an equal row came by last, and in which turn, says nothing of its content.
    const { rows } = await owner.query<{ digest: string }>(
      `SELECT count(*) || coalesce(md5(string_agg((to_jsonb(t) - '{import_id,data_version}'::text[])::text, '|' ORDER BY (to_jsonb(t) - '{import_id,data_version}'::text[])::text)), '') AS digest FROM ${table} t WHERE shop_id = $1`,
      [shopId],
    );
    digests.push(`${table} ${rows[0]?.digest}`);
  }
  const shop = await owner.query("SELECT name, currency, installed_at, uninstalled_at FROM shops WHERE shop_id = $1", [shopId]);
  return JSON.stringify([digests, shop.rows]);
}

/** Until nothing waits, whatever it has to wait for. */
async function settle(): Promise<void> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  for (let turn = 0; turn < 30; turn += 1) {
    await owner.query("UPDATE webhook_inbox SET not_before = now() WHERE state = 'waiting'");
    await handleWebhooks(shopB);
    const { rows } = await owner.query("SELECT 1 FROM webhook_inbox WHERE state = 'waiting' LIMIT 1");
    if (rows.length === 0) return;
  }
  throw new Error('webhooks still wait');
}

interface Replay {
  body: unknown;
  /** What Shopify signed it for. */
  of: string;
  /** What its header says. */
  as: string;
}

interface Found {
  /** 1 when anything of the shop is other than before. */
  writes: number;
  /** A pull changes nothing by itself, but another shop must not be able to ask for one. */
  pullsAsked: number;
  /** Bodies that were kept. */
  bodies: number;
  accepted: number;
  aside: number;
  outcomes: string;
}

async function replay(replays: readonly Replay[]): Promise<Found> {
  const count = async (sql: string) => (await owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`)).rows[0]?.n ?? -1;
  await owner.query('DELETE FROM webhook_inbox');
  const pullsBefore = await count('imports');
  const before = await everythingOf(shopB.shop.shopId);
  let accepted = 0;
  for (const { body, as } of replays) {
    const response = await sendWebhook({ appUrl: app.running.appFrontUrl, path: pathOf(as), topic: as, shop: B.shop.domain, body: JSON.stringify(body) });
    if (response.status === 200) accepted += 1;
  }
  await settle();
  const writes = (await everythingOf(shopB.shop.shopId)) === before ? 0 : 1;
  const { rows } = await owner.query<{ outcome: string; n: number }>(
    'SELECT outcome, count(*)::int AS n FROM webhook_inbox GROUP BY outcome ORDER BY n DESC, outcome',
  );
  const aside = rows.filter(({ outcome }) => outcome === 'other-shop' || outcome === 'other-topic').reduce((sum, { n }) => sum + n, 0);
  const outcomes = rows.map(({ outcome, n }) => `${n} ${outcome}`).join(', ');
  const bodies = await count('webhook_inbox WHERE body_sealed IS NOT NULL');
  return { writes, pullsAsked: (await count('imports')) - pullsBefore, bodies, accepted, aside, outcomes };
}

promiseOf('W4', "shop A's bodies under shop B's headers, every topic", async ({ seed, pick }) => {
  const random = seededRandom(seed);
  const replays = Object.entries(BODIES_OF_A).flatMap(([topic, make]) =>
    Array.from({ length: pick(4, 60) }, () => ({ body: make((from, to) => random.between(from, to)), of: topic, as: topic })),
  );
  const found = await replay(replays);
  const named = replays.filter(({ of }) => NAMES_SHOP.includes(of)).length;
  return {
    tried: `${replays.length} signed bodies of ${Object.keys(BODIES_OF_A).length} topics`,
    measured: `${found.writes} writes, ${found.pullsAsked} pulls asked for, ${found.bodies} bodies kept, ${found.aside} set aside of ${named} that name a shop; ${found.outcomes}`,
    isKept: found.writes + found.pullsAsked + found.bodies === 0 && found.accepted === replays.length && found.aside === named,
  };
});

promiseOf('W4', "a shop's own bodies under every other topic", async ({ seed, pick }) => {
  const random = seededRandom(seed).fork('topics');
  const topics = Object.keys(BODIES_OF_A);
  const replays = topics.flatMap((of) =>
    topics
      .filter((as) => as !== of)
      .flatMap((as) => Array.from({ length: pick(1, 5) }, () => ({ body: ownBody(of, (from, to) => random.between(from, to)), of, as }))),
  );
  const found = await replay(replays);
  return {
    tried: `${replays.length} signed bodies under other topics`,
    measured: `${found.writes} writes, ${found.aside} set aside; ${found.outcomes}`,
    isKept: found.writes === 0 && found.accepted === replays.length,
  };
});

function ownBody(topic: string, pick: (from: number, to: number) => number): unknown {
  const body = BODIES_OF_A[topic]?.((from, to) => pick(from, Math.min(to, 6)));
  return JSON.parse(JSON.stringify(body).replaceAll(A.shop.domain, B.shop.domain));
}
