import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyAppConfig } from '../app-toml.ts';
import type { RunningSimulator } from '../server.ts';
import { at, exchangeToken, installAndQuery, postJson, startTestSimulator, testApp } from '../simulator-client.ts';
import { syntheticStore } from '../synthetic-store.ts';
import type { GraphqlFault, OauthFault } from './fault-rules.ts';

const shop = 'synthetic.myshopify.com';
const firstOrder = '{ order(id: "gid://shopify/Order/1000000") { name displayFinancialStatus lineItems(first: 2) { nodes { id sku } } } }';
const subscribe = `mutation Subscribe { webhookSubscriptionCreate(topic: ORDERS_CREATE, webhookSubscription: { uri: "https://a.example/x" }) { userErrors { message } } }`;

let running: RunningSimulator;
let token: string;
let refreshToken: string;

beforeEach(async () => {
  running = await startTestSimulator({
    store: syntheticStore(3),
    app: { config: { ...emptyAppConfig, scopes: ['read_orders', 'read_all_orders'] } },
  });
  const { body } = await exchangeToken(running, shop);
  token = String(body['access_token']);
  refreshToken = String(body['refresh_token']);
});
afterEach(() => running.close());

function plan(what: GraphqlFault, only?: string): void {
  running.simulator.faults.set({ seed: 1, rules: [{ where: 'graphql', ...(only === undefined ? {} : { only }), what }] });
}

/** As the app sends it, without anything that would help with a broken answer. */
function ask(query: string, signal: AbortSignal = AbortSignal.timeout(30_000)): Promise<Response> {
  return fetch(`${running.origin}/admin/api/2026-10/graphql.json`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Shopify-Access-Token': token, 'x-sim-shop': shop },
    body: JSON.stringify({ query }),
    signal,
  });
}

const subscriptions = (): number => running.simulator.apiSubscriptions(shop).length;

describe('a request that a fault strikes', () => {
  it.each([500, 502, 503, 504])('is answered %i in HTML', async (status) => {
    plan({ kind: 'status', status });
    const answer = await ask(firstOrder);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
  });

  it('is told the seconds to wait with 429', async () => {
    plan({ kind: 'too-many-requests', retryAfterSeconds: 2 });
    const answer = await ask(firstOrder);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '2.0']);
  });

  it('finds the bucket empty, with its true figures', async () => {
    plan({ kind: 'throttled' });
    // Costs what the bucket is given again in seconds, however long the answer takes.
    const lists = [1, 2, 3, 4, 5, 6, 7].map((number) => `list${number}: orders(first: 250) { nodes { lineItems(first: 100) { nodes { id } } } }`);
    const body: unknown = await (await ask(`{ ${lists.join(' ')} }`)).json();
    expect(at(body, 'errors', 0, 'extensions', 'code')).toBe('THROTTLED');
    expect(Number(at(body, 'extensions', 'cost', 'requestedQueryCost'))).toBeGreaterThan(500);
    const status = at(body, 'extensions', 'cost', 'throttleStatus');
    expect(status).toMatchObject({ maximumAvailable: 2000, restoreRate: 100 });
    expect(Number(at(status, 'currentlyAvailable'))).toBeLessThan(Number(at(body, 'extensions', 'cost', 'requestedQueryCost')));
  });

  it('meets a reset before it is handled', async () => {
    plan({ kind: 'reset', when: 'before' });
    await expect(ask(subscribe)).rejects.toThrow('fetch failed');
    expect(subscriptions()).toBe(0);
  });

  it('meets a reset after it was handled', async () => {
    plan({ kind: 'reset', when: 'after' });
    await expect(ask(subscribe)).rejects.toThrow('fetch failed');
    expect(subscriptions()).toBe(1);
  });

  it.each([['before', 0], ['after', 1]] as const)('hangs %s it is handled', async (when, made) => {
    plan({ kind: 'hang', when });
    await expect(ask(subscribe, AbortSignal.timeout(150))).rejects.toThrow('timeout');
    expect(subscriptions()).toBe(made);
  });

  it('is answered late', async () => {
    plan({ kind: 'slow', delayMs: 60 });
    const startedMs = performance.now();
    expect(at(await (await ask(firstOrder)).json(), 'data', 'order', 'name')).toBe('#1001');
    expect(performance.now() - startedMs).toBeGreaterThan(50);
  });

  it('is answered by gzip that ends in its middle', async () => {
    plan({ kind: 'truncated-gzip' });
    const answer = await ask(firstOrder);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    // Node's fetch gives what it could unpack, without an error of its own.
    await expect(answer.json()).rejects.toThrow(SyntaxError);
  });

  it('is answered by half of its JSON', async () => {
    plan({ kind: 'invalid-json' });
    expect(await (await ask(firstOrder)).text()).toMatch(/^\{"data":\{/);
    await expect((await ask(firstOrder)).json()).rejects.toThrow(SyntaxError);
  });

  it('is answered by a page in HTML', async () => {
    plan({ kind: 'html' });
    const answer = await ask(firstOrder);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<!doctype html>');
  });

  it('meets an error of Shopify itself at HTTP 200', async () => {
    plan({ kind: 'internal-error' });
    expect(at(await (await ask(firstOrder)).json(), 'errors', 0, 'extensions', 'code')).toBe('INTERNAL_SERVER_ERROR');
  });

  it('is passed by when it is of another operation', async () => {
    plan({ kind: 'html' }, 'Subscribe');
    expect(at(await (await ask(firstOrder)).json(), 'data', 'order', 'name')).toBe('#1001');
    expect(await (await ask(subscribe)).text()).toContain('<!doctype html>');
  });
});

describe('a schema that drifts', () => {
  it('gains an enum value, and null where a value was', async () => {
    plan({ kind: 'changed-field', field: 'displayFinancialStatus', becomes: 'PAID_IN_SHELLS' });
    expect(at(await (await ask(firstOrder)).json(), 'data', 'order', 'displayFinancialStatus')).toBe('PAID_IN_SHELLS');
    plan({ kind: 'changed-field', field: 'sku', becomes: null });
    expect(at(await (await ask(firstOrder)).json(), 'data', 'order', 'lineItems', 'nodes', 1, 'sku')).toBeNull();
  });

  it('loses a field and gains another', async () => {
    plan({ kind: 'missing-field', field: 'name' });
    expect(at(await (await ask(firstOrder)).json(), 'data', 'order')).not.toHaveProperty('name');
    plan({ kind: 'extra-field', beside: 'name', field: 'mood', value: 'fine' });
    expect(at(await (await ask(firstOrder)).json(), 'data', 'order')).toMatchObject({ name: '#1001', mood: 'fine' });
  });

  it('falls forward to another version', async () => {
    plan({ kind: 'fallen-forward', version: '2027-04' });
    const answer = await ask(firstOrder);
    expect(answer.headers.get('x-shopify-api-version')).toBe('2027-04');
    expect(at(await answer.json(), 'data', 'order', 'name')).toBe('#1001');
  });

  it('says what is deprecated', async () => {
    plan({ kind: 'deprecated', reason: 'https://shopify.dev/deprecated' });
    expect((await ask(firstOrder)).headers.get('x-shopify-api-deprecated-reason')).toBe('https://shopify.dev/deprecated');
  });

  it('withholds a field with null and an error that names it', async () => {
    plan({ kind: 'withheld', field: 'displayFinancialStatus' });
    const answer = await ask(firstOrder);
    const body: unknown = await answer.json();
    expect([answer.status, at(body, 'data', 'order')]).toEqual([200, expect.objectContaining({ name: '#1001', displayFinancialStatus: null })]);
    expect(at(body, 'errors')).toEqual([
      expect.objectContaining({ path: ['order', 'displayFinancialStatus'], extensions: expect.objectContaining({ code: 'ACCESS_DENIED' }) }),
    ]);
  });
});

describe('the grant of tokens', () => {
  const refresh = () =>
    postJson(`${running.origin}/admin/oauth/access_token`, {
      client_id: testApp.clientId,
      client_secret: testApp.clientSecret,
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    });
  const planOauth = (what: OauthFault): void =>
    running.simulator.faults.set({ seed: 1, rules: [{ where: 'oauth', only: 'refresh_token', first: 1, what }] });

  it('can be refused', async () => {
    planOauth({ kind: 'refused' });
    expect(await refresh()).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('whose answer is lost leaves the old refresh token good until the new one is used', async () => {
    planOauth({ kind: 'reset', when: 'after' });
    await expect(refresh()).rejects.toThrow('fetch failed');
    const again = await refresh();
    expect(again.status).toBe(200);
    const old = refreshToken;
    refreshToken = String(again.body['refresh_token']);
    expect((await refresh()).status).toBe(200);
    refreshToken = old;
    expect((await refresh()).status).toBe(400);
  });

  it('can forget to say when the token ends', async () => {
    planOauth({ kind: 'no-expires-in' });
    const { body } = await refresh();
    expect(body).not.toHaveProperty('expires_in');
    expect(body).toHaveProperty('refresh_token_expires_in');
  });
});

it('orders older than 60 days are hidden from an app without read_all_orders', async () => {
  await running.close();
  running = await startTestSimulator({
    store: syntheticStore(3, { endsAt: '2026-01-01T00:00:00.000Z' }),
    now: () => new Date('2026-11-01T00:00:00Z'),
    app: { config: { ...emptyAppConfig, scopes: ['read_orders'] } },
  });
  const query = await installAndQuery(running, shop);
  const { body } = await query('{ ordersCount { count } order(id: "gid://shopify/Order/1000000") { id } }');
  expect(body['data']).toEqual({ ordersCount: { count: 0 }, order: null });
});

it('the control API sets, shows and removes rules, and says what is wrong with them', async () => {
  const url = `${running.origin}/control/api/faults`;
  const rules = [{ where: 'graphql', what: { kind: 'html' } }];
  expect((await postJson(url, { seed: 9, rules })).body).toMatchObject({ seed: 9, rules: [{ where: 'graphql', struck: 0 }] });
  await (await ask(firstOrder)).text();
  expect(await (await fetch(url)).json()).toMatchObject({ counts: { 'graphql html': 1 }, log: [{ where: 'graphql', kind: 'html', shop }] });
  expect(await postJson(url, { rules: [{ where: 'graphql', what: { kind: 'rain' } }] })).toMatchObject({ status: 400 });
  await (await fetch(url, { method: 'DELETE' })).text();
  expect((await ask(firstOrder)).headers.get('content-type')).toContain('application/json');
  expect(await (await fetch(`${running.origin}/control`)).text()).toContain('Faults');
});

it('faults can be there from the start', async () => {
  await running.close();
  running = await startTestSimulator({ store: syntheticStore(1), faults: { seed: 1, rules: [{ where: 'oauth', what: { kind: 'status', status: 502 } }] } });
  const answer = await fetch(`${running.origin}/admin/oauth/access_token`, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(502);
});

it('a raw connection is reset, not closed', async () => {
  plan({ kind: 'reset', when: 'before' });
  const error = await new Promise((resolve) => {
    const sent = request(`${running.origin}/admin/api/2026-10/graphql.json`, { method: 'POST' }, resolve);
    sent.on('error', resolve);
    sent.end('{"query":"{ shop { id } }"}');
  });
  expect(error).toMatchObject({ code: 'ECONNRESET' });
});
