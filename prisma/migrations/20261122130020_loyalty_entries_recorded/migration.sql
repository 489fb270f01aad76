SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- What was recorded lately lies together at the end of the table, where this finds it; a new entry costs it next to nothing.
-- The table is empty wherever this runs. What builds an index beside traffic cannot stand in a migration that is sent whole.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "loyalty_entries_recorded" ON loyalty_entries USING brin (recorded_at) WITH (pages_per_range = 32, autosummarize = on);
