import type pg from 'pg';

/** Keys without which something could be stored or sent twice. */
const UNIQUE_KEYS = [
  'shops_domain_key', 'orders_pkey', 'order_lines_pkey', 'refunds_pkey', 'fulfillments_pkey', 'customers_pkey',
  'webhook_inbox_pkey', 'tombstones_pkey', 'offer_codes_pkey', 'offer_codes_shop_id_code_key', 'offer_discounts_pkey',
  'imports_one_unfinished', 'reconciliations_one_unfinished', 'loyalty_entries_key', 'loyalty_entries_pkey', 'loyalty_members_customer',
  'loyalty_redemptions_request', 'loyalty_redemptions_code', 'loyalty_flow_events_pkey', 'loyalty_member_traces_pkey',
];

/** Without one, columns in memory would miss changes: see the migration of data versions. */
const VERSION_TRIGGERS = [
  'shops_data_version', 'orders_data_version', 'orders_removed', 'orders_customer_left', 'customers_data_version', 'customers_removed',
];

/** Without one, what happened to points could be changed or taken away. */
const LEDGER_TRIGGERS = [
  'loyalty_entries_stay', 'loyalty_postings_stay', 'loyalty_program_versions_stay', 'loyalty_tier_changes_stay',
  'loyalty_exclusions_stay', 'staff_permission_changes_stay',
];

/** What the schema lacks that the services rely on: empty when nothing. Any role may ask. */
export async function schemaRules(database: Pick<pg.Pool, 'query'>): Promise<string[]> {
  const { rows } = await database.query<{ offence: string }>(
    `SELECT k.name || ' is missing or not unique' AS offence FROM unnest($1::text[]) k (name)
       WHERE NOT EXISTS (
         SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         WHERE c.relname = k.name AND c.relnamespace = 'public'::regnamespace AND i.indisunique AND i.indisvalid)
     UNION ALL
     SELECT i.indexrelid::regclass || ' is not valid' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisvalid
     UNION ALL
     SELECT k.conname || ' of ' || k.conrelid::regclass || ' is not validated' FROM pg_constraint k
       WHERE k.connamespace = 'public'::regnamespace AND NOT k.convalidated
     UNION ALL
     SELECT t.name || ' has no foreign key to its shop' FROM unnest(ARRAY['orders', 'customers', 'webhook_inbox', 'offer_discounts']) t (name)
       WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = to_regclass('public.' || t.name))
     UNION ALL
     SELECT k.name || ' does not fire' FROM unnest($2::text[]) k (name)
       WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgname = k.name AND t.tgenabled IN ('O', 'A'))
     ORDER BY offence`,
    [UNIQUE_KEYS, [...VERSION_TRIGGERS, ...LEDGER_TRIGGERS]],
  );
  return rows.map((row) => row.offence);
}
