import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { AskedWrite } from '#app/services/segments/write/request-segment-write.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { installFaultyWire } from '#test/services/offers/faulty-wire.ts';
import type { Fault } from '#test/services/offers/faulty-wire.ts';

const CUSTOMERS = 65;
const STORE = syntheticStore(CUSTOMERS * 3);
const TAG = 'perennial-regulars';
/** Everybody here has three orders. */
const REGULARS: AskedWrite = { segmentKey: 'returning', title: 'Regulars', kind: 'tag', tag: TAG, isKept: false, hasNative: false };
const SAVED = '00000000-0000-4000-8000-000000000001';

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let shopify: ShopStore;
let wire: ReturnType<typeof installFaultyWire>;
/** Put forward to when the next attempt is due; tokens and Shopify keep their own time. */
let clockMs: number;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  clockMs = Date.now();
  context = { ...(await app.install(STORE.shop.domain)), now: () => new Date(clockMs) };
  await pullHistory(context);
  const store = app.running.simulator.shops.get(STORE.shop.domain);
  if (!store) throw new Error('the store is gone');
  shopify = store;
  wire = installFaultyWire();
});

afterAll(async () => {
  wire.remove();
  await owner.end();
  await app.stop();
});

beforeEach(async () => {
  wire.reset();
  await owner.query('DELETE FROM segment_targets; DELETE FROM segments');
  for (const customer of shopify.customers.values()) shopify.restore('customer', { ...customer, tags: [], metafields: [], deletedAt: null });
  for (const segment of shopify.segments.values()) shopify.restore('segment', { ...segment, isDeleted: true });
});

async function rows<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  return (await owner.query<Row>(sql)).rows;
}

async function ask(asked: Partial<AskedWrite> = {}, of = context): Promise<string> {
  const { requestSegmentWrite } = await import('#app/services/segments/write/request-segment-write.server.ts');
  const answer = await requestSegmentWrite(of, { ...REGULARS, ...asked });
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value.targetId;
}

async function turn(of = context) {
  const { advanceSegmentWrites } = await import('#app/services/segments/write/advance-segment-writes.server.ts');
  return advanceSegmentWrites(of);
}

/** As the worker does, with the clock put forward to when the next attempt is due. */
async function work(turns = 60): Promise<void> {
  for (let index = 0; index < turns; index += 1) {
    await turn();
    const [next] = await rows<{ not_before: Date | null }>("SELECT min(not_before) AS not_before FROM segment_writes WHERE state IN ('requested', 'writing')");
    if (!next?.not_before) return;
    clockMs = Math.max(clockMs, next.not_before.getTime());
  }
  throw new Error(`still not written after ${turns} turns`);
}

async function undo(targetId: string): Promise<void> {
  const { undoSegmentWrite } = await import('#app/services/segments/write/request-segment-write.server.ts');
  await undoSegmentWrite(context, targetId);
  await work();
}

interface RunRow extends pg.QueryResultRow {
  kind: string;
  state: string;
  planned: number;
  added: number;
  removed: number;
  left_alone: number;
  gone: number;
  failed: number;
  error_code: string | null;
}

const lastRun = async () => (await rows<RunRow>('SELECT * FROM segment_writes ORDER BY requested_at DESC, state LIMIT 1'))[0];
const tagged = (tag = TAG) => [...shopify.customers.values()].filter(({ tags }) => tags.includes(tag)).map(({ id }) => id);
const giveTags = (id: number, tags: string[]) => shopify.restore('customer', { ...customerOf(id), tags });

function customerOf(id: number) {
  const customer = shopify.customers.get(id);
  if (!customer) throw new Error(`no customer ${id}`);
  return customer;
}

/** Everything of the customers that a merchant could see changed. */
const marks = () => JSON.stringify([...shopify.customers.values()].map(({ id, tags, metafields = [] }) => [id, tags, metafields.map(({ key, value }) => [key, value])]));

describe('a segment that is written as a tag', () => {
  it('gives it to every member, and counts what was done', async () => {
    await ask();
    await work();
    expect(tagged()).toHaveLength(CUSTOMERS);
    expect(await lastRun()).toMatchObject({ state: 'completed', planned: CUSTOMERS, added: CUSTOMERS, left_alone: 0, gone: 0, failed: 0, error_code: null });
    expect(wire.arrivedOf('AddTagToTen')).toBe(6);
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
