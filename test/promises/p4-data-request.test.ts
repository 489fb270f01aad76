import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { PrivacyOverview } from '#app/services/privacy/load-privacy-overview.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { privacyPayload } from '#test/simulator/order-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { canariesOf, storeOfCanaries, textsOf } from '#test/support/privacy-canaries.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';
import { promiseOf } from './promise.ts';

const CUSTOMERS = process.env['PROMISE_SIZE'] === 'long' ? 60 : 6;
const STORE = storeOfCanaries(CUSTOMERS * 4);
const OTHER = storeOfCanaries(3, { shop: { id: 2, domain: 'other.myshopify.com' } });
const DOMAIN = STORE.shop.domain;
const ALL = Array.from({ length: CUSTOMERS }, (_, index) => 100 + index);

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let shopify: ShopStore;

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(DOMAIN);
  await app.install(OTHER.shop.domain);
  await pullHistory(context);
  shopify = app.running.simulator.requireStore(DOMAIN);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

/** What we hold of a customer: neither e-mail nor phone. */
function heldOf(customerId: number): string[] {
  const { email, phone, ...held } = canariesOf(customerId);
  return textsOf({ ...held, email: '', phone: '' }).filter((text) => text !== '');
}

function orderIdsOf(customerId: number): string[] {
  return STORE.orders.filter((order) => order.customerId === customerId).map(({ id }) => String(id));
}

/** @returns the id of the request, once the worker has answered it */
async function ask(payload: Record<string, unknown>): Promise<string> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  const body = JSON.stringify(payload);
  const sent = await sendWebhook({ appUrl: app.running.appFrontUrl, path: '/webhooks/compliance', topic: 'customers/data_request', shop: DOMAIN, body });
  expect(sent.status).toBe(200);
  expect(await handleWebhooks(context)).toEqual([]);
  const { rows } = await owner.query<{ webhook_id: string }>('SELECT webhook_id FROM privacy_requests ORDER BY requested_at DESC, answered_at DESC LIMIT 1');
  return rows[0]?.webhook_id ?? '';
}

/** As the merchant's page fetches it. */
async function download(webhookId: string, format: string, { domain = DOMAIN, language = 'en' } = {}): Promise<Response> {
  const { action } = await import('#app/routes/app.privacy-answers.ts');
  // App Bridge puts the token into a header.
  const { headers, url } = app.openRequest(domain);
  const address = new URL(url);
  headers.set('Authorization', `Bearer ${address.searchParams.get('id_token')}`);
  const form = new URLSearchParams({ webhookId, format, language });
  const request = new Request(`${address.origin}/app/privacy-answers`, { method: 'POST', headers, body: form });
  return action({ request, params: {}, context: {} });
}

const accesses = async () =>
  (await owner.query<Record<string, unknown>>('SELECT shop_id, actor, action, subject_hash IS NOT NULL AS has_subject, records FROM personal_data_accesses ORDER BY accessed_at')).rows;

promiseOf('P4', 'both downloads, by id and by e-mail alone', async () => {
  let [missing, foreign, files] = [0, 0, 0];
  for (const customerId of ALL) {
    const { customer, ...payload } = privacyPayload(shopify, customerId);
    const isByEmail = customerId % 2 === 1;
    const webhookId = await ask({ ...payload, customer: isByEmail ? { email: canariesOf(customerId).email } : customer });
    // Of the record of the customer nothing is found by an e-mail.
    const expected = heldOf(customerId).filter((text) => !isByEmail || text !== canariesOf(customerId).locale);
    const others = ALL.filter((id) => id !== customerId).flatMap((id) => [...textsOf(canariesOf(id)), ...orderIdsOf(id)]);
    for (const format of ['json', 'page']) {
      const response = await download(webhookId, format);
      expect(response.status).toBe(200);
      const text = await response.text();
      missing += [...expected, ...orderIdsOf(customerId)].filter((canary) => !text.includes(canary)).length;
      foreign += others.filter((canary) => text.includes(canary)).length;
      files += 1;
    }
  }
  const logged = await accesses();
  const isLogged = logged.length === files && logged.every(({ actor, records }) => actor === 'staff:1' && Number(records) > 0);
  return {
    tried: `${files} files of ${ALL.length} customers, ${heldOf(100).length} canaries and 4 orders each`,
    measured: `${missing} missing, ${foreign} of others, ${logged.length} downloads on record`,
    isKept: missing === 0 && foreign === 0 && isLogged,
  };
});

describe('an answer that is handed on', () => {
  it('is not given to another shop, and that leaves no trace', async () => {
    const webhookId = await ask(privacyPayload(shopify, 100));
    const before = await accesses();
    expect((await download(webhookId, 'json', { domain: OTHER.shop.domain })).status).toBe(404);
    expect((await download('nobody-asked', 'json')).status).toBe(404);
    expect((await download(webhookId, 'xml')).status).toBe(400);
    expect(await accesses()).toEqual(before);
  });

  it('holds no order of somebody else that the request names, and one of a guest', async () => {
    const [ofGuest = '', ...ofOther] = orderIdsOf(105);
    await owner.query('UPDATE orders SET customer_id = NULL WHERE order_id = $1', [ofGuest]);
    const { shop_domain, customer } = privacyPayload(shopify, 100);
    const webhookId = await ask({ shop_domain, customer, orders_requested: orderIdsOf(105).map(Number) });
    const text = await (await download(webhookId, 'json')).text();
    expect([...orderIdsOf(100), ofGuest].filter((id) => !text.includes(id))).toEqual([]);
    expect(ofOther.filter((id) => text.includes(id))).toEqual([]);
  });

  it('tells the customer when their data was opened before, and not by whom', async () => {
    const first = await ask(privacyPayload(shopify, 102));
    await download(first, 'page');
    const second = await ask(privacyPayload(shopify, 102));
    const text = await (await download(second, 'json')).text();
    expect(JSON.parse(text)).toMatchObject({ accesses: expect.arrayContaining([expect.objectContaining({ action: 'data-request-page' })]) });
    expect(text).not.toContain('staff:1');
  });

  it('tells the customer when the shop left them out of its program, in words, and not by whose hand', async () => {
    const { rows } = await owner.query<{ member_id: string }>('INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at) VALUES ($1, 103, now()) RETURNING member_id', [context.shop.shopId]);
    await owner.query(
      "INSERT INTO loyalty_exclusions (shop_id, member_id, change_no, is_excluded, changed_at, staff_id) SELECT $1, $2, n, n = 1, '2026-10-04T10:00:00Z', 'staff-77' FROM generate_series(1, 2) n",
      [context.shop.shopId, rows[0]?.member_id],
    );
    const webhookId = await ask(privacyPayload(shopify, 103));
    const text = await (await download(webhookId, 'json')).text();
    expect(JSON.parse(text)).toMatchObject({ exclusions: [true, false].map((isExcluded) => ({ changedAt: '2026-10-04T10:00:00.000Z', isExcluded })) });
    expect(text).not.toContain('staff-77');
    expect(await (await download(webhookId, 'page')).text()).toContain('When the shop left you out of its program');
  });

  it('leaves out no kind of record of which something is held', async () => {
    const { ANSWER_PARTS } = await import('#app/services/privacy/data-answer.ts');
    const { shopId } = context.shop;
    const [orderId] = orderIdsOf(102);
    await owner.query(
      `INSERT INTO offer_credits (shop_id, order_id, rule_id, amount_minor, currency, ends_at, state, not_before, intended_at)
       VALUES ($1, $2, gen_random_uuid(), 500, 'EUR', now(), 'given', now(), now())`,
      [shopId, orderId],
    );
    await owner.query("INSERT INTO account_invites (shop_id, customer_id, order_id, state, wished_at, next_step) VALUES ($1, 102, $2, 'open', now(), 1)", [shopId, orderId]);
    await owner.query(
      "INSERT INTO account_invite_emails (shop_id, customer_id, step, state, intended_at, settled_at) VALUES ($1, 102, 0, 'sent', now(), now()), ($1, 102, 1, 'refused', now(), now())",
      [shopId],
    );
    await owner.query(
      `INSERT INTO offer_discounts (shop_id, discount_key, title, customer_id, percent_basis_points, minimum_subtotal_minor, currency, starts_at, ends_at, created_at)
       VALUES ($1, 'order:p4', 'next order', 102, 1000, 0, 'EUR', now(), now(), now())`,
      [shopId],
    );
    await owner.query("INSERT INTO offer_codes (shop_id, order_id, discount_key, code, state, not_before, intended_at) VALUES ($1, $2, 'order:p4', 'P4', 'issued', now(), now())", [shopId, orderId]);
    await owner.query(
      `WITH target AS (INSERT INTO segment_targets (shop_id, target_id, segment_key, kind, name, title, is_kept, created_at, updated_at)
         VALUES ($1, gen_random_uuid(), 'vip', 'tag', 'perennial-vip', 'VIP', false, now(), now()) RETURNING *)
       INSERT INTO segment_write_members (shop_id, target_id, customer_id, action, state, changed_at) SELECT shop_id, target_id, 102, 'add', 'done', now() FROM target`,
      [shopId],
    );
    await owner.query(
      `WITH member AS (INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at) VALUES ($1, 102, now()) RETURNING *)
       INSERT INTO loyalty_exclusions (shop_id, member_id, change_no, is_excluded, changed_at, staff_id) SELECT shop_id, member_id, 1, true, now(), '1' FROM member`,
      [shopId],
    );
    await owner.query(
      `WITH member AS (
         UPDATE loyalty_members SET birthday = 229, claimed_at = '2026-10-04T10:00:00Z' WHERE customer_id = 102 RETURNING shop_id, member_id
       ), entry AS (
         INSERT INTO loyalty_entries (shop_id, member_id, sequence, kind, entry_key, occurred_at, recorded_at, order_id, reason, hash)
         SELECT shop_id, member_id, 1, 'grant', 'p4', now(), now(), $1::bigint, '{}', decode(repeat('00', 32), 'hex') FROM member RETURNING shop_id, member_id, sequence
       ), note AS (
         INSERT INTO loyalty_notes (shop_id, member_id, sequence, note) SELECT shop_id, member_id, sequence, 'for the wait' FROM entry
       )
       INSERT INTO loyalty_postings (shop_id, member_id, sequence, posting_no, account, points, lot_no)
       SELECT shop_id, member_id, sequence, no, account, points, lot FROM entry, (VALUES (1, 'customer', 30, NULL), (2, 'pending', 12, 1), (3, 'issued', -42, NULL)) AS p (no, account, points, lot)`,
      [orderId],
    );
    await owner.query(
      `WITH version AS (
         INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, now()) RETURNING shop_id, version
       )
       INSERT INTO loyalty_redemptions (shop_id, redemption_id, member_id, request_key, request_hash, reward_id, program_version, points, state, code, reserved_at, expires_at)
       SELECT shop_id, gen_random_uuid(), member_id, 'p4', decode(repeat('00', 32), 'hex'), 'five', version, 100, 'issued', 'REWARD-P4', now(), now()
       FROM version JOIN loyalty_members USING (shop_id) WHERE customer_id = 102`,
      [shopId, JSON.stringify({ ...defaultProgram({ currency: 'EUR', unitMinor: 100 }), tiers: { levels: [{ id: 't2', name: 'Silver' }, { id: 't3', name: 'Gold' }] } })],
    );
    await owner.query("INSERT INTO offer_decisions (shop_id, order_id, is_held_out, decided_at) VALUES ($1, $2, true, now())", [shopId, orderId]);
    await owner.query(
      `WITH member AS (SELECT shop_id, member_id FROM loyalty_members WHERE customer_id = 102), change AS (
         INSERT INTO loyalty_tier_changes (shop_id, member_id, change_no, tier_id, program_version, effective_at, reason, recorded_at)
         SELECT shop_id, member_id, 1, 't3', 1, '2026-10-05T10:00:00Z',
           '{"code": "reached", "basis": "spend", "window": "lifetime", "amount": 52050, "threshold": 50000, "levelThreshold": 50000, "from": null}', now() FROM member
       ), notice AS (
         INSERT INTO loyalty_notices (shop_id, notice_key, member_id, kind, facts, due_at)
         SELECT shop_id, 'p4', member_id, 'tier-raised', '{"tierId": "t3"}', '2026-10-05T10:00:00Z' FROM member
       )
       INSERT INTO loyalty_flow_events (shop_id, event_key, member_id, trigger, facts, occurred_at, noted_at, state, settled_at)
       SELECT shop_id, 'p4', member_id, 'tier-changed', '{"tierId": "t3", "before": "t2", "direction": "up"}'::jsonb, '2026-10-05T10:00:00Z'::timestamptz, now(), 'told', '2026-10-05T10:01:00Z'::timestamptz FROM member
       UNION ALL SELECT shop_id, 'p4-dropped', member_id, 'points-earned', '{"points": 42, "reason": "order"}'::jsonb, '2026-10-04T10:00:00Z'::timestamptz, now(), 'dropped', now() FROM member`,
    );
    const webhookId = await ask(privacyPayload(shopify, 102));
    const answer: Record<string, unknown[]> = JSON.parse(await (await download(webhookId, 'json')).text());
    expect(ANSWER_PARTS.filter((part) => answer[part]?.length === 0)).toEqual([]);
    expect(answer['membership']).toMatchObject([{ customerId: '102', claimedAt: '2026-10-04T10:00:00.000Z', birthday: 229 }]);
    expect(answer['rewards']).toMatchObject([{ points: 100, state: 'issued', code: 'REWARD-P4' }]);
    expect(answer['points']).toMatchObject([{ kind: 'grant', orderId, points: 42, note: 'for the wait' }]);
    const sent = { state: 'sent', sentAt: expect.any(String) };
    expect(answer['invites']).toMatchObject([{ state: null, sentAt: null }, sent, { state: 'refused', sentAt: null }]);
    expect(answer['offers']).toMatchObject([{ orderId, isHeldOut: true }]);
    const at = '2026-10-05T10:00:00.000Z';
    expect(answer['tiers']).toMatchObject([{ tier: 'Gold', kind: 'reached', effectiveAt: at, keptUntil: null, countedMinor: 52_050, neededMinor: 50_000 }]);
    expect(answer['notices']).toMatchObject([{ kind: 'tier-raised', tier: 'Gold', dueAt: at, sentAt: null }]);
    expect(answer['workflows']).toMatchObject([
      { kind: 'tier-changed', tier: 'Gold', tierBefore: 'Silver', occurredAt: at, toldAt: '2026-10-05T10:01:00.000Z' },
      { kind: 'points-earned', points: 42, toldAt: null },
    ]);
    const page = await (await download(webhookId, 'page')).text();
    expect(page).toContain('<dt>Counted</dt><dd>520.50 EUR</dd>');
    expect(page).not.toContain('[object');
  });

  it('tells of a discount that guests share the codes of the orders that were named, and nobody else’s', async () => {
    const [mine = '', theirs = ''] = orderIdsOf(101);
    await owner.query('UPDATE orders SET customer_id = NULL WHERE order_id = ANY($1)', [[mine, theirs]]);
    await owner.query(
      `WITH shared AS (
         INSERT INTO offer_discounts (shop_id, discount_key, title, percent_basis_points, minimum_subtotal_minor, currency, starts_at, ends_at, created_at)
         VALUES ($1, 'guests:p4', 'shared', 1000, 0, 'EUR', now(), now(), now()) RETURNING shop_id, discount_key
       )
       INSERT INTO offer_codes (shop_id, order_id, discount_key, code, state, not_before, intended_at)
       SELECT shop_id, order_id, discount_key, code, 'issued', now(), now() FROM shared, (VALUES ($2::bigint, 'MINE'), ($3::bigint, 'THEIRS')) AS given (order_id, code)`,
      [context.shop.shopId, mine, theirs],
    );
    const webhookId = await ask({ shop_domain: DOMAIN, customer: { email: 'guest@example.com' }, orders_requested: [Number(mine)] });
    const answer: { discounts: unknown[]; codes: unknown[] } = JSON.parse(await (await download(webhookId, 'json')).text());
    expect(answer.discounts).toMatchObject([{ discountKey: 'guests:p4' }]);
    expect(answer.codes).toMatchObject([{ orderId: mine, code: 'MINE' }]);
    expect(answer.codes).toHaveLength(1);
  });

  it('is a file that no cache keeps and nothing runs in, in the language asked for', async () => {
    const order = [...shopify.orders.values()].find(({ customerId }) => customerId === 104);
    if (!order) throw new Error('no order');
    await owner.query('UPDATE orders SET name = $1 WHERE order_id = $2', ['<script>alert("x")</script>', order.id]);
    const response = await download(await ask(privacyPayload(shopify, 104)), 'page', { language: 'zh-CN' });
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(response.headers.get('Content-Disposition')).toMatch(/^attachment; filename="customer-data-\d{4}-\d\d-\d\d\.html"$/);
    const page = await response.text();
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    expect(page).not.toContain('<script');
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('<html lang="zh-CN">');
    expect(page).toContain('<dt>订单</dt>');
    expect(page).toContain('20.00 EUR');
  });

  it('has a word for everything that is collected', async () => {
    const { privacy } = await import('#app/i18n/en/privacy.ts');
    const { HIDDEN_FIELDS } = await import('#app/services/privacy/write-answer-page.ts');
    const answer: Record<string, unknown> = JSON.parse(await (await download(await ask(privacyPayload(shopify, 102)), 'json')).text());
    const names = Object.values(answer).flatMap((rows) => (Array.isArray(rows) ? rows.flatMap((row: object) => Object.keys(row)) : []));
    const wordless = [...new Set(names)].filter((name) => !(name in privacy.answer.fields) && !HIDDEN_FIELDS.includes(name));
    expect(wordless).toEqual([]);
  });

  it('is on the page with what came of it, and who opened it', async () => {
    const { loader } = await import('#app/routes/app.privacy.tsx');
    await ask({ shop_domain: DOMAIN, customer: { email: 'stranger@example.com' }, orders_requested: [] });
    const response = await loader({ request: app.openRequest(DOMAIN, '/app/privacy'), params: {}, context: {} });
    const overview: PrivacyOverview = await response.json();
    expect(overview.dataRequests[0]).toMatchObject({ state: 'nothing-held', isOpen: false });
    expect(overview.dataRequests.some(({ state, isOpen, handedOnAtMs }) => state === 'handed-on' && isOpen && handedOnAtMs !== null)).toBe(true);
    expect(overview.accesses[0]).toMatchObject({ actor: 'staff:1', action: 'data-request-json' });
    expect(JSON.stringify(overview)).not.toMatch(/kanarie|stranger/i);
    const ofOther = await (await loader({ request: app.openRequest(OTHER.shop.domain, '/app/privacy'), params: {}, context: {} })).json();
    expect(ofOther).toMatchObject({ dataRequests: [], accesses: [], redactions: { customers: 0, lastAtMs: null } });
  });
});
