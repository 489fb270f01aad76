import type pg from 'pg';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { FreeShippingState } from '#app/domain/loyalty/perks/free-shipping.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What a request could name of a shop, and what must never be seen of it by another. */
export interface TenantIds {
  domain: string;
  shopId: number;
  orderId: number;
  customerId: number;
  importId: string;
  reconciliationId: string;
  privacyRequestId: string;
  accessId: string;
  segmentId: string;
  segmentTargetId: string;
  redemptionId: string;
  giftId: string;
  nativeSegmentId: number;
  staffId: string;
  code: string;
  discountKey: string;
}

/** Ended by the merchant: the worker leaves it alone. */
const FREE_SHIPPING: FreeShippingState = {
  ...{ phase: 'by-hand', query: '', segmentGid: null, discountGid: null },
  ...{ endsAtMs: 0, tierIds: [], trouble: null, lookAtMs: 0 },
};

/** Ids that nobody has, of the same shapes. */
export const ABSENT: TenantIds = {
  domain: 'nobody-at-all.myshopify.com',
  shopId: 987_654,
  orderId: 9_999_000_001,
  customerId: 9_999_000_002,
  importId: '99999999-9999-4999-8999-000000000001',
  reconciliationId: '99999999-9999-4999-8999-000000000002',
  privacyRequestId: '99999999-9999-4999-8999-000000000003',
  accessId: '99999999-9999-4999-8999-000000000004',
  segmentId: '99999999-9999-4999-8999-000000000005',
  segmentTargetId: '99999999-9999-4999-8999-000000000006',
  redemptionId: '99999999-9999-4999-8999-000000000007',
  giftId: '99999999-9999-4999-8999-000000000008',
  nativeSegmentId: 9_999_000_003,
  staffId: '9999000004',
  code: 'NEXT-NOBODY99',
  discountKey: 'absent-key',
};

/** Long, so that what a shop's ids begin with is in no other number by chance: `70020` was once in a page's clock. */
const firstIdOf = (number: number): number => 7_319_640_000_000 + number * 1_000_000;

/** Gives an installed shop a row of every kind, each with something in it that no other shop has. */
export async function fillTenant(owner: pg.Client, { shop, sealedBox }: ShopContext, number: number): Promise<TenantIds> {
  const n = firstIdOf(number);
  const uuid = (kind: number) => `${number}0000000-0000-4000-8000-00000000000${kind}`;
  const ids: TenantIds = {
    domain: shop.domain,
    shopId: shop.shopId,
    orderId: n + 1,
    customerId: n + 2,
    importId: uuid(1),
    reconciliationId: uuid(2),
    privacyRequestId: uuid(3),
    accessId: uuid(4),
    segmentId: uuid(7),
    segmentTargetId: uuid(8),
    redemptionId: uuid(9),
    giftId: `${number}0000000-0000-4000-8000-000000000010`,
    nativeSegmentId: n + 3,
    staffId: String(n + 4),
    code: `NEXT-CANARY${number}`,
    discountKey: `canary-key-${number}`,
  };
  const answer = Buffer.from(JSON.stringify({ customer: [{ id: String(ids.customerId), note: `canary-answer-${number}` }] }));
  const answerSealed = sealedBox.seal(answer.toString(), {
    shopId: shop.shopId,
    table: 'privacy_requests',
    column: 'answer',
    row: ids.privacyRequestId,
  });
  const bodySealed = sealedBox.seal('{}', { shopId: shop.shopId, table: 'webhook_inbox', column: 'body', row: uuid(5) });
  const amounts = [
    'subtotal_minor', 'current_subtotal_minor', 'current_tax_minor', 'current_shipping_minor', 'shipping_tax_minor',
    'tip_minor', 'current_total_minor', 'received_minor', 'refunded_minor', 'outstanding_minor',
  ];
  const shopId = shop.shopId;
  const insert = async (sql: string, values: unknown[]) => void (await owner.query(sql, values));
  await insert(
    `UPDATE shops SET name = $2, currency = 'EUR', iana_time_zone = 'Europe/Berlin', plan_name = $2, fresh_at = now() WHERE shop_id = $1`,
    [shopId, `Canary Shop ${number}`],
  );
  for (let index = 0; index < 6; index += 1) {
    await insert(
      `INSERT INTO orders (shop_id, order_id, name, customer_id, processed_at, created_at, updated_at, is_test, financial_status,
         currency, presentment_currency, taxes_included, discount_codes, ${amounts.join(', ')})
       VALUES ($1, $2, $3, $4, now() - $5 * interval '20 days', now() - $5 * interval '20 days', now(), false, $6, 'EUR', 'EUR', true, $7,
         ${amounts.map(() => String(1000 + number)).join(', ')})`,
      [shopId, n + 1 + index * 10, `#CANARY-${number}-${index}`, ids.customerId, index, index === 5 ? `CANARY_STATE_${number}` : 'PAID', [ids.code]],
    );
    await insert(
      `INSERT INTO order_lines (shop_id, order_id, line_id, title, sku, quantity, current_quantity, original_total_minor, discounted_total_minor)
       VALUES ($1, $2, $3, $4, $4, 1, 1, 1000, 1000)`,
      [shopId, n + 1 + index * 10, n + 100 + index, `Canary tea ${number}`],
    );
  }
  await insert('INSERT INTO customers (shop_id, customer_id, created_at, updated_at, number_of_orders) VALUES ($1, $2, now(), now(), 6)', [shopId, ids.customerId]);
  await insert('DELETE FROM imports WHERE shop_id = $1', [shopId]);
  for (const [resource, importId] of [['orders', ids.importId], ['customers', uuid(6)]]) {
    await insert(
      `INSERT INTO imports (shop_id, import_id, resource, state, bulk_operation_id, requested_at, started_at, finished_at, error_detail, roots_prepared, roots_expected)
       VALUES ($1, $2, $3, 'completed', $4, now(), now(), now(), $5, 6, 6)`,
      [shopId, importId, resource, `gid://shopify/BulkOperation/${n}`, `canary-detail-${number}`],
    );
  }
  await insert(
    `INSERT INTO offer_settings (shop_id, is_enabled, percent_basis_points, valid_days, minimum_subtotal_minor, currency, audience, updated_at)
     VALUES ($1, true, 1500, 30, 0, 'EUR', 'every-order', now()) ON CONFLICT (shop_id) DO UPDATE SET is_enabled = true`,
    [shopId],
  );
  await insert(
    `INSERT INTO offer_discounts (shop_id, discount_key, discount_gid, title, customer_id, percent_basis_points, minimum_subtotal_minor, currency, starts_at, ends_at, created_at)
     VALUES ($1, $2, $3, $4, $5, 1500, 0, 'EUR', now(), now() + interval '30 days', now())`,
    [shopId, ids.discountKey, `gid://shopify/DiscountCodeNode/${n}`, `Canary discount ${number}`, ids.customerId],
  );
  await insert(
    `INSERT INTO offer_codes (shop_id, order_id, discount_key, code, state, not_before, intended_at, issued_at)
     VALUES ($1, $2, $3, $4, 'issued', now(), now(), now())`,
    [shopId, ids.orderId, ids.discountKey, ids.code],
  );
  await insert(
    `INSERT INTO privacy_requests (shop_id, webhook_id, kind, answer_sealed, requested_at, answered_at, outcome) VALUES ($1, $2, 'data-request', $3, now(), now(), 'answered')`,
    [shopId, ids.privacyRequestId, answerSealed],
  );
  await insert(
    `INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, body_sealed, state, handled_at) VALUES ($1, $2, 'orders/create', '2026-10', $3, 'handled', now())`,
    [shopId, uuid(5), bodySealed],
  );
  await insert(
    `INSERT INTO reconciliations (shop_id, reconciliation_id, cause, scope, state, requested_at, started_at, finished_at, orders_compared, differences_found, differences_repaired, as_of)
     VALUES ($1, $2, 'asked', 'recent', 'completed', now(), now(), now(), 6, 1, 1, now())`,
    [shopId, ids.reconciliationId],
  );
  await insert('INSERT INTO reconciliation_days VALUES ($1, $2, current_date, 6, 6, $3, $3)', [shopId, ids.reconciliationId, n]);
  await insert(
    `INSERT INTO reconciliation_differences (shop_id, reconciliation_id, order_id, day, cause, outcome, our_total_minor, their_total_minor)
     VALUES ($1, $2, $3, current_date, 'missing', 'repaired', NULL, 1000)`,
    [shopId, ids.reconciliationId, ids.orderId],
  );
  await insert(
    `INSERT INTO reconciliation_customer_differences (shop_id, reconciliation_id, customer_id, cause, outcome) VALUES ($1, $2, $3, 'outdated', 'repaired')`,
    [shopId, ids.reconciliationId, ids.customerId],
  );
  await insert(
    `INSERT INTO personal_data_accesses (shop_id, access_id, accessed_at, actor, action, records) VALUES ($1, $2, now(), $3, 'data-request', 1)`,
    [shopId, ids.accessId, `canary-actor-${number}`],
  );
  await insert(
    `INSERT INTO segments (shop_id, segment_id, name, query, created_at, updated_at) VALUES ($1, $2, $3, 'orders=2..', now(), now())`,
    [shopId, ids.segmentId, `Canary segment ${number}`],
  );
  await insert(
    `INSERT INTO segment_targets (shop_id, target_id, segment_key, kind, name, title, is_kept, created_at, updated_at)
     VALUES ($1, $2, $3, 'tag', $4, $4, false, now(), now())`,
    [shopId, ids.segmentTargetId, ids.segmentId, `canary-tag-${number}`],
  );
  await insert(
    `INSERT INTO segment_writes (shop_id, write_id, target_id, kind, cause, state, added, not_before, requested_at, finished_at)
     VALUES ($1, $2, $2, 'write', 'asked', 'completed', 1, now(), now(), now())`,
    [shopId, ids.segmentTargetId],
  );
  await insert("INSERT INTO segment_write_members VALUES ($1, $2, $3, 'add', 'done', now())", [shopId, ids.segmentTargetId, ids.customerId]);
  await insert(
    `INSERT INTO account_invites (shop_id, customer_id, order_id, state, end_reason, wished_at, next_step) VALUES ($1, $2, $3, 'ended', 'all-sent', now(), 3)`,
    [shopId, ids.customerId, ids.orderId],
  );
  await insert("INSERT INTO account_invite_emails (shop_id, customer_id, step, state, intended_at, settled_at) VALUES ($1, $2, 0, 'sent', now(), now())", [shopId, ids.customerId]);
  await insert(
    `INSERT INTO offer_rules (shop_id, rule_id, position, name, is_enabled, conditions, grant_kind, percent_basis_points, minimum_subtotal_minor, currency, valid_days, updated_at)
     VALUES ($1, $2, 0, $3, true, '{"orders":"any","segments":[],"tiers":[],"countries":[],"products":[],"leastSubtotalMinor":null,"mostSubtotalMinor":null}', 'percent', 1000, 0, 'EUR', 30, now())`,
    [shopId, uuid(7), `Canary rule ${number}`],
  );
  await insert('INSERT INTO offer_decisions VALUES ($1, $2, false, now())', [shopId, ids.orderId]);
  await insert("INSERT INTO offer_pool_codes (shop_id, code, discount_key, state, intended_at, added_at) VALUES ($1, $2, $3, 'added', now(), now())", [shopId, `${ids.code}P`, ids.discountKey]);
  await insert(
    `INSERT INTO offer_credits (shop_id, order_id, rule_id, amount_minor, currency, ends_at, state, not_before, transaction_gid, intended_at, given_at)
     VALUES ($1, $2, $3, 500, 'EUR', now() + interval '30 days', 'given', now(), $4, now(), now())`,
    [shopId, ids.orderId + 10, uuid(7), `gid://shopify/StoreCreditAccountCreditTransaction/${n}`],
  );
  await insert("INSERT INTO account_settings VALUES ($1, true, true, false, now())", [shopId]);
  for (const surface of ['thank-you', 'loyalty-page', 'storefront']) {
    const key = surface === 'storefront' ? 'panel.rewards' : 'pointsHeading';
    await insert("INSERT INTO shopper_texts VALUES ($1, $2, 'en', $3, $4, now())", [shopId, surface, key, `Canary words ${number}`]);
  }
  await fillLoyalty(owner, ids, number);
  await insert("INSERT INTO staff_members VALUES ($1, $2, $3, false, false, now(), NULL)", [
    shopId,
    ids.staffId,
    sealedBox.seal(`Canary staff ${number}`, { shopId, table: 'staff_members', column: 'name', row: ids.staffId }),
  ]);
  await insert("INSERT INTO staff_permission_changes VALUES ($1, 1, $2, 'shop-limit', NULL, false, $2, now(), $3)", [shopId, ids.staffId, uuid(9)]);
  await insert("INSERT INTO tombstones (shop_id, kind, id_hash) VALUES ($1, 'order', $2)", [shopId, Buffer.from(`canary ${number}`)]);
  return ids;
}

/** A program, a member with points, and a reward whose code works. */
async function fillLoyalty(owner: pg.Client, { shopId, customerId, orderId, redemptionId, giftId, nativeSegmentId }: TenantIds, number: number): Promise<void> {
  const memberId = customerId + 1;
  const usual = defaultProgram({ currency: 'EUR', unitMinor: 100 });
  const rewards = usual.rewards.map((reward) => ({ ...reward, name: `Canary reward ${number}` }));
  const program = { ...usual, status: { kind: 'live' }, rewards };
  const hash = Buffer.alloc(32, number);
  const statements: [string, unknown[]][] = [
    ["INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, now() - interval '300 days')", [shopId, JSON.stringify(program)]],
    ['INSERT INTO loyalty_progress (shop_id, is_followed, orders_version) VALUES ($1, true, 1000000)', [shopId]],
    ["INSERT INTO loyalty_months (shop_id, month, issued_points, redeemed_points, expired_points, adjusted_points) VALUES ($1, '2020-01-01', $2, 0, 0, 0)", [shopId, 4_100 + number]],
    ['INSERT INTO loyalty_audits (shop_id, checked_member_id) VALUES ($1, $2)', [shopId, memberId]],
    [
      `INSERT INTO loyalty_members (shop_id, member_id, customer_id, enrolled_at, last_sequence, last_hash, last_activity_at, balance_points, reserved_points)
       VALUES ($1, $2, $3, now(), 2, $4, now(), $5, 500)`,
      [shopId, memberId, customerId, hash, 1230 + number],
    ],
    [
      `INSERT INTO loyalty_entries (shop_id, member_id, sequence, kind, entry_key, occurred_at, recorded_at, order_id, redemption_id, program_version, reason, hash)
       VALUES ($1, $2, 1, 'order', $5, now(), now(), $3, NULL, 1, '{"code":"order-earned"}', $6),
         ($1, $2, 2, 'reserve', $7, now(), now(), NULL, $4, 1, '{"code":"reward-chosen"}', $6)`,
      [shopId, memberId, orderId, redemptionId, `order/${orderId}/1`, hash, `redemption/${redemptionId}/reserve`],
    ],
    [
      `INSERT INTO loyalty_postings (shop_id, member_id, sequence, posting_no, account, points, lot_no, matures_at, lot_order_id)
       VALUES ($1, $2, 1, 1, 'issued', -($4::int + 500), NULL, NULL, NULL), ($1, $2, 1, 2, 'customer', $4::int + 500, 1, now(), $3),
         ($1, $2, 2, 1, 'customer', -500, 1, NULL, NULL), ($1, $2, 2, 2, 'reserved', 500, 1, NULL, NULL)`,
      [shopId, memberId, orderId, 1230 + number],
    ],
    [
      `INSERT INTO loyalty_redemptions (shop_id, redemption_id, member_id, request_key, request_hash, reward_id, program_version, points, amount_minor,
         currency, state, code, reserved_at, expires_at, issued_at)
       VALUES ($1, $2, $3, 'canary', '', 'amount-500', 1, 500, 500, 'EUR', 'issued', $4, now(), now() + interval '30 days', now())`,
      [shopId, redemptionId, memberId, `PTS-CANARY${number}`],
    ],
    [
      'INSERT INTO loyalty_tracing (shop_id, seen_until, sweep_due_at, look_due_at, last_error, last_error_at, free_shipping) VALUES ($1, now(), now(), now(), $2, now(), $3)',
      [shopId, 'refused', JSON.stringify({ ...FREE_SHIPPING, query: `canary-segment-${number}` })],
    ],
    [
      "INSERT INTO loyalty_member_traces (shop_id, member_id, customer_id, seen_sequence, written, tag, tag_state) VALUES ($1, $2, $3, 2, '{}', $4, 'ours')",
      [shopId, memberId, customerId, `canary-tier-${number}`],
    ],
    [
      `INSERT INTO loyalty_flow_events (shop_id, event_key, member_id, trigger, facts, occurred_at, noted_at, state, not_before)
       VALUES ($1, $2, $3, 'points-earned', '{}', now(), now(), 'waiting', now())`,
      [shopId, `order/${orderId}/1`, memberId],
    ],
    [
      `INSERT INTO loyalty_gifts (shop_id, gift_id, segment_id, segment_name, points, note, staff_id, state, expected_customers, given_members, requested_at, finished_at)
       VALUES ($1, $2, $3, $4, 50, $4, '1', 'completed', 1, 1, now(), now())`,
      [shopId, giftId, nativeSegmentId, `Canary gift ${number}`],
    ],
  ];
  for (const [sql, values] of statements) await owner.query(sql, values);
}

/** Texts that only this tenant has. */
export function canariesOf(ids: TenantIds, number: number): string[] {
  return [
    ids.domain, ids.importId, ids.reconciliationId, ids.privacyRequestId, ids.accessId, ids.code, ids.discountKey,
    String(firstIdOf(number)).slice(0, -5), `Canary Shop ${number}`, `CANARY-${number}-`, `CANARY_STATE_${number}`,
    `Canary tea ${number}`, `canary-detail-${number}`, `canary-answer-${number}`, `Canary discount ${number}`, `canary-actor-${number}`,
    ids.redemptionId, `PTS-CANARY${number}`, `Canary reward ${number}`, `canary-tier-${number}`, `canary-segment-${number}`, ids.segmentId, `Canary segment ${number}`, ids.segmentTargetId, `canary-tag-${number}`, ids.giftId, `Canary gift ${number}`, `Canary staff ${number}`,
  ];
}

/** A hash of every row of every table, and of those of one shop alone; the limiter's counters may move. */
export async function hashRows(owner: pg.Client, shopId?: number): Promise<Record<string, string>> {
  const { rows: tables } = await owner.query<{ name: string; has_shop: boolean }>(
    `SELECT c.relname AS name, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'shop_id') AS has_shop
     FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT IN ('rate_limits', '_prisma_migrations') ORDER BY 1`,
  );
  const of = tables.filter(({ has_shop: hasShop }) => shopId === undefined || hasShop);
  const union = of
    .map(({ name }) => `SELECT '${name}' AS name, count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS hash FROM ${name} t${shopId === undefined ? '' : ` WHERE shop_id = ${shopId}`}`)
    .join(' UNION ALL ');
  const { rows } = await owner.query<{ name: string; hash: string }>(union);
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash]));
}

/** The tables in which two such hashes differ. */
export function changedTables(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(before).filter((name) => before[name] !== after[name]);
}
