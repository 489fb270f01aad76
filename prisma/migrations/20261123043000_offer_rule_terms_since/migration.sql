SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Since when a rule asks and gives what it does now: what it added is measured since then. Null: not kept, as in rules of
-- before and of the version before.
ALTER TABLE offer_rules ADD COLUMN terms_since TIMESTAMPTZ(3);
