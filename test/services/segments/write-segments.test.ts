import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  CUSTOMERS,
  SAVED,
  STORE,
  TAG,
  app,
  ask,
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

  it('is begun once for a night, and not beside what is still under way', async () => {
    const targetId = await ask({ isKept: true });
    const [due] = await rows<{ due_at: Date }>('SELECT due_at FROM segment_targets');
    setClock(due?.due_at.getTime() ?? NaN);
    await turn();
    expect(await rows('SELECT cause FROM segment_writes')).toEqual([{ cause: 'asked' }]);
    expect((await rows<{ due_at: Date }>('SELECT due_at FROM segment_targets'))[0]?.due_at.getTime()).toBeGreaterThan(due?.due_at.getTime() ?? NaN);
    await work();
    await undo(targetId);
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

describe('a shop whose first pull is under way', () => {
  it('is told at every look what its segment waits for, and has it written then', async () => {
    await owner.query("UPDATE imports SET state = 'failed' WHERE shop_id = $1 AND resource = 'orders'", [context.shop.shopId]);
    await ask();
    for (let look = 0; look < 3; look += 1) {
      await turn();
      expect(await lastRun()).toMatchObject({ state: 'requested', error_code: 'importing' });
      setClock((await rows<{ not_before: Date }>('SELECT not_before FROM segment_writes'))[0]?.not_before.getTime() ?? NaN);
    }
    await owner.query("UPDATE imports SET state = 'completed' WHERE shop_id = $1 AND resource = 'orders'", [context.shop.shopId]);
    await work();
    expect(await lastRun()).toMatchObject({ state: 'completed', added: CUSTOMERS, error_code: null });
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

  it('forgets them in slices, and takes back that marks were to go; but leaves all to another run', async () => {
    const { dropUnsentMembers } = await import('#app/services/segments/write/drop-unsent-members.server.ts');
    const targetId = await ask();
    await turn();
    await owner.query("UPDATE segment_write_members SET action = 'remove' WHERE customer_id < 104; UPDATE segment_write_members SET state = 'sent' WHERE customer_id IN (103, 110)");
    const planned = await rows('SELECT * FROM segment_write_members ORDER BY customer_id');
    await dropUnsentMembers(context, targetId, 3);
    expect(await rows('SELECT * FROM segment_write_members ORDER BY customer_id')).toEqual(planned);
    await owner.query("UPDATE segment_writes SET state = 'cancelled'");
    await dropUnsentMembers(context, targetId, 3);
    expect(await rows('SELECT customer_id::int AS id, action, state FROM segment_write_members ORDER BY 1')).toEqual([
      ...[100, 101, 102].map((id) => ({ id, action: 'add', state: 'done' })),
      { id: 103, action: 'remove', state: 'sent' },
      { id: 110, action: 'add', state: 'sent' },
    ]);
  });
});

describe('a customer who comes behind the turn by a merge', () => {
  it('is written in the same run', async () => {
    const { sendSegmentMembers } = await import('#app/services/segments/write/send-segment-members.server.ts');
    const { loadTarget, findUnfinishedRun } = await import('#app/adapters/db/segment-targets.repository.server.ts');
    const targetId = await ask();
    await turn();
    await owner.query('DELETE FROM segment_write_members WHERE customer_id = 100');
    let asked = 0;
    const merged: typeof context = {
      ...context,
      async inShop(work, options) {
        asked += 1;
        // When the first have been read.
        if (asked === 2) await owner.query("INSERT INTO segment_write_members SELECT shop_id, target_id, 100, 'add', 'sent', now() FROM segment_targets");
        return context.inShop(work, options);
      },
    };
    const [target, run] = await context.inShop(async (db) => [await loadTarget(db, context.shop, targetId), await findUnfinishedRun(db, context.shop, targetId)] as const);
    if (!target || !run) throw new Error('nothing is under way');
    expect(await sendSegmentMembers(merged, { target, run })).toBe(true);
    expect(tagged()).toHaveLength(CUSTOMERS);
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
