import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type * as AdminApiAdapter from '#app/adapters/shopify/admin-api.server.ts';
import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import type * as Documents from '#app/generated/admin-api.ts';
import { startFaultProxy, type Fault, type FaultProxy } from '#test/support/fault-proxy.ts';

const DOMAIN = 'answers.myshopify.com';
const DEADLINE_MS = 200;

let shopify: FaultProxy;
let adapter: typeof AdminApiAdapter;
let documents: typeof Documents;

beforeAll(async () => {
  shopify = await startFaultProxy();
  process.env['SHOPIFY_SIM_ORIGIN'] = shopify.url;
  await import('#test/simulator/install.ts');
  adapter = await import('#app/adapters/shopify/admin-api.server.ts');
  documents = await import('#app/generated/admin-api.ts');
});

beforeEach(() => shopify.clear());
afterAll(() => shopify.close());

const json = (body: unknown, status = 200): Fault => ({ kind: 'answer', status, body: JSON.stringify(body) });
const good = json({ data: { bulkOperation: null } });
const html: Fault = { kind: 'answer', status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>We are back soon</html>' };

function throttled(requestedQueryCost: number, currentlyAvailable: number, restoreRate: number): Fault {
  const cost = { requestedQueryCost, actualQueryCost: null, throttleStatus: { maximumAvailable: 2000, currentlyAvailable, restoreRate } };
  return json({ errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions: { cost } });
}

/** Answers with each fault once, and with the last for ever. */
function script(...faults: Fault[]): void {
  shopify.plan = () => faults[Math.min(faults.length, shopify.requests.length) - 1];
}

/** The adapter with its waits written down instead of waited. */
function callShopify(tokens: (refused: string | null) => string = () => 'shpat_first'): { admin: AdminApi; waitsMs: number[] } {
  const waitsMs: number[] = [];
  const admin = adapter.createAdminApi({
    domain: DOMAIN,
    accessToken: async (refused) => tokens(refused),
    fetch: (input, init) => fetch(input, init),
    wait: async (milliseconds) => void waitsMs.push(milliseconds),
    deadlineMs: DEADLINE_MS,
  });
  return { admin, waitsMs };
}

const ask = (admin: AdminApi) => admin(documents.BulkOperationStateDocument, { id: 'gid://shopify/BulkOperation/1' });
const mutate = (admin: AdminApi) => admin(documents.CancelBulkOperationDocument, { id: 'gid://shopify/BulkOperation/1' });
const sentTokens = () => shopify.requests.map((request) => request.headers['x-shopify-access-token']);

describe('an Admin API that throttles', () => {
  it('is asked again when its bucket has refilled by what was missing', async () => {
    script(throttled(500, 100, 100), throttled(500, 450, 200), good);
    const { admin, waitsMs } = callShopify();
    await expect(ask(admin)).resolves.toEqual({ data: { bulkOperation: null }, withheld: [] });
    expect(waitsMs).toEqual([4_000, 250]);
  });

  it('is given the seconds that Retry-After names', async () => {
    script({ kind: 'answer', status: 429, headers: { 'Retry-After': '2.0' }, body: '{"errors":"Too many"}' }, good);
    const { admin, waitsMs } = callShopify();
    await ask(admin);
    expect(waitsMs).toEqual([2_000]);
  });

  it('is left to the caller when Retry-After is longer than a request can be held, and not asked sooner', async () => {
    script({ kind: 'answer', status: 429, headers: { 'Retry-After': '30' }, body: '{}' }, good);
    const { admin, waitsMs } = callShopify();
    await expect(ask(admin)).rejects.toThrow(adapter.ShopifyUnavailableError);
    expect([waitsMs, shopify.requests.length]).toEqual([[], 1]);
  });

  it('is not asked for ever', async () => {
    script(throttled(500, 0, 100));
    const { admin, waitsMs } = callShopify();
    await expect(ask(admin)).rejects.toThrow(adapter.ShopifyUnavailableError);
    expect(waitsMs).toHaveLength(8);
  });

  it('is sent a mutation again too, because it did not run it', async () => {
    script(throttled(10, 0, 100), json({ data: { bulkOperationCancel: null } }));
    const { admin } = callShopify();
    await expect(mutate(admin)).resolves.toMatchObject({ data: { bulkOperationCancel: null } });
    expect(shopify.requests).toHaveLength(2);
  });
});

describe('an Admin API that cannot be reached', () => {
  it.each<[string, Fault]>([
    ['500 as HTML', { ...html, status: 500 }],
    ['502 as HTML', { ...html, status: 502 }],
    ['503 as JSON', json({ errors: 'unavailable' }, 503)],
    ['200 as HTML', html],
    ['JSON that breaks off', { kind: 'answer', status: 200, body: '{"data":{"bulkOperation":' }],
    ['200 with nothing', { kind: 'answer', status: 200, body: '' }],
    ['200 with a JSON list', json([])],
    ['a reset', { kind: 'reset' }],
    ['silence', { kind: 'hang' }],
    ['a redirect', { kind: 'answer', status: 302, headers: { Location: '/elsewhere' }, body: '' }],
    ['an error of its own', json({ errors: [{ message: 'oops', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] })],
  ])('is told apart from a refusal and sent a mutation once: %s', async (_what, fault) => {
    script(fault);
    const { admin } = callShopify();
    const startedAt = performance.now();
    await expect(mutate(admin)).rejects.toThrow(adapter.ShopifyUnavailableError);
    expect(performance.now() - startedAt).toBeLessThan(DEADLINE_MS * 10);
    expect(shopify.requests).toHaveLength(1);
  });
});

describe('an Admin API that refuses', () => {
  const refusal = json({ errors: '[API] Invalid API key or access token' }, 401);

  it('is asked once more with a new token, and the one refused is named', async () => {
    script(refusal, good);
    const { admin } = callShopify((refused) => (refused === null ? 'shpat_first' : `after ${refused}`));
    await ask(admin);
    expect(sentTokens()).toEqual(['shpat_first', 'after shpat_first']);
  });

  it('does not cost another token when it throttles the new one', async () => {
    script(refusal, throttled(10, 0, 100), throttled(10, 0, 100), good);
    let issued = 1;
    let current = 'shpat_1';
    const { admin } = callShopify((refused) => (refused === current ? (current = `shpat_${(issued += 1)}`) : current));
    await ask(admin);
    expect(sentTokens()).toEqual(['shpat_1', 'shpat_2', 'shpat_2', 'shpat_2']);
  });

  it.each([
    ['twice 401', 401, 2],
    ['twice 403', 403, 2],
    ['a frozen shop', 402, 1],
    ['a shop that is gone', 404, 1],
    ['a locked shop', 423, 1],
  ])('means that the grant is lost: %s', async (_what, status, requests) => {
    script(json({ errors: 'no' }, status));
    const { admin } = callShopify((refused) => refused ?? 'shpat_first');
    const error = await ask(admin).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(adapter.ShopifyAccessError);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('shpat_');
    expect(shopify.requests).toHaveLength(requests);
  });

  it('says which fields it withholds, beside what it gives', async () => {
    const denied = { message: 'Access denied', path: ['shop', 'plan'], extensions: { code: 'ACCESS_DENIED' } };
    script(json({ data: { bulkOperation: null }, errors: [denied] }));
    await expect(ask(callShopify().admin)).resolves.toEqual({ data: { bulkOperation: null }, withheld: ['shop.plan'] });
  });

  it.each([
    ['an unknown field', json({ errors: [{ message: 'Field does not exist' }] })],
    ['everything withheld', json({ data: null, errors: [{ message: 'Access denied', extensions: { code: 'ACCESS_DENIED' } }] })],
    ['a query that costs too much', json({ errors: [{ message: 'Too dear', extensions: { code: 'MAX_COST_EXCEEDED' } }] })],
  ])('is a mistake in the question: %s', async (_what, fault) => {
    script(fault);
    await expect(ask(callShopify().admin)).rejects.toThrow(adapter.ShopifyRequestError);
    expect(shopify.requests).toHaveLength(1);
  });
});
