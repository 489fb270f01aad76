import { Session } from '@shopify/shopify-api';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { SealedSessionStorage } from '#app/adapters/shopify/session-storage.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';

const FIRST = 'first.myshopify.com';
const SECOND = 'second.myshopify.com';

let app: AppUnderTest;
let owner: pg.Client;
let storage: SealedSessionStorage;

beforeAll(async () => {
  app = await startAppUnderTest({ store: syntheticStore(1) });
  storage = (await import('#app/shopify.server.ts')).sessionStorage;
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

function session(shop: string, fields: Partial<ConstructorParameters<typeof Session>[0]> = {}): Session {
  return new Session({ id: `offline_${shop}`, shop, state: '', isOnline: false, scope: 'read_orders', accessToken: `shpat_${shop}`, ...fields });
}

describe('stored sessions', () => {
  it('come back as they were, with both ends and both tokens', async () => {
    const stored = session(FIRST, {
      expires: new Date('2027-01-01T00:00:00.123Z'),
      refreshToken: 'shprt_1',
      refreshTokenExpires: new Date('2027-03-01T00:00:00Z'),
    });
    expect(await storage.storeSession(stored)).toBe(true);
    const loaded = await storage.loadSession(stored.id);
    expect(loaded?.toObject()).toEqual(stored.toObject());
    expect(loaded?.equals(stored)).toBe(true);
  });

  it('are replaced whole, so that no token outlives its pair', async () => {
    await storage.storeSession(session(FIRST, { accessToken: 'shpat_2', refreshToken: 'shprt_2' }));
    await storage.storeSession(session(FIRST, { accessToken: 'shpat_3' }));
    const loaded = await storage.loadSession(`offline_${FIRST}`);
    expect([loaded?.accessToken, loaded?.refreshToken]).toEqual(['shpat_3', undefined]);
    expect((await owner.query('SELECT 1 FROM sessions')).rowCount).toBe(1);
  });

  it('are given an end when Shopify forgot it for a token that can be refreshed', async () => {
    await storage.storeSession(session(FIRST, { refreshToken: 'shprt_4' }));
    const loaded = await storage.loadSession(`offline_${FIRST}`);
    const leftMs = (loaded?.expires?.getTime() ?? 0) - Date.now();
    expect(leftMs).toBeGreaterThan(3_500_000);
    expect(leftMs).toBeLessThanOrEqual(3_600_000);
  });

  it('of one shop are found, and deleted, without touching those of another', async () => {
    await storage.storeSession(session(FIRST));
    await storage.storeSession(session(SECOND));
    expect((await storage.findSessionsByShop(FIRST)).map((found) => found.shop)).toEqual([FIRST]);
    expect(await storage.deleteSessions([`offline_${FIRST}`, 'offline_nobody.myshopify.com'])).toBe(true);
    expect(await storage.findSessionsByShop(FIRST)).toEqual([]);
    expect((await storage.findSessionsByShop(SECOND)).map((found) => found.accessToken)).toEqual([`shpat_${SECOND}`]);
  });

  it('that no key opens count as none, so that the next visit brings another token', async () => {
    await storage.storeSession(session(FIRST));
    await owner.query("UPDATE sessions SET access_token_sealed = overlay(access_token_sealed placing '\\x00'::bytea from 40) WHERE session_id = $1", [`offline_${FIRST}`]);
    expect(await storage.loadSession(`offline_${FIRST}`)).toBeUndefined();
    expect(await storage.findSessionsByShop(FIRST)).toEqual([]);
    await storage.deleteSession(`offline_${FIRST}`);
  });

  it('that were replaced meanwhile are not ended by whoever was refused with those of before', async () => {
    const before = session(FIRST, { accessToken: 'shpat_before', refreshToken: 'shprt_before' });
    await storage.storeSession(before);
    await storage.storeSession(session(FIRST, { accessToken: 'shpat_after', refreshToken: 'shprt_after' }));
    await storage.endSession(before);
    const leftMs = async () => ((await storage.loadSession(before.id))?.expires?.getTime() ?? 0) - Date.now();
    expect(await leftMs()).toBeGreaterThan(0);
    await storage.endSession(session(FIRST, { accessToken: 'shpat_after' }));
    expect(await leftMs()).toBeLessThan(0);
  });

  it('of nobody are none, and asking makes no shop', async () => {
    expect(await storage.loadSession('offline_nobody.myshopify.com')).toBeUndefined();
    expect(await storage.findSessionsByShop('nobody.myshopify.com')).toEqual([]);
    expect((await owner.query("SELECT 1 FROM shops WHERE domain = 'nobody.myshopify.com'")).rowCount).toBe(0);
  });

  it('do not open in the row of another shop, nor in plain', async () => {
    await storage.storeSession(session(FIRST));
    await owner.query('UPDATE sessions SET access_token_sealed = (SELECT access_token_sealed FROM sessions JOIN shops USING (shop_id) WHERE domain = $1) WHERE session_id = $2', [SECOND, `offline_${FIRST}`]);
    expect(await storage.loadSession(`offline_${FIRST}`)).toBeUndefined();
    await owner.query('UPDATE sessions SET access_token_sealed = $1 WHERE session_id = $2', [Buffer.from('shpat_plain'), `offline_${FIRST}`]);
    expect(await storage.loadSession(`offline_${FIRST}`)).toBeUndefined();
  });
});
