import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { KEPT_DAYS } from '#app/services/privacy/retention-periods.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';

const STORE = syntheticStore(1);
const DOMAIN = STORE.shop.domain;
const MS_PER_DAY = 86_400_000;
/** When everything happened that is looked at from later days. */
const THEN = new Date('2026-06-01T12:00:00.000Z');

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
});

beforeEach(async () => {
  context = await app.install(DOMAIN);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

async function keepUpAfter(days: number): Promise<void> {
  const { keepUp } = await import('#app/services/operations/keep-up.server.ts');
  await keepUp({ ...context, now: () => new Date(THEN.getTime() + days * MS_PER_DAY) });
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await owner.query<Record<string, unknown>>(sql)).rows;
}

async function dueInMs(): Promise<number> {
  const [row] = await rows(`SELECT extract(epoch FROM upkeep_due_at) * 1000 AS at FROM shops WHERE domain = '${DOMAIN}'`);
  return Number(row?.['at']) - THEN.getTime();
}

async function plant(): Promise<void> {
  await owner.query('TRUNCATE privacy_requests, webhook_inbox, personal_data_accesses, imports, loyalty_members, segment_targets CASCADE');
  const { shopId } = context.shop;
  for (const statement of [
    `INSERT INTO privacy_requests (shop_id, webhook_id, kind, customer_hash, answer_sealed, requested_at, answered_at, outcome)
     VALUES ($1, 'answered', 'data-request', 'x', 'x', $2, $2, 'answered'), ($1, 'empty', 'data-request', 'x', 'x', $2, $2, 'nothing-held')`,
    `INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, state, received_at, handled_at, body_sealed)
     VALUES ($1, 'handled', 't', 'v', 'handled', $2, $2, NULL), ($1, 'dismissed', 't', 'v', 'handled', $2, $2, NULL), ($1, 'dead', 't', 'v', 'dead', $2, NULL, 'x'), ($1, 'waiting', 't', 'v', 'waiting', $2, NULL, 'x')`,
    "UPDATE webhook_inbox SET dismissed_by = 'night shift', dismissal_reason = 'seen to' WHERE shop_id = $1 AND received_at = $2 AND webhook_id = 'dismissed'",
    `INSERT INTO personal_data_accesses (shop_id, access_id, accessed_at, actor, action) VALUES ($1, gen_random_uuid(), $2, 'operator', 'x')`,
    `INSERT INTO imports (shop_id, import_id, resource, state, requested_at, finished_at, error_detail)
     VALUES ($1, gen_random_uuid(), 'orders', 'completed', $2, $2, 'line 3: id: is missing')`,
    `WITH member AS (INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at) VALUES ($1, 7, $2) RETURNING shop_id, member_id)
     INSERT INTO loyalty_flow_events (shop_id, event_key, member_id, trigger, facts, occurred_at, noted_at, state, settled_at)
     SELECT shop_id, 'told', member_id, 'points-earned', '{}', $2, $2, 'told', $2::timestamptz FROM member`,
    `WITH target AS (
       INSERT INTO segment_targets (shop_id, target_id, segment_key, kind, name, title, is_kept, created_at, updated_at)
       VALUES ($1, gen_random_uuid(), 'vip', 'tag', 'vip', 'vip', true, $2, $2) RETURNING shop_id, target_id
     )
     INSERT INTO segment_writes (shop_id, write_id, target_id, kind, cause, state, not_before, requested_at, finished_at)
     SELECT shop_id, gen_random_uuid(), target_id, 'write', 'asked', 'completed', at, at, at FROM target, (VALUES ($2::timestamptz), ($2::timestamptz + interval '1 hour')) AS done (at)`,
  ]) {
    await owner.query(statement, [shopId, THEN]);
  }
}

describe('the upkeep of a day', () => {
  const answers = () => rows('SELECT webhook_id, outcome FROM privacy_requests WHERE answer_sealed IS NOT NULL ORDER BY webhook_id');
  const webhooks = (state: string) => rows(`SELECT 1 FROM webhook_inbox WHERE state = '${state}' AND dismissed_by IS NULL`);
  const dismissals = () => rows('SELECT 1 FROM webhook_inbox WHERE dismissed_by IS NOT NULL');
  const details = () => rows('SELECT 1 FROM imports WHERE error_detail IS NOT NULL');
  const accesses = () => rows('SELECT 1 FROM personal_data_accesses');

  it.each<[string, number, () => Promise<unknown[]>]>([
    ['answers to data requests', KEPT_DAYS.answer, answers],
    ['handled webhooks', KEPT_DAYS.handledWebhook, () => webhooks('handled')],
    ['webhooks that were given up', KEPT_DAYS.deadWebhook, () => webhooks('dead')],
    ['webhooks that an operator dismissed', KEPT_DAYS.dismissedWebhook, dismissals],
    ['lines that could not be read', KEPT_DAYS.importProblems, details],
    ['who opened personal data', KEPT_DAYS.access, accesses],
    ['what Flow was told of', KEPT_DAYS.flowEvent, () => rows('SELECT 1 FROM loyalty_flow_events')],
    ['runs of writing a segment but the last', KEPT_DAYS.segmentRun, () => rows(`SELECT 1 FROM segment_writes WHERE finished_at = '${THEN.toISOString()}'`)],
  ])('lets go of %s after so many days, and not before', async (_what, days, held) => {
    await plant();
    await keepUpAfter(days - 0.01);
    expect((await held()).length).toBeGreaterThan(0);
    await keepUpAfter(days + 0.01);
    expect(await held()).toEqual([]);
  });

  it('keeps that a request came and what came of it, without whom it was about', async () => {
    await plant();
    await keepUpAfter(KEPT_DAYS.answer + 1);
    expect(await rows('SELECT webhook_id, outcome, customer_hash FROM privacy_requests ORDER BY webhook_id')).toEqual([
      { webhook_id: 'answered', outcome: 'expired', customer_hash: null },
      { webhook_id: 'empty', outcome: 'nothing-held', customer_hash: null },
    ]);
  });

  it('never drops a webhook that still waits', async () => {
    await plant();
    await keepUpAfter(1_000);
    expect(await webhooks('waiting')).toHaveLength(1);
  });

  it('lets go of pulls that others came after, and keeps the latest that brought everything and what failed since', async () => {
    await owner.query('TRUNCATE imports');
    const pull = (name: string, state: string, day: number, resource = 'orders', since: Date | null = null) =>
      owner.query(
        `INSERT INTO imports (shop_id, import_id, resource, state, requested_at, finished_at, error_code, updated_since)
         VALUES ($1, gen_random_uuid(), $2, $3, $4, CASE WHEN $3 <> 'running' THEN $4::timestamptz END, $5, $6)`,
        [context.shop.shopId, resource, state, new Date(THEN.getTime() + day * MS_PER_DAY), name, since],
      );
    await pull('first', 'completed', 0);
    await pull('latest', 'completed', 1);
    await pull('failed', 'failed', 2);
    await pull('storm', 'completed', 3, 'orders', THEN);
    await pull('customers', 'completed', 0, 'customers');
    await pull('under way', 'running', 3, 'customers');
    const held = async () => (await rows('SELECT error_code FROM imports ORDER BY error_code')).map((row) => row['error_code']);
    await keepUpAfter(3 + KEPT_DAYS.changesPull - 0.01);
    expect(await held()).toEqual(['customers', 'failed', 'first', 'latest', 'storm', 'under way']);
    await keepUpAfter(3 + KEPT_DAYS.changesPull + 0.01);
    expect(await held()).toEqual(['customers', 'failed', 'first', 'latest', 'under way']);
    await keepUpAfter(KEPT_DAYS.replacedImport + 0.01);
    expect(await held()).toEqual(['customers', 'failed', 'latest', 'under way']);
    await keepUpAfter(10 * KEPT_DAYS.replacedImport);
    expect(await held()).toEqual(['customers', 'failed', 'latest', 'under way']);
    await owner.query('TRUNCATE imports');
  });

  it('lets go of the webhooks of a busy day in many short transactions, and comes back at once when a turn does not do', async () => {
    await owner.query('TRUNCATE webhook_inbox');
    await owner.query(
      `INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, state, received_at, handled_at)
       SELECT $1, n::text, 't', 'v', CASE WHEN n % 4 = 0 THEN 'dead' ELSE 'handled' END, $2, $2 FROM generate_series(1, 61) n`,
      [context.shop.shopId, THEN],
    );
    await owner.query('UPDATE shops SET upkeep_due_at = $1', [THEN]);
    const { keepUp } = await import('#app/services/operations/keep-up.server.ts');
    const late = { ...context, now: () => new Date(THEN.getTime() + (KEPT_DAYS.deadWebhook + 1) * MS_PER_DAY) };
    const left = async () => (await rows('SELECT count(*)::int AS left, (SELECT upkeep_due_at FROM shops) AS due FROM webhook_inbox'))[0];
    await keepUp(late, { batchRows: 10, batchesATurn: 5 });
    expect(await left()).toEqual({ left: 11, due: THEN });
    await keepUp(late, { batchRows: 10, batchesATurn: 5 });
    expect(await left()).toEqual({ left: 0, due: new Date(late.now().getTime() + MS_PER_DAY) });
  });

  it('lets go of what was written of a segment long ago, its members first and a few at a time', async () => {
    await owner.query('TRUNCATE webhook_inbox, segment_targets CASCADE');
    const { shopId } = context.shop;
    for (const [target, isKept] of [['old', false], ['kept', true]] as const) {
      await owner.query(
        `WITH made AS (
           INSERT INTO segment_targets (shop_id, target_id, segment_key, kind, name, title, is_kept, created_at, updated_at)
           VALUES ($1, gen_random_uuid(), $2, 'tag', $2, $2, $3, $4, $4) RETURNING target_id
         ), run AS (
           INSERT INTO segment_writes (shop_id, write_id, target_id, kind, cause, state, not_before, requested_at, finished_at)
           SELECT $1, gen_random_uuid(), target_id, 'write', 'asked', 'completed', $4, $4, $4 FROM made
         )
         INSERT INTO segment_write_members SELECT $1, target_id, n, 'add', 'done', $4 FROM made, generate_series(1, 61) n`,
        [shopId, target, isKept, THEN],
      );
    }
    await owner.query('UPDATE shops SET upkeep_due_at = $1', [THEN]);
    const { keepUp } = await import('#app/services/operations/keep-up.server.ts');
    const late = { ...context, now: () => new Date(THEN.getTime() + (KEPT_DAYS.segmentUndo + 1) * MS_PER_DAY) };
    const left = () => rows('SELECT title, count(customer_id)::int AS members FROM segment_targets LEFT JOIN segment_write_members USING (shop_id, target_id) GROUP BY 1 ORDER BY 1');
    await keepUp(late, { batchRows: 10, batchesATurn: 5 });
    expect(await left()).toEqual([{ title: 'kept', members: 61 }, { title: 'old', members: 11 }]);
    expect(await rows('SELECT upkeep_due_at FROM shops')).toEqual([{ upkeep_due_at: THEN }]);
    await keepUp(late, { batchRows: 10, batchesATurn: 5 });
    expect(await left()).toEqual([{ title: 'kept', members: 61 }]);
    await owner.query('DELETE FROM segment_targets');
  });

  it('comes back a day later', async () => {
    await keepUpAfter(0);
    expect(await rows('SELECT upkeep_due_at FROM shops')).toEqual([{ upkeep_due_at: new Date(THEN.getTime() + MS_PER_DAY) }]);
  });

  it('comes back soon for the discounts that ended, more than a turn of them, and lets go of those in the end', async () => {
    const ended = `INSERT INTO offer_discounts (shop_id, discount_key, discount_gid, title, minimum_subtotal_minor, currency, starts_at, ends_at, created_at)
      SELECT $1, n, 'gid://shopify/DiscountCodeNode/' || n, n, 0, 'EUR', $2, $2, $2 FROM generate_series(1, 60) n`;
    await owner.query(ended, [context.shop.shopId, THEN]);
    const untidied = async () => (await rows('SELECT 1 FROM offer_discounts WHERE tidied_at IS NULL')).length;
    await keepUpAfter(31);
    expect([await untidied(), await dueInMs()]).toEqual([10, 31 * MS_PER_DAY + 120_000]);
    await keepUpAfter(31);
    expect([await untidied(), await dueInMs()]).toEqual([0, 32 * MS_PER_DAY]);
    await keepUpAfter(32);
    expect(await rows('SELECT 1 FROM offer_discounts')).toEqual([]);
  });
});

describe('a shop that left and was never asked to be forgotten', () => {
  it('is forgotten a month later, by the upkeep that goes on', async () => {
    const { recordUninstall } = await import('#app/services/sync/record-uninstall.server.ts');
    const store = app.running.simulator.requireStore(DOMAIN);
    app.running.simulator.uninstall(store);
    expect(await recordUninstall({ ...context, now: () => THEN })).toBe('uninstalled');
    await keepUpAfter(KEPT_DAYS.shopThatLeft - 1);
    expect(await rows('SELECT upkeep_due_at IS NOT NULL AS goes_on FROM shops')).toEqual([{ goes_on: true }]);
    await keepUpAfter(KEPT_DAYS.shopThatLeft + 1);
    expect(await rows('SELECT 1 FROM shops')).toEqual([]);
    expect(await rows('SELECT 1 FROM forgotten_shops')).toHaveLength(1);
  });

  it('is not, when it came back meanwhile', async () => {
    await owner.query("UPDATE shops SET uninstalled_at = '2020-01-01'");
    await keepUpAfter(0);
    expect(await rows('SELECT 1 FROM shops')).toHaveLength(1);
  });
});

describe('the merchant’s texts for the storefront', () => {
  const shopify = () => app.running.simulator.requireStore(DOMAIN);
  const told = () => Object.fromEntries((shopify().shop.appMetafields ?? []).map(({ namespace, key, value }) => [`${namespace} ${key}`, JSON.parse(value)]));
  const save = async (locale: string, changed: Record<string, string>) => {
    const { saveTexts } = await import('#app/services/texts/save-texts.server.ts');
    expect(await saveTexts({ ...context, now: () => THEN }, { surface: 'storefront', locale, changed })).toEqual({ ok: true, value: null });
  };

  it('are with Shopify after the next turn, which saving them asks for, and go when they are taken back', async () => {
    await keepUpAfter(0);
    expect(await dueInMs()).toBe(MS_PER_DAY);
    await save('de', { 'launcher.title': 'Blätter', 'panel.rewards': 'Geschenke' });
    await save('pt-BR', { 'standing.join': 'Entre' });
    expect(await dueInMs()).toBe(0);
    await keepUpAfter(0);
    expect(told()).toEqual({ 'storefront program': { isShown: false }, 'storefront texts-de': { 'launcher.title': 'Blätter' }, 'storefront texts-pt-BR': { 'standing.join': 'Entre' } });
    await save('de', { 'launcher.title': '' });
    await keepUpAfter(0);
    expect(told()).toEqual({ 'storefront program': { isShown: false }, 'storefront texts-de': {}, 'storefront texts-pt-BR': { 'standing.join': 'Entre' } });
  });

  it('are told with whether there is a program to show, as soon as that changes', async () => {
    const { saveProgram } = await import('#app/services/loyalty/save-program.server.ts');
    await owner.query("UPDATE shops SET currency = 'EUR', iana_time_zone = 'Europe/Berlin'");
    const held = defaultProgram({ currency: 'EUR', unitMinor: 100 });
    const set = async (basedOn: number, change: Parameters<typeof saveProgram>[1]['change']) => {
      await keepUpAfter(0);
      expect(await saveProgram({ ...context, now: () => THEN }, { basedOn, program: held, change, savedBy: '1' })).toMatchObject({ ok: true });
      expect(await dueInMs()).toBe(0);
      await keepUpAfter(0);
      return told()['storefront program'];
    };
    expect(await set(0, { to: 'live' })).toEqual({ isShown: true });
    const lastRedemptionDay = Math.floor(THEN.getTime() / MS_PER_DAY) + 60;
    expect(await set(1, { to: 'winding-down', lastRedemptionDay })).toEqual({ isShown: true });
    await keepUpAfter(61);
    expect(told()['storefront program']).toEqual({ isShown: false });
  });

  it('are told anew to an app that came back', async () => {
    await save('de', { 'launcher.title': 'Blätter' });
    const { appMetafields: _gone, ...facts } = shopify().shop;
    shopify().save('shop', facts);
    await keepUpAfter(0);
    expect(told()).toMatchObject({ 'storefront texts-de': { 'launcher.title': 'Blätter' } });
  });

  it('come again soon while Shopify is away, and the rest of the upkeep is done', async () => {
    await plant();
    await save('de', { 'launcher.title': 'Laub' });
    const { keepUp } = await import('#app/services/operations/keep-up.server.ts');
    const { ShopifyUnavailableError } = await import('#app/adapters/shopify/admin-api.server.ts');
    const away = () => Promise.reject(new ShopifyUnavailableError('away'));
    const later = () => new Date(THEN.getTime() + (KEPT_DAYS.answer + 1) * MS_PER_DAY);
    expect(await keepUp({ ...context, now: later, admin: away })).toBe('unavailable');
    expect(await rows('SELECT 1 FROM privacy_requests WHERE answer_sealed IS NOT NULL')).toEqual([]);
    expect(await dueInMs()).toBe((KEPT_DAYS.answer + 1) * MS_PER_DAY + 120_000);
    await keepUpAfter(KEPT_DAYS.answer + 1);
    expect(told()).toMatchObject({ 'storefront texts-de': { 'launcher.title': 'Laub' } });
  });

  it('that are saved while a turn is under way have a turn of their own', async () => {
    const { keepUp } = await import('#app/services/operations/keep-up.server.ts');
    let isFirst = true;
    const admin: ShopContext['admin'] = async (document, variables) => {
      const answer = await context.admin(document, variables);
      if (isFirst) {
        isFirst = false;
        await owner.query('UPDATE shops SET upkeep_due_at = $1 WHERE domain = $2', [THEN, DOMAIN]);
      }
      return answer;
    };
    expect(await keepUp({ ...context, now: () => THEN, admin })).toBeNull();
    expect(await dueInMs()).toBe(0);
  });
});
