import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type * as AdminApiAdapter from '#app/adapters/shopify/admin-api.server.ts';
import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import type * as Pacing from '#app/adapters/shopify/point-pacer.server.ts';
import type * as Documents from '#app/generated/admin-api.ts';
import { startFaultProxy, type Fault, type FaultProxy } from '#test/support/fault-proxy.ts';

const DOMAIN = 'answers.myshopify.com';
/** Far longer than an answer takes that comes at all. */
const DEADLINE_MS = 15_000;
/** For one that never comes; the question has arrived by then. */
const SHORT_DEADLINE_MS = 1_500;

let shopify: FaultProxy;
let adapter: typeof AdminApiAdapter;
let pacing: typeof Pacing;
let documents: typeof Documents;

beforeAll(async () => {
  shopify = await startFaultProxy();
  process.env['SHOPIFY_SIM_ORIGIN'] = shopify.url;
  await import('#test/simulator/install.ts');
  adapter = await import('#app/adapters/shopify/admin-api.server.ts');
  pacing = await import('#app/adapters/shopify/point-pacer.server.ts');
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

interface CallOptions {
  tokens?: (refused: string | null) => string;
  deadlineMs?: number;
  isClockReal?: boolean;
}

/** The adapter with a clock that only its own waits move, unless it is the real one; they are written down instead of waited. */
function callShopify({ tokens = () => 'shpat_first', deadlineMs = DEADLINE_MS, isClockReal = false }: CallOptions = {}) {
  const waitsMs: number[] = [];
  const notices: string[] = [];
  let nowMs = 0;
  const wait = async (milliseconds: number) => {
    waitsMs.push(milliseconds);
    nowMs += milliseconds;
  };
  const clock = { wait, monotonicMs: () => (isClockReal ? performance.now() : nowMs) };
  const admin = adapter.createAdminApi({
    ...clock,
    domain: DOMAIN,
    accessToken: async (refused) => tokens(refused),
    fetch: (input, init) => fetch(input, init),
    randomFraction: () => 0.5,
    pacer: new pacing.PointPacers(clock).of(DOMAIN),
    onNotice: (kind, detail) => notices.push(`${kind} ${detail}`),
    deadlineMs,
  });
  return { admin, waitsMs, notices };
}

const ask = (admin: AdminApi) => admin(documents.BulkOperationStateDocument, { id: 'gid://shopify/BulkOperation/1' });
const mutate = (admin: AdminApi) => admin(documents.CancelBulkOperationDocument, { id: 'gid://shopify/BulkOperation/1' });
const sentTokens = () => shopify.requests.map((request) => request.headers['x-shopify-access-token']);

describe('an Admin API that throttles', () => {
  it('is asked again when its bucket has refilled by what was missing and a twentieth of it', async () => {
    script(throttled(700, 100, 100), throttled(720, 800, 100), good);
    const { admin, waitsMs } = callShopify();
    await expect(ask(admin)).resolves.toEqual({ data: { bulkOperation: null }, withheld: [] });
    expect(waitsMs).toEqual([7_000, 200]);
  });

  it('is given the seconds that Retry-After names', async () => {
    script({ kind: 'answer', status: 429, headers: { 'Retry-After': '2.0' }, body: '{"errors":"Too many"}' }, good);
    const { admin, waitsMs } = callShopify();
    await ask(admin);
    expect(waitsMs).toEqual([2_000]);
  });

  it('is left to the caller when Retry-After is longer than a request can be held, and nobody of this process asks sooner', async () => {
    script({ kind: 'answer', status: 429, headers: { 'Retry-After': '30' }, body: '{}' }, good);
    const { admin, waitsMs } = callShopify();
    await expect(ask(admin)).rejects.toThrow('throttles us for 30000 ms');
    await expect(ask(admin)).rejects.toThrow('throttles us for 30000 ms');
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

describe('calls that would empty the bucket', () => {
  const costing = (requestedQueryCost: number, actualQueryCost: number, currentlyAvailable: number): Fault =>
    json({
      data: { bulkOperation: null },
      extensions: { cost: { requestedQueryCost, actualQueryCost, throttleStatus: { maximumAvailable: 2000, currentlyAvailable, restoreRate: 100 } } },
    });

  it('wait until it will hold what they cost, and go one after the other', async () => {
    script(costing(40, 20, 100));
    const { admin, waitsMs } = callShopify();
    await ask(admin);
    expect(waitsMs).toEqual([]);
    // 40 for itself beside the 100 that are left free; the second, 400 ms later, lets the first have its 20.
    await Promise.all([ask(admin), ask(admin)]);
    expect(waitsMs).toEqual([400, 200]);
  });

  it('do not wait while it is full enough', async () => {
    script(costing(40, 20, 1500));
    const { admin, waitsMs } = callShopify();
    await Promise.all(Array.from({ length: 20 }, () => ask(admin)));
    expect(waitsMs).toEqual([]);
  });

  it('reckon with what others of the same app take meanwhile', async () => {
    // Ours took 20 of 300, and 150 are missing besides.
    script(costing(40, 20, 300), costing(40, 20, 130), costing(40, 20, 110));
    const { admin, waitsMs } = callShopify();
    await ask(admin);
    await ask(admin);
    await ask(admin);
    // 10 are missing, and of the 100 a second that are restored others took 30 a second of late.
    expect(waitsMs).toEqual([143]);
  });

  it('wait for what so many records cost, and not for what more of them did', async () => {
    script(costing(900, 900, 200), costing(40, 20, 200));
    const { admin, waitsMs } = callShopify();
    const askFor = (orders: number) =>
      admin(documents.OrdersByIdDocument, { ids: Array.from({ length: orders }, (_, index) => `gid://shopify/Order/${index}`) });
    await askFor(25);
    await askFor(1);
    expect(waitsMs).toEqual([]);
  });

  it('do not keep what they were promised when they fail', async () => {
    const resets = Array.from({ length: 9 }, (): Fault => ({ kind: 'reset' }));
    script(costing(40, 20, 145), ...resets, costing(40, 20, 145));
    const { admin, waitsMs } = callShopify();
    await ask(admin);
    for (let failures = 0; failures < 3; failures += 1) await expect(ask(admin)).rejects.toThrow(adapter.ShopifyUnavailableError);
    await ask(admin);
    // Each is asked twice more, and waits for that alone.
    expect(waitsMs).toEqual([200, 400, 200, 400, 200, 400]);
  });

  it('are not paced by figures that no bucket has', async () => {
    const odd = { requestedQueryCost: 'much', throttleStatus: { maximumAvailable: null, restoreRate: 0 } };
    script(json({ data: { bulkOperation: null }, extensions: { cost: odd } }));
    const { admin, waitsMs } = callShopify();
    await ask(admin);
    await ask(admin);
    expect(waitsMs).toEqual([]);
  });
});

describe('a query whose answer does not come', () => {
  it('is asked twice more, after a growing pause', async () => {
    script({ kind: 'reset' }, json({ errors: 'oops' }, 503), good);
    const { admin, waitsMs } = callShopify();
    await expect(ask(admin)).resolves.toMatchObject({ withheld: [] });
    expect([waitsMs, shopify.requests.length]).toEqual([[200, 400], 3]);
  });

  it('is given up after that', async () => {
    script(html);
    const { admin } = callShopify();
    await expect(ask(admin)).rejects.toThrow(adapter.ShopifyUnavailableError);
    expect(shopify.requests).toHaveLength(3);
  });

  it('is not asked again when its deadline has passed', async () => {
    script({ kind: 'hang' }, good);
    const { admin } = callShopify({ deadlineMs: SHORT_DEADLINE_MS, isClockReal: true });
    await expect(ask(admin)).rejects.toThrow(adapter.ShopifyUnavailableError);
    expect(shopify.requests).toHaveLength(1);
  });
});

describe('an answer that shows that Shopify has moved on', () => {
  it('is taken, and its version and deprecation are told', async () => {
    const headers = { 'X-Shopify-API-Version': '2027-04', 'X-Shopify-API-Deprecated-Reason': 'https://shopify.dev/old' };
    script({ kind: 'answer', status: 200, headers, body: '{"data":{"bulkOperation":null}}' });
    const { admin, notices } = callShopify();
    await ask(admin);
    expect(notices).toEqual(['fallen-forward 2027-04', 'deprecated https://shopify.dev/old']);
  });

  it('is nothing to tell when it is of the version that was asked for', async () => {
    script({ kind: 'answer', status: 200, headers: { 'X-Shopify-API-Version': adapter.ADMIN_API_VERSION }, body: '{"data":{"bulkOperation":null}}' });
    const { admin, notices } = callShopify();
    await ask(admin);
    expect(notices).toEqual([]);
  });

  it('tells what it withholds and when it throttles', async () => {
    const denied = { message: 'Access denied', path: ['shop', 'plan'], extensions: { code: 'ACCESS_DENIED' } };
    script(throttled(10, 0, 100), json({ data: { bulkOperation: null }, errors: [denied] }));
    const { admin, notices } = callShopify();
    await ask(admin);
    expect(notices).toEqual(['throttled points', 'withheld shop.plan']);
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
    const { admin } = callShopify(fault.kind === 'hang' ? { deadlineMs: SHORT_DEADLINE_MS } : {});
    await expect(mutate(admin)).rejects.toThrow(adapter.ShopifyUnavailableError);
    expect(shopify.requests).toHaveLength(1);
  });
});

describe('an Admin API that refuses', () => {
  const refusal = json({ errors: '[API] Invalid API key or access token' }, 401);

  it('is asked once more with a new token, and the one refused is named', async () => {
    script(refusal, good);
    const { admin } = callShopify({ tokens: (refused) => (refused === null ? 'shpat_first' : `after ${refused}`) });
    await ask(admin);
    expect(sentTokens()).toEqual(['shpat_first', 'after shpat_first']);
  });

  it('does not cost another token when it throttles the new one', async () => {
    script(refusal, throttled(10, 0, 100), throttled(10, 0, 100), good);
    let issued = 1;
    let current = 'shpat_1';
    const { admin } = callShopify({ tokens: (refused) => (refused === current ? (current = `shpat_${(issued += 1)}`) : current) });
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
    const { admin } = callShopify({ tokens: (refused) => refused ?? 'shpat_first' });
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
