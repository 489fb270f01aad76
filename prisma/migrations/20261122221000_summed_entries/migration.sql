SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- How many entries are in the months' sums: more of that time than these came after them, while a clock was behind. Null
-- for sums of before.
ALTER TABLE loyalty_audits ADD COLUMN summed_entries BIGINT;
