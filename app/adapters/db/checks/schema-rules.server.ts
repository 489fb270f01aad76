import type pg from 'pg';

/** Every key of the migrated tables: without one, something could be stored or sent twice. */
const UNIQUE_KEYS = [
  'account_invite_emails_pkey', 'account_invites_pkey', 'account_settings_pkey', 'customer_merges_pkey', 'customers_pkey',
  'forgotten_shops_pkey', 'fulfillments_pkey', 'hash_key_fingerprint_pkey', 'imports_one_unfinished', 'imports_pkey',
  'loyalty_audits_pkey', 'loyalty_entries_key', 'loyalty_entries_pkey', 'loyalty_exclusions_pkey', 'loyalty_flow_events_pkey',
  'loyalty_gifts_pkey', 'loyalty_gifts_under_way', 'loyalty_member_traces_pkey', 'loyalty_members_customer',
  'loyalty_members_pkey', 'loyalty_months_pkey', 'loyalty_notes_pkey', 'loyalty_notices_pkey', 'loyalty_postings_pkey',
  'loyalty_program_versions_pkey', 'loyalty_progress_pkey', 'loyalty_redemptions_code', 'loyalty_redemptions_pkey',
  'loyalty_redemptions_request', 'loyalty_redemptions_shopify', 'loyalty_tier_changes_pkey', 'loyalty_tracing_pkey',
  'offer_codes_pkey', 'offer_codes_shop_id_code_key', 'offer_credits_pkey', 'offer_credits_shopify', 'offer_decisions_pkey',
  'offer_discounts_pkey', 'offer_pool_codes_pkey', 'offer_rules_pkey', 'offer_settings_pkey', 'order_lines_pkey', 'orders_pkey',
  'personal_data_accesses_pkey', 'privacy_requests_pkey', 'rate_limits_pkey', 'reconciliation_customer_differences_pkey',
  'reconciliation_days_pkey', 'reconciliation_differences_pkey', 'reconciliations_one_unfinished', 'reconciliations_pkey',
  'refunds_pkey', 'segment_targets_name_once', 'segment_targets_pkey', 'segment_targets_segment_once',
  'segment_write_members_pkey', 'segment_writes_one_unfinished', 'segment_writes_pkey', 'segments_name_once', 'segments_pkey',
  'sessions_pkey', 'shopper_texts_pkey', 'shops_domain_key', 'shops_pkey', 'staff_members_owner', 'staff_members_pkey',
  'staff_permission_changes_form', 'staff_permission_changes_pkey', 'tombstones_pkey', 'webhook_inbox_pkey',
  'webhook_inbox_shop_id_inbox_id_key',
];

/** Every foreign key: without one, rows would outlive what they belong to, a shop that was forgotten above all. */
const FOREIGN_KEYS = [
  'account_invite_emails_invite_fkey', 'account_invites_shop_id_fkey', 'account_settings_shop_id_fkey',
  'customer_merges_shop_id_fkey', 'customers_shop_id_fkey', 'fulfillments_shop_id_order_id_fkey', 'imports_shop_id_fkey',
  'loyalty_audits_shop_id_fkey', 'loyalty_entries_member_fkey', 'loyalty_entries_program_fkey',
  'loyalty_exclusions_member_fkey', 'loyalty_flow_events_member_fkey', 'loyalty_gifts_shop_id_fkey',
  'loyalty_member_traces_member_fkey', 'loyalty_members_merged_into_fkey', 'loyalty_members_shop_id_fkey',
  'loyalty_months_shop_id_fkey', 'loyalty_notes_entry_fkey', 'loyalty_notices_member_fkey', 'loyalty_postings_entry_fkey',
  'loyalty_program_versions_shop_id_fkey', 'loyalty_progress_shop_id_fkey', 'loyalty_redemptions_member_fkey',
  'loyalty_redemptions_program_fkey', 'loyalty_tier_changes_member_fkey', 'loyalty_tier_changes_program_fkey',
  'loyalty_tracing_shop_id_fkey', 'offer_codes_shop_id_discount_key_fkey', 'offer_credits_shop_id_fkey',
  'offer_decisions_shop_id_fkey', 'offer_discounts_shop_id_fkey', 'offer_pool_codes_discount_fkey',
  'offer_rules_shop_id_fkey', 'offer_settings_shop_id_fkey', 'order_lines_shop_id_order_id_fkey', 'orders_shop_id_fkey',
  'personal_data_accesses_shop_id_fkey', 'privacy_requests_shop_id_fkey',
  'reconciliation_customer_differences_reconciliation_fkey', 'reconciliation_days_reconciliation_fkey',
  'reconciliation_differences_reconciliation_fkey', 'reconciliations_shop_id_fkey', 'refunds_shop_id_order_id_fkey',
  'segment_targets_shop_id_fkey', 'segment_write_members_shop_id_fkey', 'segment_write_members_target_fkey',
  'segment_writes_shop_id_fkey', 'segment_writes_target_fkey', 'segments_shop_id_fkey', 'sessions_shop_id_fkey',
  'shopper_texts_shop_id_fkey', 'staff_members_shop_id_fkey', 'staff_permission_changes_shop_id_fkey',
  'tombstones_shop_id_fkey', 'webhook_inbox_shop_id_fkey',
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
     SELECT k.name || ' is missing or lets go of nothing' AS offence FROM unnest($3::text[]) k (name)
       WHERE NOT EXISTS (
         SELECT FROM pg_constraint c
         WHERE c.conname = k.name AND c.connamespace = 'public'::regnamespace AND c.contype = 'f' AND c.confdeltype = 'c')
     UNION ALL
     SELECT k.name || ' does not fire' FROM unnest($2::text[]) k (name)
       WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgname = k.name AND t.tgenabled IN ('O', 'A'))
     ORDER BY offence`,
    [UNIQUE_KEYS, [...VERSION_TRIGGERS, ...LEDGER_TRIGGERS], FOREIGN_KEYS],
  );
  return rows.map((row) => row.offence);
}
