import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { StatusChange } from '#app/domain/loyalty/program/change-status.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const STORE = syntheticStore(60);
const OTHER = syntheticStore(6, { shop: { id: 2, domain: 'other.myshopify.com' } });
const NOW = new Date('2026-11-20T10:00:00Z');
const USUAL = defaultProgram({ currency: 'EUR', unitMinor: 100 });

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let other: ShopContext;

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = { ...(await app.install(STORE.shop.domain)), now: () => NOW };
  other = await app.install(OTHER.shop.domain);
  await pullHistory(context);
  await owner.query("UPDATE shops SET currency = 'EUR', iana_time_zone = 'Europe/Berlin'");
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

beforeEach(async () => {
  await owner.query('ALTER TABLE loyalty_program_versions DISABLE TRIGGER USER');
  await owner.query('DELETE FROM loyalty_program_versions');
  await owner.query('ALTER TABLE loyalty_program_versions ENABLE TRIGGER USER');
  await owner.query('DELETE FROM loyalty_progress');
});

async function save(basedOn: number, program: unknown, { change = null, shop = context }: { change?: StatusChange | null; shop?: ShopContext } = {}) {
  const { saveProgram } = await import('#app/services/loyalty/save-program.server.ts');
  return saveProgram(shop, { basedOn, program, change, savedBy: '42' });
}

async function found(shop = context) {
  const { getProgram } = await import('#app/services/loyalty/get-program.server.ts');
  const program = await getProgram(shop);
  if (program === null) throw new Error('nothing is known of the shop');
  return program;
}

async function progress() {
  const { rows } = await owner.query<{ is_followed: boolean; orders_version: string; data_version: string }>(
    'SELECT is_followed, orders_version, data_version FROM loyalty_progress JOIN shops USING (shop_id)',
  );
  return rows[0] && { isFollowed: rows[0].is_followed, isAtTheEnd: rows[0].orders_version === rows[0].data_version };
}

const withWelcome = (welcomePoints: number | null, program: Program = USUAL): Program => ({ ...program, earning: { ...program.earning, welcomePoints } });

describe('a program that nobody has saved', () => {
  it('is one suggested from the orders of the store, off, and of no version', async () => {
    const { version, program, suggestion, history, habits } = await found();
    expect({ version, status: program.status, history }).toEqual({ version: 0, status: { kind: 'off' }, history: [] });
    expect(habits).toMatchObject({ currency: 'EUR', orders: 60 });
    expect(suggestion).toMatchObject({ kind: 'own', aovMinor: habits.aovMinor });
  });

  it('goes live in one step, from this moment on, and the worker begins after the orders that are there', async () => {
    const { program } = await found();
    expect(await save(0, program, { change: { to: 'live' } })).toEqual({ ok: true, value: { version: 1 } });
    const saved = await found();
    expect(saved).toMatchObject({ version: 1, suggestion: null, program: { status: { kind: 'live' }, earning: { earnsFromMs: NOW.getTime() } } });
    expect(saved.history).toEqual([{ version: 1, status: 'live', savedAtMs: NOW.getTime(), savedBy: '42', changed: [] }]);
    expect(await progress()).toEqual({ isFollowed: true, isAtTheEnd: true });
  });

  it('cannot go live without what the page showed', async () => {
    expect(await save(0, null, { change: { to: 'live' } })).toEqual({ ok: false, reason: 'unreadable' });
  });
});

describe('saving', () => {
  it('makes a version more of what changed, and none of what did not', async () => {
    expect(await save(0, USUAL)).toEqual({ ok: true, value: { version: 1 } });
    expect(await save(1, USUAL)).toEqual({ ok: true, value: { version: 1 } });
    expect(await save(1, withWelcome(150))).toEqual({ ok: true, value: { version: 2 } });
    const { history, program } = await found();
    expect(program.earning.welcomePoints).toBe(150);
    expect(history.map(({ version, changed }) => ({ version, changed }))).toEqual([{ version: 2, changed: ['earning'] }, { version: 1, changed: [] }]);
  });

  it('refuses what is based on an older version, and keeps what somebody else saved', async () => {
    await save(0, USUAL);
    await save(1, withWelcome(150));
    expect(await save(1, withWelcome(300))).toEqual({ ok: false, reason: 'changed-meanwhile', version: 2, savedAtMs: NOW.getTime() });
    expect((await found()).program.earning.welcomePoints).toBe(150);
  });

  it('of two at once keeps one, and tells the other', async () => {
    const outcomes = await Promise.all([save(0, withWelcome(1)), save(0, withWelcome(2))]);
    expect(outcomes.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect((await found()).version).toBe(1);
  });

  it('sent twice is one version and no conflict', async () => {
    await save(0, USUAL);
    const outcomes = await Promise.all([save(1, withWelcome(7)), save(1, withWelcome(7))]);
    expect(outcomes).toEqual([{ ok: true, value: { version: 2 } }, { ok: true, value: { version: 2 } }]);
  });

  it('names the fields that are wrong, and saves nothing', async () => {
    const wrong = { ...USUAL, rewards: USUAL.rewards.map((reward) => ({ ...reward, validDays: 0 })) };
    expect(await save(0, wrong)).toMatchObject({ ok: false, reason: 'wrong-fields', problems: { 'rewards[2].validDays': 'out-of-range' } });
    expect((await found()).version).toBe(0);
  });

  it.each([['a text', 'x'], ['an empty object', {}], ['a fraction of a point', { ...USUAL, earning: { ...USUAL.earning, welcomePoints: 1.5 } }]])('takes %s for no program', async (_, sent) => {
    expect(await save(0, sent)).toEqual({ ok: false, reason: 'unreadable' });
  });

  it('lets nobody switch the program on, or move its start, by what a page sends', async () => {
    await save(0, { ...USUAL, status: { kind: 'live' }, earning: { ...USUAL.earning, earnsFromMs: 5 } });
    expect((await found()).program).toMatchObject({ status: { kind: 'off' }, earning: { earnsFromMs: 0 } });
  });

  it('is of one shop', async () => {
    await save(0, USUAL);
    expect(await save(0, USUAL, { shop: other })).toEqual({ ok: true, value: { version: 1 } });
  });

  it('is refused while the currency of the shop is not known', async () => {
    await owner.query('UPDATE shops SET currency = NULL WHERE shop_id = $1', [other.shop.shopId]);
    expect(await save(0, USUAL, { shop: other })).toEqual({ ok: false, reason: 'shop-not-known-yet' });
    await owner.query("UPDATE shops SET currency = 'EUR'");
  });
});

describe('a program that was saved and never went live', () => {
  it('has the points that were imported into it looked over every hour', async () => {
    const { prisma } = await import('#app/db.server.ts');
    const { loadWaitingWork } = await import('#app/adapters/db/shop-registry.server.ts');
    const { lookOverMembers } = await import('#app/services/loyalty/look-over-members.server.ts');
    const { givePoints } = await import('#test/support/loyalty/give-points.ts');
    const isDueAt = async (ms: number) => (await loadWaitingWork(prisma, new Date(ms))).some(({ work, shopId }) => work === 'member-time' && shopId === context.shop.shopId);
    await save(0, USUAL);
    await givePoints(context, { customerId: 7n, points: 100, key: 'imported' });
    expect(await isDueAt(NOW.getTime())).toBe(true);
    expect(await lookOverMembers(context)).toEqual([]);
    expect([await isDueAt(NOW.getTime() + 3_599_999), await isDueAt(NOW.getTime() + 3_600_000)]).toEqual([false, true]);
    await owner.query('UPDATE loyalty_members SET balance_points = balance_points + 5');
    expect(await lookOverMembers({ ...context, now: () => new Date(NOW.getTime() + 3_600_000) })).not.toEqual([]);
    await owner.query('UPDATE loyalty_members SET balance_points = balance_points - 5');
  });
});

describe('a program that runs', () => {
  const start = () => save(0, USUAL, { change: { to: 'live' } });

  it('is paused and goes on, with the start that it had', async () => {
    await start();
    await save(1, null, { change: { to: 'paused' } });
    expect((await found()).program.status).toEqual({ kind: 'paused' });
    expect(await progress()).toEqual({ isFollowed: true, isAtTheEnd: true });
    await save(2, null, { change: { to: 'live' } });
    expect((await found()).program).toMatchObject({ status: { kind: 'live' }, earning: { earnsFromMs: NOW.getTime() } });
  });

  it('does not lose its place among the orders when it is changed', async () => {
    await start();
    await owner.query('UPDATE shops SET data_version = data_version + 5');
    await save(1, withWelcome(1, (await found()).program));
    expect(await progress()).toEqual({ isFollowed: true, isAtTheEnd: false });
  });

  it('is wound down to a day that leaves members time, and to no other', async () => {
    await start();
    const today = Date.UTC(2026, 10, 20) / 86_400_000;
    const windDown = (days: number) => save(1, null, { change: { to: 'winding-down', lastRedemptionDay: today + days } });
    // Points of an order of today can be spent after 14 days.
    for (const days of [27, 366, NaN, 30.5]) expect(await windDown(days)).toEqual({ ok: false, reason: 'last-day-out-of-range' });
    expect(await windDown(28)).toEqual({ ok: true, value: { version: 2 } });
    expect((await found()).program.status).toEqual({ kind: 'winding-down', lastRedemptionDay: today + 28 });
    expect(await save(2, null, { change: { to: 'paused' } })).toEqual({ ok: false, reason: 'not-from-here' });
  });

  it('gives no tier a tag that customers of a segment are written under, but leaves one that a tier has long had', async () => {
    const tagged = (tag: string): Program => ({ ...USUAL, tiers: USUAL.tiers && { ...USUAL.tiers, levels: USUAL.tiers.levels.map((level, index) => (index === 1 ? { ...level, tag } : level)) } });
    expect(await save(0, tagged('vip'))).toMatchObject({ ok: true });
    await owner.query("INSERT INTO segment_targets (shop_id, target_id, segment_key, kind, name, title, is_kept, created_at, updated_at) SELECT shop_id, gen_random_uuid(), 's', 'tag', t, t, false, now(), now() FROM shops, unnest(ARRAY['vip']) t WHERE domain = $1", [STORE.shop.domain]);
    expect(await save(1, { ...tagged('vip'), expiry: { kind: 'never' } })).toMatchObject({ ok: true });
    expect(await save(2, tagged('silver'))).toMatchObject({ ok: true });
    expect(await save(3, tagged('VIP '))).toEqual({ ok: false, reason: 'wrong-fields', problems: { 'tiers.levels[1].tag': 'tag-of-segment' } });
    await owner.query('DELETE FROM segment_targets');
  });

  it('does not run without a reward to spend points on', async () => {
    const none = { ...USUAL, rewards: USUAL.rewards.map((reward) => ({ ...reward, isOffered: false })) };
    expect(await save(0, none)).toMatchObject({ ok: true });
    expect(await save(1, null, { change: { to: 'live' } })).toEqual({ ok: false, reason: 'wrong-fields', problems: { rewards: 'none-offered' } });
  });
});
