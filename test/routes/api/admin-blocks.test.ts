import { randomUUID } from 'node:crypto';

import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { AdjustPointsRequest, AdminCustomerCard, GivePointsRequest } from '#app/contracts/admin-blocks.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { signSessionToken } from '#test/simulator/session-token.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { installFaultyWire, type Fault } from '#test/services/offers/faulty-wire.ts';
import { startAppServer } from '#test/support/app-server.ts';
import { BROWSER_AGENT, startAppUnderTest, TEST_APP, type AppUnderTest } from '#test/support/app-under-test.ts';
import { aProgram } from '#test/support/loyalty/loyalty-shop.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { waitFor } from '#test/support/wait-for.ts';

/** Twelve customers with three orders each. */
const STORE = syntheticStore(36);
const DOMAIN = STORE.shop.domain;
const STAFF = '4711';
/** A query is asked three times before it is given up. */
const SILENT: Fault[] = ['error-before', 'error-before', 'error-before'];

let app: AppUnderTest;
let server: Awaited<ReturnType<typeof startAppServer>>;
let owner: pg.Client;
let context: ShopContext;
let shopify: ShopStore;
let wire: ReturnType<typeof installFaultyWire>;
let customerIds: number[];
let segmentId: number;

beforeAll(async () => {
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
});

afterAll(async () => {
  wire.remove();
  await owner.end();
  await server.close();
  await app.stop();
});

beforeEach(async () => {
  wire.reset();
  app.running.simulator.bucketOf(DOMAIN).fill();
  await clear('loyalty_gifts', 'loyalty_tier_changes', 'loyalty_notes', 'loyalty_postings', 'loyalty_entries', 'loyalty_members', 'loyalty_progress', 'loyalty_program_versions');
  await saveProgram(aProgram());
});

/** What is only ever added to goes in its own way: by nobody's hand but the test's. */
async function clear(...tables: string[]): Promise<void> {
  await owner.query('BEGIN');
  await owner.query('SET LOCAL session_replication_role = replica');
  for (const table of tables) await owner.query(`DELETE FROM ${table}`);
  await owner.query('COMMIT');
}

async function saveProgram(program: Program): Promise<void> {
  await owner.query(
    `INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at)
     SELECT $1, coalesce(max(version), 0) + 1, $2, now() FROM loyalty_program_versions WHERE shop_id = $1`,
    [context.shop.shopId, JSON.stringify(program)],
  );
}

function tokenOf(change: Record<string, unknown> = {}): string {
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

async function ask(path: string, { method, body, token = tokenOf() }: Asked = {}) {
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

const customer = (index = 0) => customerIds[index] ?? 0;

async function cardOf(id: number): Promise<AdminCustomerCard> {
  return (await ask(`/api/admin/customer?id=gid://shopify/Customer/${id}`)).body;
}

const anAdjustment = (change: Partial<AdjustPointsRequest> = {}): AdjustPointsRequest => ({
  ...{ customerId: `gid://shopify/Customer/${customer()}`, points: '150', direction: 'give', reason: 'For the wait', requestKey: randomUUID() },
  ...change,
});

async function adjust(change: Partial<AdjustPointsRequest> = {}) {
  return (await ask('/api/admin/adjustments', { body: anAdjustment(change) })).body;
}

const aWish = (change: Partial<GivePointsRequest> = {}): GivePointsRequest => ({
  ...{ segmentId: `gid://shopify/Segment/${segmentId}`, points: '40', reason: 'Summer', requestKey: randomUUID() },
  ...change,
});

async function give(change: Partial<GivePointsRequest> = {}) {
  return (await ask('/api/admin/gifts', { body: aWish(change) })).body;
}

async function count(sql: string): Promise<number> {
  return Number((await owner.query<{ count: string }>(sql)).rows[0]?.count);
}

const givenEntries = () => count("SELECT count(*) FROM loyalty_entries WHERE reason ->> 'code' = 'to-segment'");

/** As the worker does, until nothing is due. */
async function work(): Promise<void> {
  const { advanceGifts } = await import('#app/services/loyalty/gifts/advance-gifts.server.ts');
  for (let turn = 0; turn < 50; turn += 1) {
    if ((await count('SELECT count(*) FROM loyalty_gifts WHERE not_before <= now()')) === 0) return;
    await advanceGifts(context);
  }
  throw new Error('still not given after 50 turns');
}

describe('who may ask from a block in the admin', () => {
  it('a member of staff, whatever origin the block runs on', async () => {
    const { status, headers } = await ask(`/api/admin/customer?id=${customer()}`);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'no-store' });
  });

  it('is told what may be sent, without a token', async () => {
    const { status, headers } = await ask('/api/admin/adjustments', { method: 'OPTIONS', token: null });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-headers')).toContain('Authorization');
  });

  it.each([
    ['without a token', null],
    ['with a buyer’s', () => tokenOf({ iss: undefined, dest: DOMAIN, sub: 'gid://shopify/Customer/1', sid: undefined })],
    ['with one that has ended', () => tokenOf({ exp: Math.floor(Date.now() / 1000) - 60 })],
  ])('nobody %s, and the block can read that', async (_name, token) => {
    const answer = await ask(`/api/admin/customer?id=${customer()}`, { token: token === null ? null : token() });
    expect([answer.status, answer.body, answer.headers.get('access-control-allow-origin')]).toEqual([401, { error: 'unauthorized' }, '*']);
  });

  it('nothing that no block sends', async () => {
    expect((await ask('/api/admin/customer?id=x')).status).toBe(400);
    expect((await ask('/api/admin/segment')).status).toBe(400);
    expect((await ask('/api/admin/gift?id=1')).status).toBe(400);
    expect((await ask(`/api/admin/gift?id=${randomUUID()}`)).status).toBe(404);
    expect((await ask('/api/admin/adjustments', { body: { points: 5 } })).status).toBe(400);
    expect((await ask('/api/admin/gifts', { body: [] })).status).toBe(400);
    expect((await ask('/api/admin/gifts')).status).toBe(405);
  });
});

describe('the card of a customer', () => {
  it('tells nothing that is not there', async () => {
    await clear('loyalty_program_versions');
    const { loyalty, outlook } = await cardOf(9_999);
    expect(loyalty).toEqual({ program: 'none', lastRedemptionDay: null, member: null });
    expect(outlook).toEqual({ state: 'no-orders' });
  });

  it('tells points, entries and what is missing to the next tier', async () => {
    const level = { factorBasisPoints: 10_000, hasFreeShipping: false, entryPoints: null, tag: null };
    const levels = [
      { ...level, id: 'silver', name: 'Silver', threshold: 0 },
      { ...level, id: 'gold', name: 'Gold', threshold: 100_000_000 },
    ];
    await saveProgram(aProgram({ tiers: { basis: 'spend', window: 'lifetime', graceDays: 0, levels } }));
    await adjust();
    await adjust({ direction: 'take', points: '200' });
    const { loyalty } = await cardOf(customer());
    expect(loyalty).toMatchObject({
      program: 'live',
      member: {
        ...{ points: -50, pendingPoints: 0, reservedPoints: 0, isExcluded: false },
        tier: { name: 'Silver', next: { name: 'Gold', missing: { kind: 'spend' } } },
        entries: [{ kind: 'adjusted', points: -200 }, { kind: 'adjusted', points: 150 }],
      },
    });
    await owner.query('UPDATE loyalty_members SET is_excluded = true');
    expect((await cardOf(customer())).loyalty.member).toMatchObject({ isExcluded: true, tier: { name: 'Silver', next: null } });
  });

  it('tells the orders, and that a young store has too little data for a forecast', async () => {
    const outlook = await waitFor('the forecast', async () => {
      const found = (await cardOf(customer())).outlook;
      return found.state === 'known' && found.forecast.state !== 'computing' ? found : undefined;
    });
    expect(outlook).toMatchObject({ orders: 3, group: expect.stringMatching(/^[A-Z_]+$/), forecast: { state: 'not-enough-data' } });
  });

  it('does not take a history that is on its way for none', async () => {
    await owner.query("UPDATE imports SET state = 'running', finished_at = NULL WHERE resource = 'orders'");
    expect((await cardOf(customer())).outlook).toEqual({ state: 'importing' });
    await owner.query("UPDATE imports SET state = 'completed', finished_at = now() WHERE resource = 'orders'");
  });

  it.each([
    ['off', { kind: 'off' }],
    ['paused', { kind: 'paused' }],
    ['over', { kind: 'winding-down', lastRedemptionDay: 1 }],
  ] as const)('says that the program is %s', async (program, status) => {
    await saveProgram(aProgram({ status }));
    expect((await cardOf(customer())).loyalty).toMatchObject({ program });
  });
});

describe('points that are adjusted on a customer’s page', () => {
  it('make a member of a customer, are noted with who did it, and are changed once', async () => {
    const asked = anAdjustment();
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('/api/admin/adjustments', { body: asked })));
    expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 5 }, () => ({ state: 'adjusted', points: 150 })));
    expect((await owner.query('SELECT note, staff_id FROM loyalty_notes')).rows).toEqual([{ note: 'For the wait', staff_id: STAFF }]);
    expect((await cardOf(customer())).loyalty.member).toMatchObject({ points: 150 });
  });

  it('are refused beside the field that is wrong', async () => {
    expect(await adjust({ points: '', reason: ' ' })).toEqual({ state: 'refused', errors: [{ field: 'points', code: 'missing' }, { field: 'reason', code: 'missing' }] });
    expect(await adjust({ points: '1.5' })).toEqual({ state: 'refused', errors: [{ field: 'points', code: 'not-a-number' }] });
    expect(await adjust({ points: '10000001', reason: 'x'.repeat(501) })).toEqual({ state: 'refused', errors: [{ field: 'points', code: 'out-of-range' }, { field: 'reason', code: 'too-long' }] });
    expect(await count('SELECT count(*) FROM loyalty_members')).toBe(0);
  });

  it('are refused for whoever the app does not know, and without a program', async () => {
    expect(await adjust({ customerId: '9999' })).toEqual({ state: 'refused', errors: [{ field: null, code: 'unknown-customer' }] });
    await clear('loyalty_program_versions');
    expect(await adjust()).toEqual({ state: 'refused', errors: [{ field: null, code: 'no-program' }] });
  });
});

describe('a segment before points are given to it', () => {
  it('tells its name, how many customers it has and what points cost', async () => {
    const { body } = await ask(`/api/admin/segment?id=${segmentId}`);
    expect(body).toMatchObject({ state: 'known', name: 'All who ordered', customers: 12, program: 'live', underWay: null, worth: { points: 100, amount: { amountMinor: 100 } } });
  });

  it('may be gone, or not to be had', async () => {
    expect((await ask('/api/admin/segment?id=5')).body).toEqual({ state: 'missing' });
    wire.plan('FindSegment', SILENT);
    expect((await ask(`/api/admin/segment?id=${segmentId}`)).body).toEqual({ state: 'unavailable' });
  });
});

describe('points for everybody in a segment', () => {
  it('are given by the worker, once for each, and it is told who got none', async () => {
    const [excluded, forgotten] = [customer(1), customer(2)];
    await adjust({ customerId: String(excluded) });
    await owner.query('UPDATE loyalty_members SET is_excluded = true');
    await owner.query('DELETE FROM orders WHERE customer_id = $1', [forgotten]);
    await owner.query('DELETE FROM customers WHERE customer_id = $1', [forgotten]);
    const wish = aWish();
    const begun = await Promise.all(Array.from({ length: 4 }, () => ask('/api/admin/gifts', { body: wish })));
    expect(new Set(begun.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(begun[0]?.body).toMatchObject({ state: 'under-way', gift: { state: 'giving', expected: 12, given: 0 } });
    await work();
    expect((await ask(`/api/admin/gift?id=${wish.requestKey}`)).body).toMatchObject({ state: 'completed', seen: 12, given: 10, excluded: 1, unknown: 1 });
    expect(await givenEntries()).toBe(10);
    expect((await cardOf(customer())).loyalty.member).toMatchObject({ points: 40 });
    // The form sent once more, after it has ended.
    expect((await ask('/api/admin/gifts', { body: wish })).body).toMatchObject({ state: 'under-way', gift: { state: 'completed' } });
    await work();
    expect(await givenEntries()).toBe(10);
    expect(await count("SELECT count(*) FROM loyalty_notes WHERE note = 'Summer' AND staff_id = '4711'")).toBe(10);
  });

  it('are refused beside the field, and for what no field can mend', async () => {
    expect(await give({ points: '100001', reason: '' })).toEqual({ state: 'refused', errors: [{ field: 'points', code: 'out-of-range' }, { field: 'reason', code: 'missing' }] });
    expect(await give({ segmentId: '5' })).toEqual({ state: 'refused', errors: [{ field: null, code: 'no-segment' }] });
    const requestKey = randomUUID();
    expect(await give({ requestKey })).toMatchObject({ state: 'under-way' });
    expect(await give()).toEqual({ state: 'refused', errors: [{ field: null, code: 'under-way' }] });
    expect(await give({ requestKey, points: '41' })).toEqual({ state: 'refused', errors: [{ field: null, code: 'other-request' }] });
    await saveProgram(aProgram({ status: { kind: 'off' } }));
    expect(await give()).toEqual({ state: 'refused', errors: [{ field: null, code: 'not-running' }] });
    await clear('loyalty_program_versions');
    expect(await give()).toEqual({ state: 'refused', errors: [{ field: null, code: 'no-program' }] });
  });

  it('wait while Shopify does not answer, and go on where they were', async () => {
    await give();
    wire.plan('SegmentMembers', SILENT);
    await work();
    expect((await owner.query('SELECT state, error_code, outages, not_before > now() AS waits FROM loyalty_gifts')).rows).toEqual([{ state: 'giving', error_code: 'unavailable', outages: 1, waits: true }]);
    wire.reset();
    await owner.query('UPDATE loyalty_gifts SET not_before = now()');
    await work();
    expect((await owner.query('SELECT state, error_code, given_members FROM loyalty_gifts')).rows).toEqual([{ state: 'completed', error_code: null, given_members: await givenEntries() }]);
  });

  it('can be stopped, and gone on with without giving anybody twice', async () => {
    const { stopGift, goOnWithGift } = await import('#app/services/loyalty/gifts/change-gift.server.ts');
    const { giveToPage } = await import('#app/services/loyalty/gifts/give-to-page.server.ts');
    const { loadGift } = await import('#app/adapters/db/loyalty/gifts.repository.server.ts');
    const { loadProgramTerms } = await import('#app/services/loyalty/program-terms.server.ts');
    const requestKey = randomUUID();
    await give({ requestKey });
    const gift = await context.inShop((db) => loadGift(db, context.shop, requestKey));
    const terms = await context.inShop((db) => loadProgramTerms(db, context));
    if (gift === null || terms === null) throw new Error('there is no gift');
    const page = { customerIds: customerIds.slice(0, 5).map(BigInt), next: 'a-cursor' };
    expect(await giveToPage(context, { gift, terms, page })).toBe(true);
    expect(await stopGift(context, requestKey)).toBe(true);
    expect(await stopGift(context, requestKey)).toBe(false);
    expect(await giveToPage(context, { gift, terms, page })).toBe(false);
    const before = await givenEntries();
    expect((await owner.query('SELECT state, after_cursor, given_members FROM loyalty_gifts')).rows).toEqual([{ state: 'stopped', after_cursor: null, given_members: before }]);
    expect(await goOnWithGift(context, requestKey)).toBe(true);
    expect(await goOnWithGift(context, requestKey)).toBe(false);
    await work();
    const { rows } = await owner.query('SELECT state, seen_customers, given_members FROM loyalty_gifts');
    expect(rows).toEqual([{ state: 'completed', seen_customers: 12, given_members: await givenEntries() }]);
    expect(await count('SELECT max(n) AS count FROM (SELECT count(*) AS n FROM loyalty_entries GROUP BY member_id) e')).toBe(1);
  });

  it('end when the segment or the program is gone, and keep what was given', async () => {
    await give();
    await saveProgram(aProgram({ status: { kind: 'off' } }));
    await work();
    expect((await owner.query('SELECT state, error_code FROM loyalty_gifts')).rows).toEqual([{ state: 'failed', error_code: 'not-running' }]);
    await saveProgram(aProgram());
    await owner.query('DELETE FROM loyalty_gifts');
    await give();
    const segment = shopify.segments.get(segmentId);
    if (segment) shopify.restore('segment', { ...segment, isDeleted: true });
    await work();
    if (segment) shopify.restore('segment', segment);
    expect((await owner.query('SELECT state, error_code FROM loyalty_gifts')).rows).toEqual([{ state: 'failed', error_code: 'no-segment' }]);
  });

  it('go to nobody who asked to be forgotten, before or between, and make no member of them again', async () => {
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    const [before, between] = [customer(10), customer(11)];
    await redactCustomer(context, { customerId: BigInt(before), orderIds: [] });
    expect(await adjust({ customerId: String(before) })).toEqual({ state: 'refused', errors: [{ field: null, code: 'forgotten' }] });
    const wish = aWish();
    expect(await give(wish)).toMatchObject({ gift: { expected: 12 } });
    await redactCustomer(context, { customerId: BigInt(between), orderIds: [] });
    await work();
    const { body } = await ask(`/api/admin/gift?id=${wish.requestKey}`);
    expect(body).toMatchObject({ state: 'completed', seen: 12, given: await givenEntries(), excluded: 0 });
    expect(body.unknown).toBeGreaterThanOrEqual(2);
    expect(await count(`SELECT count(*) FROM loyalty_members WHERE customer_id IN (${before}, ${between})`)).toBe(0);
    // The segment's own cursor names customers, and is gone with the end.
    expect(await count('SELECT count(*) FROM loyalty_gifts WHERE after_cursor IS NOT NULL')).toBe(0);
  });

  it('all stop at once, as for a shop that has left', async () => {
    const { stopAllGifts } = await import('#app/adapters/db/loyalty/gifts.repository.server.ts');
    await give();
    await context.inShop((db) => stopAllGifts(db, context.shop, new Date()));
    await work();
    expect(await givenEntries()).toBe(0);
  });
});
