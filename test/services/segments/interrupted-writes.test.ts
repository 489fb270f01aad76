import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Fault } from '#test/services/offers/faulty-wire.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { holdShopRow, whileHeld } from '#test/support/while-held.ts';
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
  giveTags,
  lastRun,
  marks,
  owner,
  resetWriting,
  rows,
  sendFirst,
  setClock,
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

/** As the merchant's program has it. */
async function saveTiersTagged(tag: string): Promise<void> {
  const gold = { id: 'gold', name: 'Gold', threshold: 0, factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag };
  const program = aProgram({ tiers: { basis: 'spend', window: 'lifetime', graceDays: 0, levels: [gold] } });
  await owner.query('INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, now())', [context.shop.shopId, JSON.stringify(program)]);
}

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
  it('of which one stops what the other was about to begin for the night, begin nothing', async () => {
    const targetId = await ask({ isKept: true });
    await work();
    const [due] = await rows<{ due_at: Date }>('SELECT due_at FROM segment_targets');
    setClock(due?.due_at.getTime() ?? NaN);
    const night = await whileHeld(app.ownerUrl, {
      hold: (holder) => holdShopRow(holder, context.shop),
      work: () => turn(),
      last: (holder) => holder.query('UPDATE segment_targets SET is_kept = false, due_at = NULL WHERE target_id = $1', [targetId]),
    });
    expect(night).toBeNull();
    expect(await rows('SELECT is_kept, due_at FROM segment_targets')).toEqual([{ is_kept: false, due_at: null }]);
  });

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
    await saveTiersTagged('Gold  Member');
    expect(await requestSegmentWrite(context, { ...REGULARS, segmentKey: 'vip', tag: 'gold member' })).toEqual({ ok: false, reason: 'tag-of-tier' });
    expect(await requestSegmentWrite(context, { ...REGULARS, tag: 'another' })).toEqual({ ok: false, reason: 'other-tag' });
    expect(await requestSegmentWrite(context, { ...REGULARS, segmentKey: SAVED })).toEqual({ ok: false, reason: 'missing' });
  });
});
