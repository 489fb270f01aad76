SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- What a member was given, as tiers by points count it, without the entries between. No release has written a ledger: the
-- table is empty wherever this runs.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "loyalty_entries_awarded" ON loyalty_entries (shop_id, member_id, sequence) INCLUDE (order_id, occurred_at)
  WHERE kind IN ('order', 'grant') AND entry_key NOT LIKE 'grant/%/tier/%';
