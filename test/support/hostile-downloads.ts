import type pg from 'pg';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';

/** What stands in a column: the payload, and the column's name after it, so that each place tells itself apart. */
const at = (place: string) => (payload: string) => `${payload}${place}`;

/** Where texts of other people stand that a download has a cell for. */
const PLACES = {
  note: at(' note'), staff: at(' staff'), key: at(' key'), order: at(' order'), code: at(' code'), reward: at(' reward'),
  level: at(' level'), excluder: at(' excluder'), saver: at(' saver'), title: at(' title'), sku: at(' sku'),
} as const;

export type Place = keyof typeof PLACES;

export const PRODUCT_IDS_FROM = 990_000;
const ORDERS_FROM = 880_000_000;
const MEMBERS_FROM = 770_000;
const BUYERS = 25;
const PURCHASES = 3;

export interface HostileTexts {
  /** Wherever as many may stand as one likes. PostgreSQL holds neither NUL nor half a pair of surrogates. */
  payloads: readonly string[];
  /** Titles and SKUs of products, each bought again by many. */
  ofProducts: readonly string[];
}

/** The texts that a download has to bring from these places. */
export function textsAt({ payloads, ofProducts }: HostileTexts, ...places: Place[]): string[] {
  return places.flatMap((place) => (place === 'title' || place === 'sku' ? ofProducts : payloads).map(PLACES[place]));
}

/** Puts them into the tables, behind everything that would refuse them: a download trusts no text. */
export async function plantHostileTexts(owner: pg.Client, shopId: number, texts: HostileTexts): Promise<void> {
  await owner.query('BEGIN');
  await owner.query('UPDATE shops SET data_version = data_version + 1 WHERE shop_id = $1', [shopId]);
  await plantProducts(owner, shopId, texts);
  await plantLoyalty(owner, shopId, texts);
  await owner.query('COMMIT');
}

/** Every product in every purchase, and every purchase twenty days after the one before. */
async function plantProducts(owner: pg.Client, shopId: number, texts: HostileTexts): Promise<void> {
  await owner.query(
    `INSERT INTO orders SELECT (jsonb_populate_record(t.o, jsonb_build_object('order_id', $2 + b * 10 + n, 'customer_id', 660000 + b, 'name', '#' || b || '-' || n,
       'processed_at', timestamptz '2026-08-01' + n * interval '20 days', 'financial_status', 'PAID', 'is_test', false, 'cancelled_at', NULL, 'deleted_at', NULL))).*
     FROM (SELECT o FROM orders o WHERE shop_id = $1 LIMIT 1) t, generate_series(1, $3) b, generate_series(1, $4) n`,
    [shopId, ORDERS_FROM, BUYERS, PURCHASES],
  );
  await owner.query(
    `INSERT INTO order_lines (shop_id, order_id, line_id, product_id, title, sku, quantity, current_quantity, original_total_minor, discounted_total_minor)
     SELECT $1, $2 + b * 10 + n, p.place, $3 + p.place, p.title, p.sku, 1, 1, 1000, 1000
     FROM generate_series(1, $4) b, generate_series(1, $5) n, unnest($6::text[], $7::text[]) WITH ORDINALITY AS p (title, sku, place)`,
    [shopId, ORDERS_FROM, PRODUCT_IDS_FROM, BUYERS, PURCHASES, textsAt(texts, 'title'), textsAt(texts, 'sku')],
  );
}

/** A member, an entry, a reward, a tier and an exclusion for each payload. */
async function plantLoyalty(owner: pg.Client, shopId: number, texts: HostileTexts): Promise<void> {
  const { payloads } = texts;
  const usual = defaultProgram({ currency: 'EUR', unitMinor: 100 });
  const [reward, level] = [usual.rewards[0], usual.tiers?.levels[0]];
  const named = {
    ...usual,
    rewards: textsAt(texts, 'reward').map((name, index) => ({ ...reward, id: `r${index + 1}`, name })),
    tiers: { ...usual.tiers, levels: textsAt(texts, 'level').map((name, index) => ({ ...level, id: `t${index + 1}`, name })) },
  };
  const insert = (sql: string, values: readonly unknown[]) => owner.query(sql, [shopId, MEMBERS_FROM, ...values]);
  const one = (place: Place) => [textsAt(texts, place)];
  await owner.query("INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, '2026-01-01')", [shopId, JSON.stringify(named)]);
  await owner.query(
    `INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at, saved_by)
     SELECT $1, 1 + n, $2, '2026-01-02', saver FROM unnest($3::text[]) WITH ORDINALITY AS s (saver, n)`,
    [shopId, JSON.stringify(usual), textsAt(texts, 'saver')],
  );
  await insert(
    `INSERT INTO orders SELECT (jsonb_populate_record(t.o, jsonb_build_object('order_id', 550000000 + n, 'customer_id', $2 + n, 'name', name, 'is_test', true))).*
     FROM (SELECT o FROM orders o WHERE shop_id = $1 LIMIT 1) t, unnest($3::text[]) WITH ORDINALITY AS s (name, n)`,
    one('order'),
  );
  await insert(
    `INSERT INTO loyalty_members (shop_id, member_id, customer_id, enrolled_at, last_sequence, last_hash, last_activity_at)
     SELECT $1, $2 + n, $2 + n, now(), 1, $4, now() FROM generate_series(1, $3::int) n`,
    [payloads.length, Buffer.alloc(32)],
  );
  await insert(
    `INSERT INTO loyalty_entries (shop_id, member_id, sequence, kind, entry_key, occurred_at, recorded_at, order_id, program_version, reason, hash)
     SELECT $1, $2 + n, 1, 'adjustment', key, now(), now(), 550000000 + n, 1, '{"code":"by-hand"}', $4 FROM unnest($3::text[]) WITH ORDINALITY AS s (key, n)`,
    [textsAt(texts, 'key'), Buffer.alloc(32)],
  );
  await insert(
    'INSERT INTO loyalty_notes (shop_id, member_id, sequence, note, staff_id) SELECT $1, $2 + n, 1, note, staff FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS s (note, staff, n)',
    [textsAt(texts, 'note'), textsAt(texts, 'staff')],
  );
  await insert(
    `INSERT INTO loyalty_redemptions (shop_id, redemption_id, member_id, request_key, request_hash, reward_id, program_version, points, state, code, captured_order_id, reserved_at, expires_at)
     SELECT $1, gen_random_uuid(), $2 + n, 'wish' || n, '', 'r' || n, 1, 1, 'captured', code, 550000000 + n, now(), now() FROM unnest($3::text[]) WITH ORDINALITY AS s (code, n)`,
    one('code'),
  );
  await insert(
    `INSERT INTO loyalty_tier_changes (shop_id, member_id, change_no, tier_id, program_version, effective_at, reason, recorded_at)
     SELECT $1, $2 + n, 1, 't' || n, 1, '2026-01-02', '{"code":"reached"}', now() FROM generate_series(1, $3::int) n`,
    [payloads.length],
  );
  await insert(
    'INSERT INTO loyalty_exclusions (shop_id, member_id, change_no, is_excluded, changed_at, staff_id) SELECT $1, $2 + n, 1, true, now(), staff FROM unnest($3::text[]) WITH ORDINALITY AS s (staff, n)',
    one('excluder'),
  );
}
