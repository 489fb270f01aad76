import type pg from 'pg';

/** What each member has behind them: ten orders, all matured, the points of the first five long gone. */
export const POSTINGS_A_MEMBER = 50;
/** Of a member who did not redeem yet: of each of their last five orders. */
export const POINTS_A_LOT = 1_000;
const ENTRIES_A_MEMBER = 25;

const LARGE_TABLES = ['loyalty_entries', 'loyalty_postings'];

interface Size {
  readonly shopId: number;
  readonly members: number;
}

/**
 * Members with a past, as so many years of a program would leave it, written past the app: the hashes are none of a chain.
 * Without triggers, whose look at each row's parents would take most of the time.
 */
export async function fillLedger(owner: pg.Client, { shopId, members }: Size): Promise<void> {
  await owner.query("SET session_replication_role = 'replica'");
  // Indexes are made at once afterwards: of millions of rows in no order of theirs, each would go to another page of each.
  await owner.query('UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = ANY($1::regclass[])', [LARGE_TABLES]);
  await owner.query(
    `INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at, last_sequence, last_hash, last_activity_at, balance_points)
     SELECT $1, n, now() - interval '2 years', $3, sha256(n::text::bytea), now() - interval '20 days', 5 * $4::int FROM generate_series(1, $2) n`,
    [shopId, members, ENTRIES_A_MEMBER, POINTS_A_LOT],
  );
  // In the order in which a program would have written them: order by order, not member by member.
  await owner.query(
    `INSERT INTO loyalty_entries (shop_id, member_id, sequence, kind, entry_key, occurred_at, recorded_at, order_id, program_version, reason, hash)
     SELECT m.shop_id, m.member_id, s, k.kind, k.kind || '/past/' || m.member_id || '/' || s, d, d,
       CASE k.kind WHEN 'order' THEN m.member_id * 100 + lot END, CASE k.kind WHEN 'order' THEN 1 END, $2, sha256((m.member_id || '/' || s)::bytea)
     FROM (${STEPS}) x CROSS JOIN LATERAL (SELECT x.kind) k CROSS JOIN loyalty_members m
     CROSS JOIN LATERAL (SELECT now() - interval '600 days' + s * interval '20 days' AS d) t
     WHERE m.shop_id = $1 ORDER BY s, m.member_id`,
    [shopId, JSON.stringify(A_REASON)],
  );
  await owner.query(
    `INSERT INTO loyalty_postings (shop_id, member_id, sequence, posting_no, account, points, lot_no, matures_at, expires_on, lot_order_id)
     SELECT m.shop_id, m.member_id, s, no, CASE no WHEN 1 THEN from_account ELSE to_account END, CASE no WHEN 1 THEN -$2::int ELSE $2::int END,
       CASE WHEN CASE no WHEN 1 THEN from_account ELSE to_account END IN ('issued', 'expired') THEN NULL ELSE lot END,
       CASE WHEN kind = 'order' AND no = 2 THEN now() - interval '586 days' + s * interval '20 days' END, NULL,
       CASE WHEN kind = 'order' AND no = 2 THEN m.member_id * 100 + lot END
     FROM (${STEPS}) x CROSS JOIN loyalty_members m CROSS JOIN generate_series(1, 2) no
     WHERE m.shop_id = $1 ORDER BY s, m.member_id, no`,
    [shopId, POINTS_A_LOT],
  );
  await owner.query(
    `INSERT INTO loyalty_redemptions (shop_id, redemption_id, member_id, request_key, request_hash, reward_id, program_version, points,
       state, code, reserved_at, expires_at, settled_at)
     SELECT shop_id, gen_random_uuid(), member_id, 'past/' || member_id, sha256('past'), 'any-amount', 1, 100, 'captured', 'P' || member_id,
       enrolled_at, enrolled_at, enrolled_at FROM loyalty_members WHERE shop_id = $1`,
    [shopId],
  );
  // What they earned in the last year has long given them the highest tier.
  await owner.query(
    `INSERT INTO loyalty_tier_changes (shop_id, member_id, change_no, tier_id, program_version, effective_at, reason, recorded_at)
     SELECT shop_id, member_id, 1, 'gold', 1, enrolled_at, $2, enrolled_at FROM loyalty_members WHERE shop_id = $1`,
    [shopId, JSON.stringify(A_TIER_REASON)],
  );
  await owner.query("SET maintenance_work_mem = '512MB'");
  for (const table of LARGE_TABLES) await owner.query(`REINDEX TABLE ${table}`);
  await owner.query("SET session_replication_role = 'origin'");
  await owner.query('VACUUM (ANALYZE) loyalty_members, loyalty_entries, loyalty_postings, loyalty_redemptions, loyalty_tier_changes');
}

/** Each of ten lots is awarded and matures; the first five expire. */
const STEPS = `
  SELECT row_number() OVER (ORDER BY lot, step)::int AS s, lot, kind, from_account, to_account
  FROM generate_series(1, 10) lot CROSS JOIN (VALUES (1, 'order', 'issued', 'pending'), (2, 'maturity', 'pending', 'customer'),
    (3, 'expiry', 'customer', 'expired')) k (step, kind, from_account, to_account)
  WHERE step < 3 OR lot <= 5`;

const A_REASON = { code: 'order-earned', currency: 'EUR', valueMinor: 20_000, ratePoints: 5, ratePerMinor: 100, tier: null, tierFactorBasisPoints: null, lines: [], bonus: null, cappedAtPoints: null };

const A_TIER_REASON = { code: 'reached', basis: 'points', window: 'rolling-year', amount: 2_000, threshold: 2_000, levelThreshold: 2_000, from: '2025-01-01' };

/** Paid orders of two lines by customers in turn, which nobody has awarded yet. */
export async function fillOrders(
  owner: pg.Client,
  { shopId, members, firstId, count }: Size & { readonly firstId: number; readonly count: number },
): Promise<void> {
  await owner.query(
    `INSERT INTO orders (shop_id, order_id, name, customer_id, processed_at, created_at, updated_at, is_test, financial_status, currency,
       presentment_currency, taxes_included, subtotal_minor, current_subtotal_minor, current_tax_minor, current_shipping_minor,
       shipping_tax_minor, tip_minor, current_total_minor, received_minor, refunded_minor, outstanding_minor, discount_codes)
     SELECT $1, n, '#' || n, 1 + n * 7919 % $2, now(), now(), now(), false, 'PAID', 'EUR', 'EUR', true, 20000, 20000, 0, 0, 0, 0, 20000,
       20000, 0, 0, '{}' FROM generate_series($3::bigint, $4::bigint) n`,
    [shopId, members, firstId, firstId + count - 1],
  );
  await owner.query(
    `INSERT INTO order_lines (shop_id, order_id, line_id, product_id, title, quantity, current_quantity, original_total_minor, discounted_total_minor)
     SELECT $1, n, n * 10 + line, line, 'A thing', 1, 1, 10000, 10000
     FROM generate_series($2::bigint, $3::bigint) n CROSS JOIN generate_series(1, 2) line`,
    [shopId, firstId, firstId + count - 1],
  );
}
