import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { isInSegment } from '#test/simulator/admin-graphql/resolvers/segment-resolvers.ts';
import {
  CUSTOMERS,
  TAG,
  ask,
  clockMs,
  context,
  customerOf,
  giveTags,
  lastRun,
  marks,
  owner,
  resetWriting,
  rows,
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

  it('that Shopify has refused is asked for again when the merchant asks again', async () => {
    await ask({ hasNative: true });
    await owner.query("UPDATE segment_targets SET native_problem = 'refused'");
    await work();
    expect(present()).toEqual([]);
    const targetId = await ask({ hasNative: true });
    await work();
    expect(present()).toHaveLength(1);
    await undo(targetId);
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

  it('that Shopify does not let go of stays ours to take away, and is counted', async () => {
    const targetId = await ask({ kind: 'metafield', tag: '', isKept: true });
    await work();
    const customer = customerOf(101);
    shopify.restore('customer', { ...customer, metafields: (customer.metafields ?? []).map((metafield) => ({ ...metafield, isKept: true as const })) });
    await owner.query('UPDATE orders SET customer_id = 102 WHERE shop_id = $1 AND customer_id = 101', [context.shop.shopId]);
    await owner.query('UPDATE shops SET data_version = data_version + 1');
    setClock((await rows<{ due_at: Date }>('SELECT due_at FROM segment_targets'))[0]?.due_at.getTime() ?? NaN);
    await work();
    expect(await lastRun()).toMatchObject({ cause: 'nightly', state: 'completed', planned: 1, removed: 0, failed: 1 });
    expect(marked()).toContain(101);
    expect(await rows(`SELECT action, state FROM segment_write_members WHERE target_id = '${targetId}' AND customer_id = 101`)).toEqual([{ action: 'remove', state: 'failed' }]);
    await owner.query('UPDATE orders SET customer_id = 101 WHERE order_id IN (SELECT order_id FROM orders WHERE customer_id = 102 ORDER BY order_id OFFSET 3)');
    await undo(targetId);
    expect(await rows("SELECT state, removed, failed FROM segment_writes WHERE kind = 'undo'")).toEqual([{ state: 'completed', removed: CUSTOMERS - 1, failed: 1 }]);
    expect(marked()).toEqual([101]);
    shopify.restore('customer', customer);
    await undo(targetId);
    expect(await rows('SELECT 1 FROM segment_targets')).toEqual([]);
    expect(marked()).toEqual([]);
  });
});
