import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { findCanaries, type CanaryHit } from '#app/adapters/db/checks/find-canaries.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { privacyPayload } from '#test/simulator/order-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { offering } from '#test/services/offers/offering.ts';
import { canariesOf, storeOfCanaries, textsOf } from '#test/support/privacy-canaries.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';
import { promiseOf } from './promise.ts';

const CUSTOMERS = process.env['PROMISE_SIZE'] === 'long' ? 40 : 6;
const FIRST = 100;
const STORE = storeOfCanaries(CUSTOMERS * 3);
const DOMAIN = STORE.shop.domain;
const AN_ID = '00000000-0000-4000-8000-000000000001';

/** Where something of a customer comes to stand; each is filled, found, and empty afterwards. */
const PERSONAL = [
  'customers.locale',
  'imports.error_detail',
  'loyalty_notes.note',
  'offer_discounts.title',
  'order_lines.sku',
  'order_lines.title',
  'orders.discount_codes',
  'orders.name',
  'orders.province_code',
  'privacy_requests.answer_sealed',
  'webhook_inbox.body_sealed',
];

/** Where the number of a customer comes to stand; each is filled, found, and without them afterwards. */
const NUMBERED = [
  'account_invite_emails.customer_id',
  'account_invites.customer_id',
  'customer_merges.kept_customer_id',
  'customers.customer_id',
  'loyalty_member_traces.customer_id',
  'loyalty_members.customer_id',
  'offer_discounts.customer_id',
  'orders.customer_id',
  'reconciliation_customer_differences.customer_id',
  'segment_write_members.customer_id',
];

/** Texts, lists and bytes in which nothing of a customer can come to stand, by the reason. A new column has to be told. */
const IMPERSONAL: Readonly<Record<string, readonly string[]>> = {
  'about the shop or its settings': [
    'shops.domain', 'shops.name', 'shops.currency', 'shops.iana_time_zone', 'shops.primary_locale', 'shops.plan_name',
    'shops.customer_accounts', 'shops.customer_accounts_url', 'sessions.session_id', 'sessions.scope', 'sessions.access_token_sealed',
    'sessions.refresh_token_sealed', 'offer_settings.currency', 'offer_settings.audience', 'segments.name', 'segments.query',
    'segment_targets.segment_key', 'segment_targets.name', 'segment_targets.title', 'segment_targets.native_name',
    'loyalty_program_versions.program', 'loyalty_program_versions.saved_by', 'loyalty_redemptions.reward_id',
    'loyalty_member_traces.written', 'loyalty_member_traces.tag', 'loyalty_member_traces.told_tier_id',
    'shops.counting_preset', 'shops.order_value', 'loyalty_audits.summed_zone', 'loyalty_gifts.segment_name', 'loyalty_gifts.note',
    'offer_rules.name', 'offer_rules.conditions', 'offer_rules.currency', 'shopper_texts.surface', 'shopper_texts.locale', 'shopper_texts.text_key', 'shopper_texts.words',
  ],
  'a state, a code or a version of ours or of Shopify': [
    'imports.resource', 'imports.state', 'imports.bulk_operation_id', 'imports.error_code', 'orders.financial_status',
    'orders.fulfillment_status', 'fulfillments.status', 'customers.account_state', 'customers.shopify_rfm_group', 'webhook_inbox.topic', 'webhook_inbox.api_version',
    'webhook_inbox.state', 'webhook_inbox.outcome', 'privacy_requests.kind', 'privacy_requests.outcome', 'offer_codes.state',
    'offer_codes.last_error', 'offer_pool_codes.state', 'offer_pool_codes.last_error', 'offer_credits.state', 'offer_credits.last_error', 'offer_rules.grant_kind', 'offer_discounts.grant_kind', 'reconciliations.cause', 'reconciliations.scope', 'reconciliations.state',
    'reconciliations.bulk_operation_id', 'reconciliations.error_code', 'reconciliation_differences.cause',
    'reconciliation_differences.outcome', 'reconciliation_differences.unequal_parts',
    'reconciliations.resource', 'reconciliations.customers_list_id',
    'reconciliation_customer_differences.cause', 'reconciliation_customer_differences.outcome',
    'segment_targets.kind', 'segment_targets.native_problem', 'segment_writes.kind', 'segment_writes.cause', 'segment_writes.state',
    'segment_writes.error_code', 'segment_write_members.action', 'segment_write_members.state',
    'loyalty_entries.kind', 'loyalty_entries.entry_key', 'loyalty_entries.reason', 'loyalty_postings.account', 'loyalty_redemptions.state',
    'loyalty_redemptions.last_error', 'loyalty_tier_changes.tier_id', 'loyalty_tier_changes.reason',
    'loyalty_notices.kind', 'loyalty_notices.facts', 'loyalty_tracing.last_error', 'loyalty_tracing.free_shipping', 'loyalty_member_traces.tag_state',
    'loyalty_member_traces.problem', 'loyalty_flow_events.trigger', 'loyalty_flow_events.facts', 'loyalty_flow_events.state',
    'loyalty_flow_events.last_error',
    // The cursor names a customer until the gift has come to its end, within minutes.
    'loyalty_gifts.state', 'loyalty_gifts.error_code', 'loyalty_gifts.after_cursor',
    'account_invites.state', 'account_invites.end_reason', 'account_invites.last_error', 'account_invite_emails.state',
    'personal_data_accesses.action', 'tombstones.kind', 'orders.source_name', 'staff_permission_changes.adjusting',
  ],
  'a country or a currency, which reports are cut by': [
    'orders.country_code', 'orders.currency', 'orders.presentment_currency', 'offer_discounts.currency', 'offer_credits.currency',
    'loyalty_redemptions.currency',
  ],
  'what an operator wrote of a webhook, who is told to name nobody': ['webhook_inbox.dismissed_by', 'webhook_inbox.dismissal_reason'],
  'an id that we or Shopify drew': [
    'webhook_inbox.webhook_id', 'webhook_inbox.event_id', 'privacy_requests.webhook_id', 'offer_discounts.discount_key',
    'offer_discounts.discount_gid', 'offer_codes.discount_key', 'offer_codes.code', 'offer_pool_codes.discount_key', 'offer_pool_codes.code', 'offer_credits.transaction_gid', 'personal_data_accesses.actor',
    'segment_targets.native_gid', 'loyalty_redemptions.request_key', 'loyalty_redemptions.code', 'loyalty_redemptions.discount_gid',
    'loyalty_notices.notice_key', 'loyalty_notes.staff_id', 'loyalty_gifts.staff_id', 'loyalty_exclusions.staff_id', 'loyalty_flow_events.event_key',
  ],
  'a member of the store’s own staff': ['staff_members.staff_id', 'staff_members.name_sealed', 'staff_permission_changes.subject', 'staff_permission_changes.changed_by'],
  'a hash': [
    'tombstones.id_hash', 'customer_merges.removed_hash', 'privacy_requests.customer_hash', 'personal_data_accesses.subject_hash',
    'reconciliation_differences.our_fingerprint', 'reconciliation_customer_differences.our_fingerprint',
    'loyalty_members.last_hash', 'loyalty_entries.hash', 'loyalty_redemptions.request_hash', 'forgotten_shops.domain_hash', 'hash_key_fingerprint.fingerprint', 'rate_limits.key',
  ],
};

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let shopify: ShopStore;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(DOMAIN);
  await pullHistory(context);
  shopify = app.running.simulator.requireStore(DOMAIN);
  for (const statement of [
    `INSERT INTO segment_targets (shop_id, target_id, segment_key, kind, name, title, is_kept, created_at, updated_at) VALUES ($1, '${AN_ID}', 'k', 'tag', 'k', 'k', false, now(), now())`,
    `INSERT INTO reconciliations (shop_id, reconciliation_id, cause, scope, state, requested_at, finished_at) VALUES ($1, '${AN_ID}', 'asked', 'all', 'completed', now(), now())`,
  ]) {
    await owner.query(statement, [context.shop.shopId]);
  }
  for (let customerId = FIRST; customerId < FIRST + CUSTOMERS; customerId += 1) await leaveTraces(customerId);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

const payloadOf = (customerId: number) => ({
  ...privacyPayload(shopify, customerId),
  customer: { id: customerId, email: canariesOf(customerId).email, phone: canariesOf(customerId).phone },
});

async function post(topic: string, payload: unknown): Promise<void> {
  const sent = await sendWebhook({ appUrl: app.running.appFrontUrl, path: '/webhooks/compliance', topic, shop: DOMAIN, body: JSON.stringify(payload) });
  expect(sent.status).toBe(200);
}

/** One turn of the worker. */
async function handle(): Promise<void> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  expect(await handleWebhooks(context)).toEqual([]);
}

/** Everything that is kept of a customer, by the doors that there are, and by hand where a failure would have to help. */
async function leaveTraces(customerId: number): Promise<void> {
  const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  const { requestNextOrderOffer } = await import('#app/services/offers/request-next-order-offer.server.ts');
  const { shopId } = context.shop;
  const canaries = canariesOf(customerId);
  expect(await saveOfferSettings(context, offering())).toMatchObject({ ok: true });
  const order = [...shopify.orders.values()].findLast((candidate) => candidate.customerId === customerId);
  const orderId = BigInt(order?.id ?? 0);
  const atThatTime = { ...context, now: () => new Date(order?.createdAt ?? 0) };
  const offer = await requestNextOrderOffer(atThatTime, { orderId, customerId: BigInt(customerId) });
  expect(offer).toMatchObject({ ok: true, value: { state: 'pending' } });
  await ofBeforeRules(customerId, orderId);
  // One answer that names the customer, and one to a request that knew the e-mail alone.
  await post('customers/data_request', payloadOf(customerId));
  await post('customers/data_request', { ...payloadOf(customerId), customer: { email: canaries.email } });
  await handle();
  // One more request that could not be handled so far, and a file with a line that could not be read.
  const body = JSON.stringify(payloadOf(customerId));
  const webhookId = `stuck-${customerId}`;
  const sealed = context.sealedBox.seal(body, { shopId, table: 'webhook_inbox', column: 'body', row: webhookId });
  await owner.query(
    `INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, not_before, body_sealed)
     VALUES ($1, $2, 'customers/data_request', '2026-10', now() + interval '1 day', $3)`,
    [shopId, webhookId, Buffer.from(sealed)],
  );
  await leavePoints(customerId, canaries);
  await leaveNumbers(customerId, orderId);
  await owner.query("UPDATE imports SET error_detail = coalesce(error_detail, '') || $1", [`line 3: ${textsOf(canaries).join(' ')}`]);
}

/** As codes were made before there were rules: each on a discount of its customer's own, named for the order. */
async function ofBeforeRules(customerId: number, orderId: bigint): Promise<void> {
  const values = [context.shop.shopId, customerId, String(orderId)];
  await owner.query(
    `INSERT INTO offer_discounts (shop_id, discount_key, title, customer_id, percent_basis_points, minimum_subtotal_minor, currency, starts_at, ends_at, created_at)
     SELECT shop_id, 'order:' || order_id, 'Perennial: next order after ' || name, $2, 1500, 0, currency, now(), now() + interval '30 days', now()
     FROM orders WHERE shop_id = $1 AND order_id = $3`,
    values,
  );
  await owner.query("UPDATE offer_codes SET discount_key = 'order:' || order_id WHERE shop_id = $1 AND order_id = $2", [values[0], values[2]]);
}

/** A member with points that staff adjusted and wrote something about. */
async function leavePoints(customerId: number, canaries: ReturnType<typeof canariesOf>): Promise<void> {
  const { shopId } = context.shop;
  const { rows } = await owner.query<{ member_id: string }>(
    `INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at, birthday, last_sequence, last_hash)
     VALUES ($1, $2, now(), 229, 1, $3) RETURNING member_id`,
    [shopId, customerId, Buffer.alloc(32)],
  );
  const memberId = rows[0]?.member_id;
  await owner.query(
    `INSERT INTO loyalty_entries (shop_id, member_id, sequence, kind, entry_key, occurred_at, recorded_at, reason, hash)
     VALUES ($1, $2, 1, 'adjustment', $3, now(), now(), '{"code": "adjusted"}', $4)`,
    [shopId, memberId, `adjustment/${customerId}`, Buffer.alloc(32)],
  );
  await owner.query('INSERT INTO loyalty_notes (shop_id, member_id, sequence, note) VALUES ($1, $2, 1, $3)', [
    shopId,
    memberId,
    textsOf(canaries).join(' ').slice(0, 500),
  ]);
  await owner.query(
    `INSERT INTO loyalty_notices (shop_id, notice_key, member_id, kind, facts, due_at) VALUES ($1, 'rise/' || $2::bigint, $2::bigint, 'tier-rise', '{}', now())`,
    [shopId, memberId],
  );
  await owner.query(
    `INSERT INTO loyalty_flow_events (shop_id, event_key, member_id, trigger, facts, occurred_at, noted_at, state, settled_at)
     VALUES ($1, 'told/' || $2::bigint, $2::bigint, 'points-earned', '{}', now(), now(), 'told', now())`,
    [shopId, memberId],
  );
}

/** What is known of members beside their numbers: a birthday, what they are to be told, and what Flow was told of them. */
async function countKnownOf(): Promise<number[]> {
  const counts = ['loyalty_members WHERE birthday IS NOT NULL', 'loyalty_notices', 'loyalty_flow_events'].map((from) => owner.query(`SELECT 1 FROM ${from}`));
  return (await Promise.all(counts)).map(({ rowCount }) => rowCount ?? -1);
}

/** Rows that name a customer by number alone. */
async function leaveNumbers(customerId: number, orderId: bigint): Promise<void> {
  const values = [context.shop.shopId, customerId];
  for (const statement of [
    `INSERT INTO account_invites (shop_id, customer_id, order_id, state, wished_at, next_step) VALUES ($1, $2, ${orderId}, 'open', now(), 1)`,
    "INSERT INTO account_invite_emails (shop_id, customer_id, step, state, intended_at, settled_at) VALUES ($1, $2, 0, 'sent', now(), now())",
    "INSERT INTO customer_merges (shop_id, removed_hash, kept_customer_id, merged_at) VALUES ($1, convert_to('merged into ' || $2::bigint, 'UTF8'), $2::bigint, now())",
    'INSERT INTO loyalty_member_traces (shop_id, member_id, customer_id) SELECT shop_id, member_id, customer_id FROM loyalty_members WHERE shop_id = $1 AND customer_id = $2',
    `INSERT INTO reconciliation_customer_differences (shop_id, reconciliation_id, customer_id, cause, outcome) VALUES ($1, '${AN_ID}', $2, 'outdated', 'repaired')`,
    `INSERT INTO segment_write_members (shop_id, target_id, customer_id, action, state, changed_at) VALUES ($1, '${AN_ID}', $2, 'add', 'done', now())`,
    `INSERT INTO reconciliation_differences (shop_id, reconciliation_id, order_id, day, cause, outcome, our_fingerprint)
     SELECT shop_id, '${AN_ID}', order_id, current_date, 'unequal', 'open', 'digest' FROM orders WHERE shop_id = $1 AND customer_id = $2`,
  ]) {
    await owner.query(statement, values);
  }
}

/** The columns that hold the number of one of these customers. */
async function findNumbers(customerIds: readonly number[]): Promise<string[]> {
  const { rows: columns } = await owner.query<{ table: string; column: string }>(
    `SELECT c.relname::text AS "table", a.attname::text AS "column" FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname ~ 'customer' AND a.atttypid = 'bigint'::regtype ORDER BY 1, 2`,
  );
  const holding: string[] = [];
  for (const { table, column } of columns) {
    const { rowCount } = await owner.query(`SELECT 1 FROM ${table} WHERE ${column} = ANY($1) LIMIT 1`, [customerIds]);
    if (rowCount === 1) holding.push(`${table}.${column}`);
  }
  return holding;
}

/** Unkeyed digests of their orders, in which a guess could be tried. */
async function countDigests(customerIds: readonly number[]): Promise<number> {
  const orderIds = STORE.orders.filter((order) => order.customerId !== null && customerIds.includes(order.customerId)).map(({ id }) => id);
  const { rows } = await owner.query<{ count: number }>('SELECT count(*)::int AS count FROM reconciliation_differences WHERE our_fingerprint IS NOT NULL AND order_id = ANY($1)', [orderIds]);
  return rows[0]?.count ?? -1;
}

async function find(customerIds: readonly number[]): Promise<CanaryHit[]> {
  return findCanaries(owner, customerIds.flatMap((customerId) => textsOf(canariesOf(customerId))), { sealedBox: context.sealedBox });
}

const placesOf = (hits: readonly CanaryHit[]) => [...new Set(hits.map(({ table, column }) => `${table}.${column}`))].sort();

async function numbers(): Promise<string> {
  const { getRetentionReport } = await import('#app/services/retention/get-retention-report.server.ts');
  const report = await getRetentionReport(context, { asOf: null });
  if (!report.ok) throw new Error(report.reason);
  expect(report.value.report.overall.orders).toBe(STORE.orders.length);
  return JSON.stringify({ ...report.value, freshAtMs: null });
}

test('every column that holds text or bytes is known to hold something of a customer, or not to', async () => {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT c.relname || '.' || a.attname AS name FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON e.oid = t.typelem
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> '_prisma_migrations'
       AND coalesce(e.typname, t.typname) IN ('text', 'varchar', 'bpchar', 'char', 'bytea', 'json', 'jsonb', 'xml')`,
  );
  expect(rows.map(({ name }) => name).sort()).toEqual([...PERSONAL, ...Object.values(IMPERSONAL).flat()].sort());
});

promiseOf('P1', 'by id, and by e-mail alone', async ({ pick }) => {
  const customerIds = Array.from({ length: pick(4, 38) }, (_, index) => FIRST + index);
  const others = Array.from({ length: 2 }, (_, index) => FIRST + CUSTOMERS - 1 - index);
  const before = await numbers();
  const everywhere = placesOf(await find(customerIds));
  expect(await findNumbers(customerIds)).toEqual(NUMBERED);
  expect(await countDigests(customerIds)).toBeGreaterThan(0);
  expect(await countKnownOf()).toEqual([CUSTOMERS, CUSTOMERS, CUSTOMERS]);
  const ofOthers = (await find(others)).filter(({ column }) => column !== 'error_detail');

  let turns = 0;
  for (const customerId of customerIds) {
    const isByEmail = customerId % 2 === 1;
    const { customer, ...payload } = payloadOf(customerId);
    await post('customers/redact', { ...payload, customer: isByEmail ? { email: customer.email, phone: customer.phone } : customer });
    await handle();
    turns += 1;
  }
  const { rows } = await owner.query("SELECT 1 FROM privacy_requests WHERE kind = 'redaction' AND outcome = 'redacted'");
  const left = await find(customerIds);
  const numbersLeft = await findNumbers(customerIds);
  const digestsLeft = await countDigests(customerIds);
  const ofOthersAfter = (await find(others)).filter(({ column }) => column !== 'error_detail');
  const isSame = (await numbers()) === before;
  expect(everywhere).toEqual(PERSONAL);
  expect(ofOthersAfter).toEqual(ofOthers);
  const left2 = CUSTOMERS - customerIds.length;
  expect(await countKnownOf(), 'birthdays, notices and events of those who are left').toEqual([left2, left2, left2]);
  return {
    tried: `${customerIds.length} customers, ${textsOf(canariesOf(FIRST)).length} canaries each in ${everywhere.length} columns`,
    measured: `${left.length} hits (${placesOf(left).join(' ')}), numbered in ${numbersLeft.length} columns (${numbersLeft.join(' ')}), ${digestsLeft} digests, numbers ${isSame ? 'the same' : 'CHANGED'}, ${turns} turns for ${rows.length} requests`,
    isKept: left.length === 0 && numbersLeft.length === 0 && digestsLeft === 0 && isSame && rows.length === turns,
  };
});
