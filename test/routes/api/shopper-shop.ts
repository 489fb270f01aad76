import { randomUUID } from 'node:crypto';

import pg from 'pg';

import type { Program } from '#app/domain/loyalty/program/program.ts';
import { followUpsDone } from '#app/services/follow-ups.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { signSessionToken } from '#test/simulator/session-token.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppServer } from '#test/support/app-server.ts';
import { BROWSER_AGENT, startAppUnderTest, TEST_APP, type AppUnderTest } from '#test/support/app-under-test.ts';
import { putOrder, type TestOrder } from '#test/support/loyalty/loyalty-shop.ts';

const STORE = syntheticStore(3);
const OTHER = syntheticStore(3, { shop: { id: 2, domain: 'other.myshopify.com' } });
export const DOMAIN = STORE.shop.domain;
export const OTHER_DOMAIN = OTHER.shop.domain;

export const DAY_MS = 86_400_000;
export const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

export interface Reply {
  status: number;
  headers: Headers;
  body: unknown;
}

interface AskInput {
  /** Of the token; null for a guest's, undefined for none at all. */
  as?: number | null | undefined;
  domain?: string;
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface ShopperShop {
  app: AppUnderTest;
  url: string;
  owner: pg.Client;
  context: ShopContext;
  other: ShopContext;
  /** As an extension asks, over HTTP, with a token of Shopify's. */
  ask(path: string, question?: AskInput): Promise<Reply>;
  /** The newest version from now on, as if it had been saved so many days ago. */
  saveProgram(program: Program, savedDaysAgo?: number): Promise<void>;
  putOrder(order: Omit<TestOrder, 'processedAt'> & { processedAt?: Date }): Promise<void>;
  award(): Promise<void>;
  passTime(): Promise<void>;
  /** Everything that a test has made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export function tokenOf(customerId: number | null, domain = DOMAIN): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { dest: domain, aud: TEST_APP.clientId, exp: now + 300, nbf: now, iat: now, jti: randomUUID() };
  return signSessionToken(customerId === null ? claims : { ...claims, sub: `gid://shopify/Customer/${customerId}` }, TEST_APP.clientSecret);
}

/** Two installed shops in EUR and in Berlin, behind the app's own listener. */
export async function openShopperShop(): Promise<ShopperShop> {
  const app = await startAppUnderTest({ store: [STORE, OTHER] });
  const server = await startAppServer();
  const owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  const context = await app.install(DOMAIN);
  const other = await app.install(OTHER_DOMAIN);
  const { shopId } = context.shop;
  await owner.query("UPDATE shops SET currency = 'EUR', iana_time_zone = 'Europe/Berlin'");
  return {
    ...{ app, owner, context, other, url: server.url },
    ask: (path, question) => ask(server.url + path, question),
    saveProgram: async (program, savedDaysAgo = 100) => {
      await owner.query(
        `INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at)
         SELECT $1, coalesce(max(version), 0) + 1, $2, $3 FROM loyalty_program_versions WHERE shop_id = $1`,
        [shopId, JSON.stringify(program), daysAgo(savedDaysAgo)],
      );
      await owner.query('INSERT INTO loyalty_progress (shop_id, is_followed) VALUES ($1, true) ON CONFLICT (shop_id) DO NOTHING', [shopId]);
    },
    putOrder: (order) => putOrder(owner, shopId, { currency: 'EUR', processedAt: new Date(), ...order }),
    award: async () => {
      const { awardOrders } = await import('#app/services/loyalty/award-orders.server.ts');
      while ((await awardOrders(context)) === 'more');
    },
    passTime: async () => {
      const { passTime } = await import('#app/services/loyalty/pass-time.server.ts');
      while ((await passTime(context)) === 'more');
    },
    reset: async () => {
      await followUpsDone();
      // What is only ever added to goes in its own way: by nobody's hand but the test's.
      await owner.query('BEGIN');
      await owner.query('SET LOCAL session_replication_role = replica');
      for (const table of ['loyalty_notices', 'loyalty_tier_changes', 'loyalty_redemptions', 'loyalty_notes', 'loyalty_postings', 'loyalty_entries', 'loyalty_members', 'loyalty_progress', 'loyalty_program_versions', 'order_lines', 'orders', 'tombstones']) {
        await owner.query(`DELETE FROM ${table}`);
      }
      await owner.query('UPDATE shops SET uninstalled_at = NULL, data_version = data_version + 1');
      await owner.query('COMMIT');
    },
    stop: async () => {
      await server.close();
      await owner.end();
      await app.stop();
    },
  };
}

async function ask(url: string, { as, domain = DOMAIN, method = 'GET', body, headers = {} }: AskInput = {}): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers: {
      'User-Agent': BROWSER_AGENT,
      // As an extension's worker does.
      Origin: 'https://extensions.shopifycdn.com',
      ...(as === undefined ? {} : { Authorization: `Bearer ${tokenOf(as, domain)}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}
