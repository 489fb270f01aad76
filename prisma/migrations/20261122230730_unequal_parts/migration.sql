SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- In what an unequal order differed: details, region, refunds, lines, fulfillments. Empty for other causes, for a line of
-- the list that could not be read, and for what was found before this was noted.
ALTER TABLE reconciliation_differences ADD COLUMN unequal_parts TEXT[] NOT NULL DEFAULT '{}';
