import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyAppConfig } from './app-toml.ts';
import type { RunningSimulator } from './server.ts';
import { exchangeToken, postJson, startTestSimulator, testApp, type JsonAnswer } from './simulator-client.ts';
import { removeStaff, transferOwnership } from './staff.ts';
import { syntheticStore } from './synthetic-store.ts';

const shop = 'synthetic.myshopify.com';
let running: RunningSimulator;

beforeEach(async () => {
  running = await startTestSimulator({
    store: syntheticStore(3),
    app: { config: { ...emptyAppConfig, scopes: ['read_orders', 'write_discounts'] } },
  });
});
afterEach(() => running.close());

function refresh(refreshToken: unknown): Promise<JsonAnswer> {
  return postJson(`${running.origin}/admin/oauth/access_token`, {
    client_id: testApp.clientId,
    client_secret: testApp.clientSecret,
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
  });
}

async function statusOf(accessToken: unknown): Promise<number> {
  const { status } = await postJson(
    `${running.origin}/admin/api/2026-10/graphql.json`,
    { query: '{ shop { name } }' },
    { 'X-Shopify-Access-Token': String(accessToken) },
  );
  return status;
}

describe('token exchange', () => {
  it('trades a session token for an expiring offline token, and is the install', async () => {
    expect(running.simulator.shops.get(shop)?.isInstalled()).toBe(false);
    const { status, body } = await exchangeToken(running, shop);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      scope: 'read_orders,write_discounts',
      expires_in: 3600,
      refresh_token_expires_in: 7_776_000,
    });
    expect(running.simulator.shops.get(shop)?.isInstalled()).toBe(true);
    expect(await statusOf(body['access_token'])).toBe(200);
  });

  it('gives an online token with its user, and a classic one that never expires when not asked to', async () => {
    const requested_token_type = 'urn:shopify:params:oauth:token-type:online-access-token';
    const online = (sub: string) => exchangeToken(running, shop, { claims: { sub }, form: { requested_token_type } });
    expect((await online('1')).body).toMatchObject({ expires_in: 86_399, associated_user: { id: 1, account_owner: true, collaborator: false } });
    expect((await online('3')).body).toMatchObject({ associated_user: { id: 3, first_name: 'Kim', account_owner: false, collaborator: true } });
    const store = running.simulator.requireStore(shop);
    transferOwnership(store, 3);
    expect((await online('1')).body).toMatchObject({ associated_user: { account_owner: false } });
    removeStaff(store, 1);
    expect(await online('1')).toMatchObject({ status: 400, body: { error: 'invalid_subject_token' } });
    const classic = await exchangeToken(running, shop, { form: { expiring: undefined } });
    expect(Object.keys(classic.body).sort()).toEqual(['access_token', 'scope']);
  });

  it.each([
    ['a foreign signature', { secret: 'another' }],
    ['another audience', { claims: { aud: 'another' } }],
    ['an expired token', { claims: { exp: 1000 } }],
    ['an unknown store', { claims: { dest: 'https://nobody.myshopify.com' } }],
  ])('refuses %s', async (_what, overrides) => {
    const { status, body } = await exchangeToken(running, shop, overrides);
    expect([status, body['error']]).toEqual([400, 'invalid_subject_token']);
  });

  it('refuses a wrong client secret', async () => {
    const { status } = await exchangeToken(running, shop, { form: { client_secret: 'wrong' } });
    expect(status).toBe(401);
  });
});

describe('token rotation', () => {
  it('ends an access token after an hour and gives a new pair for the refresh token', async () => {
    const { body: first } = await exchangeToken(running, shop);
    running.simulator.advanceClock(3601 * 1000);
    expect(await statusOf(first['access_token'])).toBe(401);
    const { status, body: second } = await refresh(first['refresh_token']);
    expect(status).toBe(200);
    expect(second['refresh_token']).not.toBe(first['refresh_token']);
    expect(await statusOf(second['access_token'])).toBe(200);
  });

  it('takes the old refresh token again until the new one has been used', async () => {
    const { body: first } = await exchangeToken(running, shop);
    const { body: lost } = await refresh(first['refresh_token']);
    const again = await refresh(first['refresh_token']);
    expect(again.status).toBe(200);
    expect((await refresh(again.body['refresh_token'])).status).toBe(200);
    expect((await refresh(first['refresh_token'])).status).toBe(400);
    expect(lost['refresh_token']).toBeDefined();
  });

  it('refuses a refresh token after 90 days', async () => {
    const { body } = await exchangeToken(running, shop);
    running.simulator.advanceClock(91 * 24 * 3600 * 1000);
    expect((await refresh(body['refresh_token'])).status).toBe(400);
  });

  it('refuses everything of a store that has uninstalled the app', async () => {
    const { body } = await exchangeToken(running, shop);
    const store = running.simulator.shops.get(shop);
    if (store) running.simulator.uninstall(store);
    expect(await statusOf(body['access_token'])).toBe(401);
    expect((await refresh(body['refresh_token'])).status).toBe(400);
    await exchangeToken(running, shop);
    expect(await statusOf(body['access_token'])).toBe(401);
  });
});
