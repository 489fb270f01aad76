SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- For operations_gauges, which counts the codes that Shopify does not have: nearly all of a shop's codes are issued, and
-- of 500,000 codes each question read every one. An index of 16 kB now, and 13 pages in place of 6,249.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX offer_codes_unissued ON offer_codes (state) WHERE state <> 'issued';
