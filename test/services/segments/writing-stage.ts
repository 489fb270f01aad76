import pg from 'pg';

import type { AskedWrite } from '#app/services/segments/write/request-segment-write.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { restedContext } from './rested-context.ts';
import { installFaultyWire } from '#test/services/offers/faulty-wire.ts';

export const CUSTOMERS = 25;
export const STORE = syntheticStore(CUSTOMERS * 3);
export const OTHER = syntheticStore(6, { shop: { id: 2, domain: 'other.myshopify.com' } });
export const TAG = 'perennial-regulars';
/** Everybody here has three orders. */
export const REGULARS: AskedWrite = { segmentKey: 'returning', title: 'Regulars', kind: 'tag', tag: TAG, isKept: false, hasNative: false };
export const SAVED = '00000000-0000-4000-8000-000000000001';

export let app: AppUnderTest;
export let owner: pg.Client;
let installed: ShopContext;
export let context: ShopContext;
export let other: ShopContext;
export let shopify: ShopStore;
export let wire: ReturnType<typeof installFaultyWire>;
/** Put forward to when the next attempt is due; tokens and Shopify keep their own time. */
export let clockMs: number;

export async function startWriting(): Promise<void> {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  clockMs = Date.now();
  installed = { ...(await app.install(STORE.shop.domain)), now: () => new Date(clockMs) };
  other = await app.install(OTHER.shop.domain);
  for (const shop of [installed, other]) await pullHistory(shop);
  shopify = app.running.simulator.requireStore(STORE.shop.domain);
  wire = installFaultyWire();
}

export async function stopWriting(): Promise<void> {
  wire.remove();
  await owner.end();
  await app.stop();
}

export async function resetWriting(): Promise<void> {
  wire.reset();
  clockMs = Date.now();
  app.running.simulator.bucketOf(STORE.shop.domain).fill();
  context = await restedContext(installed);
  await owner.query('DELETE FROM segment_targets; DELETE FROM segments');
  for (const customer of shopify.customers.values()) shopify.restore('customer', { ...customer, tags: [], metafields: [], deletedAt: null });
  for (const segment of shopify.segments.values()) shopify.restore('segment', { ...segment, isDeleted: true });
}

export async function rows<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  return (await owner.query<Row>(sql)).rows;
}

export async function ask(asked: Partial<AskedWrite> = {}, of = context): Promise<string> {
  const { requestSegmentWrite } = await import('#app/services/segments/write/request-segment-write.server.ts');
  const answer = await requestSegmentWrite(of, { ...REGULARS, ...asked });
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value.targetId;
}

export async function turn(of = context) {
  const { advanceSegmentWrites } = await import('#app/services/segments/write/advance-segment-writes.server.ts');
  return advanceSegmentWrites(of);
}

/** As the worker does, with the clock put forward to when the next attempt is due. */
export async function work(turns = 60): Promise<void> {
  for (let index = 0; index < turns; index += 1) {
    await turn();
    const [next] = await rows<{ not_before: Date | null }>("SELECT min(not_before) AS not_before FROM segment_writes WHERE state IN ('requested', 'writing')");
    if (!next?.not_before) return;
    clockMs = Math.max(clockMs, next.not_before.getTime());
  }
  throw new Error(`still not written after ${turns} turns`);
}

export async function undo(targetId: string): Promise<void> {
  const { undoSegmentWrite } = await import('#app/services/segments/write/request-segment-write.server.ts');
  await undoSegmentWrite(context, targetId);
  await work();
}

/** The first group of a run that is planned, as if the turn were over then. */
export async function sendFirst(targetId: string): Promise<boolean> {
  const { sendSegmentMembers } = await import('#app/services/segments/write/send-segment-members.server.ts');
  const { loadTarget, findUnfinishedRun } = await import('#app/adapters/db/segment-targets.repository.server.ts');
  const { inShop, shop } = context;
  const [target, run] = await inShop(async (db) => [await loadTarget(db, shop, targetId), await findUnfinishedRun(db, shop, targetId)] as const);
  if (!target || !run) throw new Error('nothing is under way');
  return sendSegmentMembers(context, { target, run }, 1);
}

export interface RunRow extends pg.QueryResultRow {
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

export const lastRun = async () => (await rows<RunRow>('SELECT * FROM segment_writes ORDER BY requested_at DESC, state LIMIT 1'))[0];
export const tagged = (tag = TAG) => [...shopify.customers.values()].filter(({ tags }) => tags.includes(tag)).map(({ id }) => id);
export const giveTags = (id: number, tags: string[]) => shopify.restore('customer', { ...customerOf(id), tags });

export function customerOf(id: number) {
  const customer = shopify.customers.get(id);
  if (!customer) throw new Error(`no customer ${id}`);
  return customer;
}

/** Everything of the customers that a merchant could see changed. */
export const marks = () => JSON.stringify([...shopify.customers.values()].map(({ id, tags, metafields = [] }) => [id, tags, metafields.map(({ key, value }) => [key, value])]));

/** To when something is due. */
export function setClock(ms: number): void {
  clockMs = ms;
}
