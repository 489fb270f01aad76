SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Entries come in the order in which they are recorded, so that a few words a block find the newest: no other index costs
-- so little where every award is written. No release has written a ledger: the table is empty wherever this runs.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "loyalty_entries_recorded" ON loyalty_entries USING brin (recorded_at) WITH (pages_per_range = 32, autosummarize = on);
