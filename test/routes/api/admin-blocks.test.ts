import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Fault } from '#test/services/offers/faulty-wire.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { adjust, anAdjustment, ask, aWish, cardOf, clear, context, count, customer, customerIds, DOMAIN, give, givenEntries, loseAccess, owner, saveProgram, segmentId, shopify, STAFF, tokenOf, wire, work } from './admin-blocks-stage.ts';
import { resetBlocks, startBlocks, stopBlocks } from './admin-blocks-stage.ts';
import { askingStaff } from '#test/support/asking-staff.ts';

/** A query is asked three times before it is given up. */
const SILENT: Fault[] = ['error-before', 'error-before', 'error-before'];

beforeAll(startBlocks);
afterAll(stopBlocks);
beforeEach(resetBlocks);

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

  it('somebody who is let in, though not at once where Shopify gives no access', async () => {
    await loseAccess();
    const { status, body } = await ask(`/api/admin/customer?id=${customer()}`);
    expect([status, body]).toEqual([503, { error: 'unavailable' }]);
    await resetBlocks();
    expect((await ask(`/api/admin/customer?id=${customer()}`)).status).toBe(200);
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

  it('says that it is still computing, and not that there are no orders, where that takes long', async () => {
    const { getOutlook } = await import('#app/services/admin-blocks/get-outlook.server.ts');
    const found = await getOutlook({ ...context, wait: () => Promise.resolve() }, BigInt(customer()));
    expect(found).toMatchObject({ state: 'computing' });
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
    expect(await count('SELECT count(*) FROM loyalty_members')).toBe(0);
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
    expect(await goOnWithGift(context, requestKey, askingStaff(STAFF))).toBe(true);
    expect(await goOnWithGift(context, requestKey, askingStaff(STAFF))).toBe(false);
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
