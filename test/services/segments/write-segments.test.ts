import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { isInSegment } from '#test/simulator/admin-graphql/resolvers/segment-resolvers.ts';
import type { Fault } from '#test/services/offers/faulty-wire.ts';
import {
  CUSTOMERS,
  REGULARS,
  SAVED,
  STORE,
  TAG,
  app,
  ask,
  clockMs,
  context,
  customerOf,
  giveTags,
  lastRun,
  marks,
  other,
  owner,
  resetWriting,
  rows,
  sendFirst,
  setClock,
  shopify,
  startWriting,
  stopWriting,
  tagged,
  turn,
  undo,
  wire,
  work,
} from './writing-stage.ts';

beforeAll(startWriting);
afterAll(stopWriting);
beforeEach(resetWriting);

describe('a segment that is written as a tag', () => {
  it('gives it to every member, and counts what was done', async () => {
    await ask();
    await work();
    expect(tagged()).toHaveLength(CUSTOMERS);
    expect(await lastRun()).toMatchObject({ state: 'completed', planned: CUSTOMERS, added: CUSTOMERS, left_alone: 0, gone: 0, failed: 0, error_code: null });
    expect(wire.arrivedOf('AddTagToTen')).toBe(2);
    expect(wire.arrivedOf('AddTagToOne')).toBe(5);
  });

  it('leaves alone who had the tag before, and undoing restores exactly what was there', async () => {
    giveTags(100, ['Perennial-Regulars', 'wholesale']);
    giveTags(101, ['gift']);
    const before = marks();
    const targetId = await ask();
    await work();
    expect(await lastRun()).toMatchObject({ added: CUSTOMERS - 1, left_alone: 1 });
    expect(customerOf(101).tags).toEqual(['gift', TAG]);
    await undo(targetId);
    expect(marks()).toBe(before);
    expect(await rows('SELECT 1 FROM segment_targets UNION ALL SELECT 1 FROM segment_write_members')).toEqual([]);
  });

  it('takes a customer who is gone for an outcome', async () => {
    shopify.restore('customer', { ...customerOf(105), deletedAt: '2026-11-01T00:00:00.000Z' });
    const targetId = await ask();
    await work();
    expect(await lastRun()).toMatchObject({ state: 'completed', added: CUSTOMERS - 1, gone: 1 });
    shopify.restore('customer', { ...customerOf(106), deletedAt: '2026-11-01T00:00:00.000Z' });
    await undo(targetId);
    expect(tagged().filter((id) => id !== 106)).toEqual([]);
    expect(await rows('SELECT 1 FROM segment_targets')).toEqual([]);
  });

  it('counts whom Shopify refuses, and goes on', async () => {
    giveTags(107, Array.from({ length: 250 }, (_, index) => `tag-${index}`));
    await ask();
    await work();
    expect(await lastRun()).toMatchObject({ state: 'completed', added: CUSTOMERS - 1, failed: 1 });
    expect(customerOf(107).tags).toHaveLength(250);
  });
});

describe('an answer that is lost', () => {
  const faults: Fault[] = ['answer-lost', 'error-before'];

  it.each(faults)('is made up for, and nobody is left out or counted twice: %s', async (fault) => {
    giveTags(103, [TAG]);
    const before = marks();
    const targetId = await ask();
    wire.plan('AddTagToTen', [fault, null, fault]);
    wire.plan('AddTagToOne', [null, fault]);
    wire.plan('CustomerTags', [fault, fault, fault]);
    await work();
    expect(await lastRun()).toMatchObject({ state: 'completed', planned: CUSTOMERS, added: CUSTOMERS - 1, left_alone: 1, error_code: null });
    expect(tagged()).toHaveLength(CUSTOMERS);
    wire.plan('RemoveTagFromTen', [fault, fault]);
    await undo(targetId);
    expect(marks()).toBe(before);
  });

  it('is said to the merchant while it lasts, and asked for less and less often', async () => {
    await ask();
    wire.plan('CustomerTags', Array<Fault>(100).fill('error-before'));
    const startMs = clockMs;
    let turns = 0;
    for (; clockMs - startMs < 6_000; turns += 1) {
      await turn();
      expect(await lastRun()).toMatchObject(turns === 0 ? { state: 'writing' } : { state: 'writing', error_code: 'unavailable' });
      setClock((await rows<{ at: Date }>('SELECT not_before AS at FROM segment_writes'))[0]?.at.getTime() ?? NaN);
    }
    expect(turns).toBeLessThan(6);
    wire.reset();
    await work();
    expect(await lastRun()).toMatchObject({ state: 'completed', added: CUSTOMERS, error_code: null });
  });

  it('for want of points is waited for', async () => {
    const targetId = await ask();
    await turn();
    app.running.simulator.bucketOf(STORE.shop.domain).drain();
    expect(await sendFirst(targetId)).toBe(false);
    expect(await lastRun()).toMatchObject({ state: 'writing', added: 10, error_code: null });
  });
});

describe('a worker that is killed', () => {
  it('between the intent and the sending leaves what is sent as it is', async () => {
    const targetId = await ask();
    await turn();
    // As if the process had died after the mark: none of them is in Shopify.
    await owner.query("UPDATE segment_write_members SET state = 'sent' WHERE customer_id < 110");
    await work();
    expect(tagged()).toHaveLength(CUSTOMERS);
    await undo(targetId);
    expect(tagged()).toEqual([]);
  });

  it('between the sending and the mark knows that the tag is its own', async () => {
    const before = marks();
    const targetId = await ask();
    await work();
    await owner.query("UPDATE segment_writes SET state = 'writing', added = 15; UPDATE segment_write_members SET state = 'sent' WHERE customer_id < 110");
    await work();
    expect(await lastRun()).toMatchObject({ state: 'completed', added: CUSTOMERS, left_alone: 0 });
    await undo(targetId);
    expect(marks()).toBe(before);
  });

  it('while it plans begins again, in slices of any size', async () => {
    const { planSegmentWrite } = await import('#app/services/segments/write/plan-segment-write.server.ts');
    const targetId = await ask();
    const [run] = await rows<{ write_id: string }>('SELECT write_id FROM segment_writes');
    const planned = async () => rows('SELECT customer_id::int AS id, action, state FROM segment_write_members ORDER BY 1');
    const plan = async (ids: number[], slice: number) => {
      await planSegmentWrite(context, { writeId: run?.write_id ?? '', targetId }, BigInt64Array.from(ids.map(BigInt)), slice);
      return planned();
    };
    const add = (id: number, state = 'intended') => ({ id, action: 'add', state });
    const remove = (id: number) => ({ id, action: 'remove', state: 'intended' });
    expect(await plan([100, 101, 102, 103], 2)).toEqual([100, 101, 102, 103].map((id) => add(id)));
    expect(await plan([101, 103, 104], 1)).toEqual([101, 103, 104].map((id) => add(id)));
    await owner.query("UPDATE segment_write_members SET state = CASE customer_id WHEN 101 THEN 'done' WHEN 103 THEN 'theirs' ELSE 'sent' END");
    for (const slice of [1, 2, 100]) expect(await plan([100], slice)).toEqual([add(100), remove(101), remove(104)]);
    await owner.query("UPDATE segment_write_members SET state = 'sent' WHERE customer_id = 104");
    // Not taken away yet is there; perhaps taken away is sent again.
    expect(await plan([101, 104], 1)).toEqual([add(101, 'done'), add(104, 'sent')]);
  });
});

describe('two at once', () => {
  it('because a lock was lost, write and count everybody once', async () => {
    await ask();
    await turn();
    await Promise.all([turn(), turn(), turn()]);
    await work();
    expect(tagged()).toHaveLength(CUSTOMERS);
    expect(await lastRun()).toMatchObject({ state: 'completed', added: CUSTOMERS, left_alone: 0 });
  });

  it('requests of one segment are one run, and a tag is of one segment', async () => {
    const { requestSegmentWrite } = await import('#app/services/segments/write/request-segment-write.server.ts');
    const both = await Promise.all([requestSegmentWrite(context, REGULARS), requestSegmentWrite(context, REGULARS)]);
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(both).toContainEqual({ ok: false, reason: 'under-way' });
    expect(await requestSegmentWrite(context, { ...REGULARS, segmentKey: 'vip', tag: TAG.toUpperCase() })).toEqual({ ok: false, reason: 'tag-taken' });
    expect(await requestSegmentWrite(context, { ...REGULARS, tag: 'another' })).toEqual({ ok: false, reason: 'other-tag' });
    expect(await requestSegmentWrite(context, { ...REGULARS, segmentKey: SAVED })).toEqual({ ok: false, reason: 'missing' });
  });
});

describe('what is kept up to date', () => {
  async function save(query: string) {
    const { saveSegment } = await import('#app/services/segments/save-segment.server.ts');
    expect(await saveSegment(context, { segmentId: SAVED, name: 'Mine', query })).toMatchObject({ ok: true });
  }

  it('follows the segment every night, and only by what has changed', async () => {
    await save('orders=3..');
    giveTags(100, [TAG]);
    await ask({ segmentKey: SAVED, isKept: true });
    await work();
    expect(await lastRun()).toMatchObject({ cause: 'asked', added: CUSTOMERS - 1 });
    await owner.query('UPDATE orders SET customer_id = 102 WHERE shop_id = $1 AND customer_id = 101', [context.shop.shopId]);
    await owner.query('UPDATE shops SET data_version = data_version + 1');
    const [due] = await rows<{ due_at: Date }>('SELECT due_at FROM segment_targets');
    const night = Number(new Intl.DateTimeFormat('en-GB', { timeZone: STORE.shop.ianaTimezone, hour: 'numeric' }).format(due?.due_at));
    expect([3, 4]).toContain(night);
    setClock(due?.due_at.getTime() ?? NaN);
    await work();
    expect(await lastRun()).toMatchObject({ cause: 'nightly', state: 'completed', planned: 1, added: 0, removed: 1 });
    expect(tagged()).not.toContain(101);
    expect(tagged()).toContain(100);
    await owner.query('UPDATE orders SET customer_id = 101 WHERE order_id IN (SELECT order_id FROM orders WHERE customer_id = 102 ORDER BY order_id OFFSET 3)');
  });

  it('leaves all as it is when the rule asks for what is not known, or cannot be read', async () => {
    await save('orders=3..');
    await ask({ segmentKey: SAVED, isKept: true });
    await work();
    for (const [query, errorCode] of [['colour=blue', 'unreadable'], ['pAlive=0.1..', 'not-known']]) {
      await owner.query('UPDATE segments SET query = $1', [query]);
      setClock((await rows<{ due_at: Date }>('SELECT due_at FROM segment_targets'))[0]?.due_at.getTime() ?? NaN);
      await work();
      expect(await lastRun()).toMatchObject({ cause: 'nightly', error_code: errorCode, removed: 0 });
      expect(tagged()).toHaveLength(CUSTOMERS);
    }
  });

  it('ends with the app, and what was written stays until the merchant says otherwise', async () => {
    const { endAllWrites } = await import('#app/adapters/db/segment-targets.repository.server.ts');
    await ask({ isKept: true });
    await turn();
    await context.inShop((db) => endAllWrites(db, context.shop, context.now()));
    expect(await rows('SELECT is_kept, due_at FROM segment_targets')).toEqual([{ is_kept: false, due_at: null }]);
    expect(await lastRun()).toMatchObject({ state: 'cancelled', error_code: 'uninstalled' });
  });
});

describe('stopping', () => {
  it('leaves who has the tag, forgets who was to get it, and keeps nothing up to date', async () => {
    const { stopSegmentWrite } = await import('#app/services/segments/write/request-segment-write.server.ts');
    const before = marks();
    const targetId = await ask({ isKept: true });
    await turn();
    expect(await sendFirst(targetId)).toBe(false);
    await stopSegmentWrite(context, targetId);
    await work();
    expect(tagged()).toHaveLength(10);
    expect(await rows('SELECT state, count(*)::int AS count FROM segment_write_members GROUP BY 1')).toEqual([{ state: 'done', count: 10 }]);
    expect(await rows('SELECT is_kept FROM segment_targets')).toEqual([{ is_kept: false }]);
    await undo(targetId);
    expect(marks()).toBe(before);
  });
});

describe('a native segment', () => {
  const present = () => [...shopify.segments.values()].filter(({ isDeleted }) => !isDeleted);

  it('stands on the tag, has its members, and goes before the tag does', async () => {
    const targetId = await ask({ hasNative: true });
    await work();
    const [segment] = present();
    if (!segment) throw new Error('there is no segment');
    expect(segment).toMatchObject({ name: 'Regulars', query: `customer_tags CONTAINS '${TAG}'` });
    expect([...shopify.customers.values()].filter((customer) => isInSegment(customer, segment))).toHaveLength(CUSTOMERS);
    wire.plan('RemoveTagFromTen', ['error-before']);
    const { undoSegmentWrite } = await import('#app/services/segments/write/request-segment-write.server.ts');
    await undoSegmentWrite(context, targetId);
    await turn();
    await turn();
    expect([present().length, tagged().length]).toEqual([0, CUSTOMERS]);
    setClock(clockMs + 2_000);
    await work();
    expect(tagged()).toEqual([]);
  });

  it('whose name is taken has the name that Shopify gives it, and the merchant’s own stays', async () => {
    shopify.restore('segment', { id: shopify.nextId(), name: 'Regulars', query: "customer_tags CONTAINS 'x'", creationDate: '2026-01-01T00:00:00Z', lastEditDate: '2026-01-01T00:00:00Z', isDeleted: false });
    const targetId = await ask({ hasNative: true });
    await work();
    expect(await rows('SELECT native_name FROM segment_targets')).toEqual([{ native_name: 'Regulars (2)' }]);
    await undo(targetId);
    expect(present().map(({ name }) => name)).toEqual(['Regulars']);
  });

  it('is one although the answer was lost, and is found to be deleted', async () => {
    wire.plan('CreateSegment', ['answer-lost']);
    const targetId = await ask({ hasNative: true });
    await work();
    expect(present()).toHaveLength(1);
    expect(wire.arrivedOf('CreateSegment')).toBe(1);
    await owner.query('UPDATE segment_targets SET native_gid = NULL');
    await undo(targetId);
    expect(present()).toEqual([]);
  });

  it('that the merchant has deleted does not keep the rest from being undone', async () => {
    const targetId = await ask({ hasNative: true });
    await work();
    for (const segment of present()) shopify.restore('segment', { ...segment, isDeleted: true });
    await undo(targetId);
    expect(tagged()).toEqual([]);
  });
});

describe('a metafield', () => {
  const marked = () => [...shopify.customers.values()].filter(({ metafields = [] }) => metafields.some(({ key, value }) => key === 'returning' && value === 'true')).map(({ id }) => id);

  it('is set for 25 at once, defined for the merchant to see, and gone after undoing', async () => {
    giveTags(100, ['gift']);
    const before = marks();
    const targetId = await ask({ kind: 'metafield', tag: '' });
    await work();
    expect(marked()).toHaveLength(CUSTOMERS);
    expect(wire.arrivedOf('SetCustomerMetafields')).toBe(1);
    expect([...shopify.metafieldDefinitions.values()].find(({ isDeleted }) => !isDeleted)).toMatchObject({ key: 'returning', name: 'Perennial: Regulars', type: 'boolean' });
    await undo(targetId);
    expect(marks()).toBe(before);
    expect([...shopify.metafieldDefinitions.values()].every(({ isDeleted }) => isDeleted)).toBe(true);
  });

  it('of those who are there is set although one of them is gone', async () => {
    shopify.restore('customer', { ...customerOf(105), deletedAt: '2026-11-01T00:00:00.000Z' });
    wire.plan('SetCustomerMetafields', ['answer-lost']);
    await ask({ kind: 'metafield', tag: '' });
    await work();
    expect(marked()).toHaveLength(CUSTOMERS - 1);
    expect(await lastRun()).toMatchObject({ state: 'completed', added: CUSTOMERS - 1, gone: 1 });
  });
});

describe('a merchant who has not granted it', () => {
  it('is told so, and nothing is left half done', async () => {
    app.running.simulator.faults.set({ seed: 1, rules: [{ where: 'graphql', only: 'AddTagToTen', what: { kind: 'withheld', field: 'c0' } }] });
    await ask();
    await work();
    app.running.simulator.faults.set({ seed: 1, rules: [] });
    expect(await lastRun()).toMatchObject({ state: 'failed', error_code: 'scope', added: 0 });
    expect(await rows('SELECT 1 FROM segment_write_members')).toEqual([]);
  });
});

describe('another shop', () => {
  it('neither stops nor undoes what is not its own', async () => {
    const { stopSegmentWrite, undoSegmentWrite, keepSegmentWrite } = await import('#app/services/segments/write/request-segment-write.server.ts');
    const targetId = await ask();
    const before = await rows('SELECT * FROM segment_writes');
    await stopSegmentWrite(other, targetId);
    await undoSegmentWrite(other, targetId);
    await keepSegmentWrite(other, { targetId, isKept: true });
    expect(await rows('SELECT * FROM segment_writes')).toEqual(before);
    expect(await rows('SELECT shop_id, is_kept FROM segment_targets')).toEqual([{ shop_id: context.shop.shopId, is_kept: false }]);
    // The same tag of another shop is another.
    expect(await ask({}, other)).not.toBe(targetId);
  });
});

describe('a redaction', () => {
  it('midway leaves no row of the customer, and nothing is written to them afterwards', async () => {
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    const { planSegmentWrite } = await import('#app/services/segments/write/plan-segment-write.server.ts');
    const targetId = await ask();
    await turn();
    await redactCustomer(context, { customerId: 120n, orderIds: [] });
    // The plan of a worker that had read the members before.
    await owner.query("UPDATE segment_writes SET state = 'requested'");
    const [run] = await rows<{ write_id: string }>('SELECT write_id FROM segment_writes');
    await planSegmentWrite(context, { writeId: run?.write_id ?? '', targetId }, BigInt64Array.from([119n, 120n, 121n]));
    expect(await rows("SELECT customer_id::int AS id FROM segment_write_members WHERE action = 'add' ORDER BY 1")).toEqual([{ id: 119 }, { id: 121 }]);
    await work();
    expect(tagged()).not.toContain(120);
  });
});
