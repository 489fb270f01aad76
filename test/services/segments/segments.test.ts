import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { READY_MADE_SEGMENTS } from '#app/domain/segments/ready-made-segments.ts';
import { segmentFromQuery, segmentToQuery } from '#app/domain/segments/segment-query.ts';
import { customersQuestionOf } from '#app/domain/segments/customers-question.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const CUSTOMERS = 60;
const STORE = syntheticStore(CUSTOMERS * 3);
const OTHER = syntheticStore(6, { shop: { id: 2, domain: 'other.myshopify.com' } });
const AS_OF = '2026-11-01';

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let other: ShopContext;

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

async function services() {
  const { saveSegment, deleteSegment } = await import('#app/services/segments/save-segment.server.ts');
  const { getSegments, getSegmentToEdit } = await import('#app/services/segments/get-segments.server.ts');
  return { saveSegment, deleteSegment, getSegments, getSegmentToEdit };
}

async function save(number: number, name: string, query = 'orders=2..', shop = context) {
  const { saveSegment } = await services();
  return saveSegment(shop, { segmentId: idOf(number), name, query });
}

async function read(shop = context) {
  const { getSegments } = await services();
  const found = await getSegments(shop, { asOf: AS_OF });
  if (found === null) throw new Error('nothing is known of the shop');
  return found;
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(STORE.shop.domain);
  other = await app.install(OTHER.shop.domain);
  for (const shop of [context, other]) await pullHistory(shop);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

afterEach(() => owner.query('DELETE FROM segments'));

describe('a saved segment', () => {
  it('is found again with those who belong now, and changed under its id', async () => {
    expect(await save(1, '  Big   spenders ', 'orders=3..')).toEqual({ ok: true, value: { segmentId: idOf(1), name: 'Big spenders', query: 'orders=3..' } });
    expect((await read()).saved).toMatchObject([{ id: idOf(1), name: 'Big spenders', count: CUSTOMERS, unread: [], notKnown: [] }]);
    expect(await save(1, 'Nobody yet', 'orders=4..&state=lapsed')).toMatchObject({ ok: true });
    expect((await read()).saved).toMatchObject([{ id: idOf(1), name: 'Nobody yet', count: 0 }]);
  });

  it('is counted when it is looked at: an order more makes a member more', async () => {
    await save(1, 'Four orders', 'orders=4..');
    const counts = async () => (await read()).saved.map(({ count }) => count);
    expect(await counts()).toEqual([0]);
    // One customer's orders become another's.
    await owner.query('UPDATE orders SET customer_id = 100 WHERE shop_id = $1 AND customer_id = 101', [context.shop.shopId]);
    expect(await counts()).toEqual([1]);
  });

  it('is one segment when it is sent twice, and gone when it is deleted twice', async () => {
    const { deleteSegment } = await services();
    await Promise.all([save(1, 'Once'), save(1, 'Once')]);
    expect((await read()).saved).toHaveLength(1);
    for (let time = 0; time < 2; time += 1) await deleteSegment(context, idOf(1));
    expect((await read()).saved).toEqual([]);
  });

  it('stays while it is written to Shopify, since its rule alone says whom, and goes when that is undone', async () => {
    const { deleteSegment } = await services();
    const { requestSegmentWrite } = await import('#app/services/segments/write/request-segment-write.server.ts');
    await save(1, 'Written');
    await save(2, 'Not written');
    const asked = { title: 'Written', kind: 'tag', tag: 'written', isKept: false, hasNative: false } as const;
    expect(await requestSegmentWrite(context, { ...asked, segmentKey: idOf(1) })).toMatchObject({ ok: true });
    for (const number of [1, 2]) expect((await deleteSegment(context, idOf(number))).ok).toBe(number === 2);
    expect((await read()).saved.map(({ name }) => name)).toEqual(['Written']);
    await owner.query('DELETE FROM segment_targets');
    expect(await deleteSegment(context, idOf(1))).toEqual({ ok: true, value: null });
    expect((await read()).saved).toEqual([]);
  });

  it('has a name of its own, capitals aside, also when two are saved at once', async () => {
    const both = await Promise.all([save(1, 'Très bien'), save(2, 'TRÈS BIEN')]);
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(both).toContainEqual({ ok: false, reason: 'name-taken' });
    // Signs that a pattern would give a meaning are signs.
    await save(3, '50% off_');
    expect(await save(4, '50x offy')).toMatchObject({ ok: true });
  });

  it.each([
    ['', 'orders=2..', { reason: 'name-missing' }],
    ['x'.repeat(81), 'orders=2..', { reason: 'name-too-long' }],
    ['Everybody', '', { reason: 'no-conditions' }],
    ['Nobody', 'orders=5..2', { reason: 'contradiction', field: 'orders' }],
    ['Unknown', 'orders=2..&colour=blue', { reason: 'unreadable' }],
    ['Long', `country=${'X'.repeat(4000)}`, { reason: 'rule-too-long' }],
  ])('named %.10j with the rule %.30j is refused', async (name, query, refusal) => {
    expect(await save(1, name, query)).toEqual({ ok: false, ...refusal });
    expect((await owner.query('SELECT 1 FROM segments')).rowCount).toBe(0);
  });

  it('is one of a hundred at most, any of which can still be changed', async () => {
    await owner.query(
      `INSERT INTO segments (shop_id, segment_id, name, query, created_at, updated_at)
       SELECT $1, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Segment ' || n, 'orders=' || n || '..', now(), now() FROM generate_series(1, 100) n`,
      [context.shop.shopId],
    );
    expect(await save(101, 'One more')).toEqual({ ok: false, reason: 'too-many' });
    expect(await save(100, 'Changed')).toMatchObject({ ok: true });
    expect((await read()).saved).toHaveLength(100);
    expect(await save(1, 'One of the other shop', 'orders=1..', other)).toMatchObject({ ok: true });
  });

  it('that cannot be read is shown without a count, can be opened and is not lost', async () => {
    await save(1, 'Of tomorrow');
    await owner.query("UPDATE segments SET query = 'orders=2..&colour=blue'");
    expect((await read()).saved).toMatchObject([{ name: 'Of tomorrow', count: null, unread: ['colour'], segment: { conditions: [{ field: 'orders' }] } }]);
    const { getSegmentToEdit } = await services();
    const begun = segmentFromQuery([]);
    expect(await getSegmentToEdit(context, { asOf: AS_OF, id: idOf(1), begun })).toMatchObject({ id: idOf(1), isSaved: true, name: 'Of tomorrow', rule: { unread: ['colour'] } });
    expect(await save(1, 'Of tomorrow', 'orders=2..')).toMatchObject({ ok: true });
    expect((await read()).saved).toMatchObject([{ count: expect.any(Number), unread: [] }]);
  });

  it('is of its shop alone: another neither sees, changes nor deletes it', async () => {
    const { deleteSegment, getSegmentToEdit } = await services();
    await save(1, 'Ours');
    expect((await read(other)).saved).toEqual([]);
    expect(await getSegmentToEdit(other, { asOf: AS_OF, id: idOf(1), begun: segmentFromQuery([]) })).toMatchObject({ isSaved: false, name: '' });
    // The same id and name are others there.
    expect(await save(1, 'Ours', 'orders=1..', other)).toMatchObject({ ok: true });
    await deleteSegment(other, idOf(1));
    expect((await read()).saved).toMatchObject([{ name: 'Ours' }]);
  });
});

describe('the ready-made segments', () => {
  it('have as many customers as the list that they lead to', async () => {
    const { listCustomers } = await import('#app/services/retention/list-customers.server.ts');
    const { readyMade, customers } = await read();
    expect(readyMade.map(({ id }) => id)).toEqual(READY_MADE_SEGMENTS.map(({ id }) => id));
    for (const { id, segment, theme } of READY_MADE_SEGMENTS) {
      // Counted apart, by the route.
      if (theme === 'refill') continue;
      const query = new URLSearchParams([['asOf', AS_OF], ...segmentToQuery(segment)]);
      const list = await listCustomers(context, customersQuestionOf(query));
      expect([id, list?.count, list?.customers]).toEqual([id, readyMade.find((one) => one.id === id)?.count, customers]);
    }
  });
});
