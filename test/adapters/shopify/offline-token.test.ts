import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type * as AdminApiAdapter from '#app/adapters/shopify/admin-api.server.ts';
import type * as OfflineToken from '#app/adapters/shopify/offline-token.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type * as ShopifyApi from '#app/shopify-api.server.ts';
import type * as ShopifyApp from '#app/shopify.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { startFaultProxy, type FaultProxy } from '#test/support/fault-proxy.ts';

const STORES = Array.from({ length: 12 }, (_, index) =>
  syntheticStore(1, { shop: { id: index + 1, domain: `tokens-${index}.myshopify.com` } }),
);
const DOMAIN = 'tokens-0.myshopify.com';
const REFRESH = '/admin/oauth/access_token';

let app: AppUnderTest;
let proxy: FaultProxy;
let context: ShopContext;
let modules: {
  offlineTokenOf: typeof OfflineToken.offlineTokenOf;
  errors: typeof AdminApiAdapter;
  storage: typeof ShopifyApp.sessionStorage;
  api: typeof ShopifyApi.shopifyApiLibrary;
  pool: pg.Pool;
};
let otherPool: pg.Pool;
let owner: pg.Client;

beforeAll(async () => {
  proxy = await startFaultProxy();
  process.env['SHOPIFY_SIM_ORIGIN'] = proxy.url;
  await import('#test/simulator/install.ts');
  app = await startAppUnderTest({ store: STORES });
  proxy.target = app.running.origin;
  modules = {
    offlineTokenOf: (await import('#app/adapters/shopify/offline-token.server.ts')).offlineTokenOf,
    errors: await import('#app/adapters/shopify/admin-api.server.ts'),
    storage: (await import('#app/shopify.server.ts')).sessionStorage,
    api: (await import('#app/shopify-api.server.ts')).shopifyApiLibrary,
    pool: (await import('#app/db.server.ts')).pool,
  };
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  otherPool = new pg.Pool({ connectionString: app.env['DATABASE_URL'] ?? '', max: 3 });
});

beforeEach(async () => {
  proxy.clear();
  context = await app.install(DOMAIN);
  proxy.clear();
});

afterEach(() => proxy.clear());

afterAll(async () => {
  await otherPool.end();
  await owner.end();
  await app.stop();
  await proxy.close();
});

const inAnHour = () => new Date(Date.now() + 3_600_000);
const refreshes = () => proxy.requests.filter(({ path, body }) => path === REFRESH && body.includes('refresh_token'));

function tokenSource(options: { pool?: pg.Pool; shop?: ShopContext['shop']; deadlineMs?: number; now?: () => Date } = {}) {
  const { storage, api, pool } = modules;
  return modules.offlineTokenOf({ shop: context.shop, storage, api, pool, now: inAnHour, ...options });
}

async function storedTokens(): Promise<{ access: string; refresh: string }> {
  const session = await modules.storage.loadSession(`offline_${DOMAIN}`);
  return { access: session?.accessToken ?? '', refresh: session?.refreshToken ?? '' };
}

describe('an offline token', () => {
  it('is used as it is while it is good', async () => {
    const { access } = await storedTokens();
    expect(await tokenSource({ now: () => new Date() })(null)).toBe(access);
    expect(refreshes()).toHaveLength(0);
  });

  it('is replaced before it ends, while a call that takes long could still be made with it', async () => {
    const { access } = await storedTokens();
    const endsIn = (seconds: number) => owner.query("UPDATE sessions SET expires_at = now() + $2 * interval '1 second' WHERE session_id = $1", [`offline_${DOMAIN}`, seconds]);
    await endsIn(180);
    expect(await tokenSource({ now: () => new Date() })(null)).toBe(access);
    await endsIn(60);
    expect(await tokenSource({ now: () => new Date() })(null)).not.toBe(access);
    expect(refreshes()).toHaveLength(1);
  });

  it('is refreshed once when many callers of two processes find it expired at the same time', async () => {
    const before = await storedTokens();
    await owner.query("UPDATE sessions SET expires_at = now() - interval '1 second' WHERE session_id = $1", [`offline_${DOMAIN}`]);
    const ours = tokenSource({ now: () => new Date() });
    const theirs = tokenSource({ now: () => new Date(), pool: otherPool });
    // More callers than connections: had each kept one while it waits, the pool would refuse the last of them.
    const tokens = await Promise.all(Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? theirs(null) : ours(null))));
    expect(refreshes()).toHaveLength(1);
    const after = await storedTokens();
    expect(new Set(tokens)).toEqual(new Set([after.access]));
    expect(after.access).not.toBe(before.access);
    expect(after.refresh).not.toBe(before.refresh);
    expect(app.running.simulator.grants.findLive(after.access)?.refreshToken).toBe(after.refresh);
  });

  it('of more shops than the pool has connections are refreshed at the same time without waiting for each other for ever', async () => {
    const shops = await Promise.all(STORES.map(async (store) => (await app.install(store.shop.domain)).shop));
    const tokens = await Promise.all(shops.map((shop) => tokenSource({ shop })(null)));
    expect(new Set(tokens).size).toBe(shops.length);
  });

  it('that Shopify refused is replaced once, however many calls were refused with it', async () => {
    const { access } = await storedTokens();
    const source = tokenSource({ now: () => new Date() });
    const first = await source(access);
    // This one's refusal came late, when the token had been replaced already.
    const late = await source(access);
    expect([late, refreshes().length]).toEqual([first, 1]);
    expect(first).not.toBe(access);
  });

  it('comes after all when the answer of its refresh was lost', async () => {
    const before = await storedTokens();
    proxy.plan = ({ path }) => (path === REFRESH ? { kind: 'reset-after' } : undefined);
    await expect(tokenSource()(null)).rejects.toThrow(modules.errors.ShopifyUnavailableError);
    expect(await storedTokens()).toEqual(before);
    proxy.plan = () => undefined;
    const token = await tokenSource()(null);
    expect(app.running.simulator.grants.findLive(token)).toBeDefined();
  });

  it.each([
    ['silence', { kind: 'hang' }],
    ['a page in HTML', { kind: 'answer', status: 503, body: '<html>' }],
    ['a server error', { kind: 'answer', status: 500, body: '{"error":"oops"}' }],
  ] as const)('is not given up when its refresh meets %s', async (_what, fault) => {
    proxy.plan = ({ path }) => (path === REFRESH ? fault : undefined);
    await expect(tokenSource(fault.kind === 'hang' ? { deadlineMs: 500 } : {})(null)).rejects.toThrow(modules.errors.ShopifyUnavailableError);
    proxy.plan = () => undefined;
    await expect(tokenSource()(null)).resolves.toMatch(/^shpat_/);
  });

  it('keeps the refresh token that it was refreshed with when the answer forgets until when the new one is good', async () => {
    const before = await storedTokens();
    const { faults } = app.running.simulator;
    faults.set({ seed: 1, rules: [{ where: 'oauth', first: 1, what: { kind: 'no-expires-in', alsoOfRefreshToken: true } }] });
    const token = await tokenSource()(null);
    faults.clear();
    expect(await storedTokens()).toEqual({ access: token, refresh: before.refresh });
    await expect(tokenSource({ now: () => new Date(Date.now() + 2 * 3_600_000) })(null)).resolves.toMatch(/^shpat_/);
  });

  it('that was given without a refresh token and is refused has ended too', async () => {
    const { access } = await storedTokens();
    await owner.query('UPDATE sessions SET refresh_token_sealed = NULL, refresh_expires_at = NULL, expires_at = NULL WHERE session_id = $1', [`offline_${DOMAIN}`]);
    await expect(tokenSource({ now: () => new Date() })(access)).rejects.toThrow(modules.errors.ShopifyAccessError);
    const session = await modules.storage.loadSession(`offline_${DOMAIN}`);
    expect(session?.isActive(undefined)).toBe(false);
  });

  it('whose refresh Shopify refuses has ended, so that the merchant’s next visit brings another', async () => {
    const { access } = await storedTokens();
    app.running.simulator.grants.revokeAll(DOMAIN);
    await expect(tokenSource({ now: () => new Date() })(access)).rejects.toThrow(modules.errors.ShopifyAccessError);
    const session = await modules.storage.loadSession(`offline_${DOMAIN}`);
    expect(session?.isActive(undefined)).toBe(false);
  });

  it('that may not be refreshed, as of a frozen shop, says nothing of the grant, and comes once the shop is back', async () => {
    proxy.plan = ({ path }) => (path === REFRESH ? { kind: 'answer', status: 403, body: '{"error":"frozen"}' } : undefined);
    const before = await storedTokens();
    await expect(tokenSource()(null)).rejects.toThrow(modules.errors.ShopifyGrantUnclearError);
    expect(await storedTokens()).toEqual(before);
    proxy.clear();
    await expect(tokenSource()(null)).resolves.toMatch(/^shpat_/);
  });

  it('survives that PostgreSQL closes the connection that holds the lock', async () => {
    let killed = 0;
    proxy.plan = ({ path }) => (path === REFRESH ? { kind: 'hang' } : undefined);
    const refreshing = tokenSource({ deadlineMs: 3_000 })(null).catch((error: unknown) => error);
    while (killed === 0) {
      const { rowCount } = await owner.query(
        "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE l.locktype = 'advisory' AND d.datname = current_database()",
      );
      killed = rowCount ?? 0;
    }
    expect(await refreshing).toBeInstanceOf(modules.errors.ShopifyUnavailableError);
    proxy.plan = () => undefined;
    await expect(tokenSource()(null)).resolves.toMatch(/^shpat_/);
  });
});

describe('after the app was uninstalled', () => {
  it('the grant is lost, which the error says without a token in it', async () => {
    const { access, refresh } = await storedTokens();
    const store = app.running.simulator.requireStore(DOMAIN);
    app.running.simulator.uninstall(store);
    const error = await tokenSource()(access).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(modules.errors.ShopifyAccessError);
    const printed = JSON.stringify(error, Object.getOwnPropertyNames(error));
    for (const secret of [access, refresh, app.env['SHOPIFY_API_SECRET'] ?? '?']) expect(printed).not.toContain(secret);
  });

  it('a shop without a session is asked for nothing', async () => {
    await modules.storage.deleteSession(`offline_${DOMAIN}`);
    await expect(tokenSource()(null)).rejects.toThrow(modules.errors.ShopifyAccessError);
    expect(refreshes()).toHaveLength(0);
  });
});
