import { REMINDER_DAYS } from '#app/domain/accounts/judge-invite.ts';
import { UNKNOWN_TRACE } from '#app/domain/loyalty/traces/trace-values.ts';

/**
 * Makes a restored database safe to go to work. Between the snapshot and the disaster things were done that its rows do
 * not know of, so whatever was under way is looked up before it is sent, or begun anew where it only reads.
 */
export const SETTLE_STATEMENTS: readonly string[] = [
  // By this offers and Flow know what may have been answered by deeds that are in no row.
  'UPDATE shops SET restored_at = now()',
  // A code that waits may have gone to Shopify since: one that counts as tried is looked up there before it is sent.
  "UPDATE offer_codes SET attempts = greatest(attempts, 1), not_before = now() WHERE state = 'intended'",
  // A code that was free may have gone to an order that nobody knows of any more: none of them is given to anybody.
  "UPDATE offer_pool_codes SET state = 'failed', last_error = 'restored' WHERE state IN ('intended', 'added')",
  'UPDATE offer_settings SET pool_due_at = NULL',
  // Of store credit that waits the account's transactions say whether it was given, once what was sent last has come there.
  "UPDATE offer_credits SET attempts = greatest(attempts, 1), not_before = now() + interval '2 minutes' WHERE state = 'intended'",
  // The same of rewards. Only credit has no code of which Shopify has one at most.
  `UPDATE loyalty_redemptions SET attempts = greatest(attempts, 1), not_before = now() + CASE WHEN code IS NULL THEN interval '2 minutes' ELSE '0' END
   WHERE state = 'reserved'`,
  // What Shopify has of members by now nobody knows: it is brought to what holds, also by taking away what does not.
  `UPDATE loyalty_member_traces SET due_at = now(), written = '${JSON.stringify(UNKNOWN_TRACE)}'`,
  // Flow may have been told since of what waited, and of what nobody had noted yet: it is not told again.
  "UPDATE loyalty_flow_events SET state = 'dropped', last_error = 'restored', not_before = NULL, settled_at = now() WHERE state = 'waiting'",
  `INSERT INTO loyalty_member_traces AS t (shop_id, member_id, customer_id, seen_sequence, due_at)
   SELECT m.shop_id, m.member_id, m.customer_id, m.last_sequence, now() FROM loyalty_members m JOIN loyalty_tracing g USING (shop_id) WHERE m.customer_id > 0
   ON CONFLICT (shop_id, member_id) DO UPDATE SET seen_sequence = excluded.seen_sequence`,
  // Of a tier that was given Flow may have been told, too.
  `UPDATE loyalty_member_traces t SET told_tier_id = c.tier_id
   FROM (SELECT DISTINCT ON (shop_id, member_id) shop_id, member_id, tier_id FROM loyalty_tier_changes WHERE effective_at <= now()
     ORDER BY shop_id, member_id, change_no DESC) c WHERE t.shop_id = c.shop_id AND t.member_id = c.member_id`,
  // An e-mail that was due may have gone out since, and those that came after it by now: one that counts as begun is looked
  // up, or never sent again.
  `INSERT INTO account_invite_emails (shop_id, customer_id, step, state, attempts, intended_at)
   SELECT i.shop_id, i.customer_id, later.step, 'intended', 1, now()
   FROM account_invites i
   JOIN (VALUES (0, 0), (1, ${REMINDER_DAYS[1]}), (2, ${REMINDER_DAYS[2]})) due (step, days) ON due.step = i.next_step
   JOIN (VALUES (0, 0), (1, ${REMINDER_DAYS[1]}), (2, ${REMINDER_DAYS[2]})) later (step, days) ON later.step >= i.next_step
   WHERE i.not_before + (later.days - due.days) * interval '24 hours' <= now() ON CONFLICT DO NOTHING`,
  // A file that Shopify prepared then may be gone, and a bookmark into it is worth nothing. Pulling again only reads.
  `UPDATE imports SET state = 'requested', bulk_operation_id = NULL, pass = 0, line = 0, objects_reported = 0,
     objects_stored = 0, objects_rejected = 0, roots_prepared = 0, attempts = 0, error_code = 'restored'
   WHERE state IN ('running', 'storing')`,
  // The comparison of a night may be of those who changed lately, and what Shopify counts of a customer changes without a
  // new version of them: they all come again.
  `INSERT INTO imports (shop_id, import_id, resource, state, requested_at, error_code)
   SELECT shop_id, gen_random_uuid(), 'customers', 'requested', now(), 'restored'
   FROM shops WHERE installed_at IS NOT NULL AND uninstalled_at IS NULL
   ON CONFLICT (shop_id, resource) WHERE state IN ('requested', 'running', 'storing') DO NOTHING`,
  // What a comparison had found is compared again, with all that happened since.
  `UPDATE reconciliations SET state = 'failed', error_code = 'restored', finished_at = now()
   WHERE state IN ('requested', 'running', 'comparing', 'repairing')`,
  'UPDATE shops SET reconcile_due_at = now(), freshness_due_at = now(), upkeep_due_at = now(), data_version = data_version + 1 WHERE installed_at IS NOT NULL AND uninstalled_at IS NULL',
  // Nobody knows whether the merchant stopped it or took it back since. What may have been sent stays on record as ours.
  "UPDATE segment_writes SET state = 'failed', error_code = 'restored', finished_at = now() WHERE state IN ('requested', 'writing')",
  'UPDATE segment_targets SET is_kept = false, due_at = NULL WHERE is_kept',
  // Webhooks only say that something changed and are read from Shopify as it is now, so handling one again is no harm.
  "UPDATE webhook_inbox SET pull_id = NULL, not_before = now() WHERE state = 'waiting'",
];
