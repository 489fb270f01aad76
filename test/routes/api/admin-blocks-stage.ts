import { randomUUID } from 'node:crypto';

import pg from 'pg';

import type { AdjustPointsRequest, AdminCustomerCard, GivePointsRequest } from '#app/contracts/admin-blocks.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { signSessionToken } from '#test/simulator/session-token.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { installFaultyWire } from '#test/services/offers/faulty-wire.ts';
import { startAppServer } from '#test/support/app-server.ts';
import { BROWSER_AGENT, startAppUnderTest, TEST_APP, type AppUnderTest } from '#test/support/app-under-test.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { pullHistory } from '#test/support/pull-history.ts';

/** Twelve customers with three orders each. */
const STORE = syntheticStore(36);
export const DOMAIN = STORE.shop.domain;
export const STAFF = '4711';

let app: AppUnderTest;
let server: Awaited<ReturnType<typeof startAppServer>>;
export let owner: pg.Client;
export let context: ShopContext;
export let shopify: ShopStore;
export let wire: ReturnType<typeof installFaultyWire>;
export let customerIds: number[];
export let segmentId: number;

/** A shop with its history, behind the app's own listener, and a segment of everyone who ordered. */
export async function startBlocks(): Promise<void> {
  app = await startAppUnderTest({ store: STORE });
  server = await startAppServer();
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(DOMAIN);
  await pullHistory(context);
  shopify = app.running.simulator.requireStore(DOMAIN);
  wire = installFaultyWire();
  customerIds = [...shopify.customers.keys()].sort((a, b) => a - b);
  segmentId = shopify.nextId();
  const at = new Date().toISOString();
  shopify.save('segment', { id: segmentId, name: 'All who ordered', query: 'number_of_orders > 0', creationDate: at, lastEditDate: at, isDeleted: false });
}

export async function stopBlocks(): Promise<void> {
  wire.remove();
  await owner.end();
  await server.close();
  await app.stop();
}

/** The program again, and nobody in it. */
export async function resetBlocks(): Promise<void> {
  wire.reset();
  app.running.simulator.faults.clear();
  app.running.simulator.bucketOf(DOMAIN).fill();
  await clear('loyalty_gifts', 'loyalty_tier_changes', 'loyalty_notes', 'loyalty_postings', 'loyalty_entries', 'loyalty_members', 'loyalty_progress', 'loyalty_program_versions');
  await saveProgram(aProgram());
}

/** From now on Shopify gives no access to whoever has none yet. */
export async function loseAccess(): Promise<void> {
  await owner.query('DELETE FROM sessions');
  app.running.simulator.faults.set({ seed: 1, rules: [{ where: 'oauth', what: { kind: 'status', status: 503 } }] });
}

/** What is only ever added to goes in its own way: by nobody's hand but the test's. */
export async function clear(...tables: string[]): Promise<void> {
  await owner.query('BEGIN');
  await owner.query('SET LOCAL session_replication_role = replica');
  for (const table of tables) await owner.query(`DELETE FROM ${table}`);
  await owner.query('COMMIT');
}

export async function saveProgram(program: Program): Promise<void> {
  await owner.query(
    `INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at)
     SELECT $1, coalesce(max(version), 0) + 1, $2, now() FROM loyalty_program_versions WHERE shop_id = $1`,
    [context.shop.shopId, JSON.stringify(program)],
  );
}

export function tokenOf(change: Record<string, unknown> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: `https://${DOMAIN}/admin`, dest: `https://${DOMAIN}`, aud: TEST_APP.clientId, sub: STAFF, exp: now + 60, nbf: now, iat: now, jti: randomUUID(), sid: 's' };
  return signSessionToken({ ...claims, ...change }, TEST_APP.clientSecret);
}

interface Asked {
  method?: string;
  body?: unknown;
  /** Null for none. */
  token?: string | null;
}

export async function ask(path: string, { method, body, token = tokenOf() }: Asked = {}) {
  const response = await fetch(server.url + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      'User-Agent': BROWSER_AGENT,
      Origin: 'https://extensions.shopifycdn.com',
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

export const customer = (index = 0) => customerIds[index] ?? 0;

export async function cardOf(id: number): Promise<AdminCustomerCard> {
  return (await ask(`/api/admin/customer?id=gid://shopify/Customer/${id}`)).body;
}

export const anAdjustment = (change: Partial<AdjustPointsRequest> = {}): AdjustPointsRequest => ({
  ...{ customerId: `gid://shopify/Customer/${customer()}`, points: '150', direction: 'give', reason: 'For the wait', requestKey: randomUUID() },
  ...change,
});

export async function adjust(change: Partial<AdjustPointsRequest> = {}) {
  return (await ask('/api/admin/adjustments', { body: anAdjustment(change) })).body;
}

export const aWish = (change: Partial<GivePointsRequest> = {}): GivePointsRequest => ({
  ...{ segmentId: `gid://shopify/Segment/${segmentId}`, points: '40', reason: 'Summer', requestKey: randomUUID() },
  ...change,
});

export async function give(change: Partial<GivePointsRequest> = {}) {
  return (await ask('/api/admin/gifts', { body: aWish(change) })).body;
}

export async function count(sql: string): Promise<number> {
  return Number((await owner.query<{ count: string }>(sql)).rows[0]?.count);
}

export const givenEntries = () => count("SELECT count(*) FROM loyalty_entries WHERE reason ->> 'code' = 'to-segment'");

/** As the worker does, until nothing is due. */
export async function work(): Promise<void> {
  const { advanceGifts } = await import('#app/services/loyalty/gifts/advance-gifts.server.ts');
  for (let turn = 0; turn < 50; turn += 1) {
    if ((await count('SELECT count(*) FROM loyalty_gifts WHERE not_before <= now()')) === 0) return;
    await advanceGifts(context);
  }
  throw new Error('still not given after 50 turns');
}
