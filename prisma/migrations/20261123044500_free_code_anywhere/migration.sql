SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Each thank-you page takes one of the codes that Shopify has, from a place of its own among them. They stood in one line
-- with those that Shopify did not have yet, by the time that they were made: who took one went past these, past those that
-- others were just taking, and past all that had been taken for as long as somebody's long transaction kept them. One index
-- for each question, so that no plan can take the other's, whatever PostgreSQL knows of the table by then.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX offer_pool_codes_added ON offer_pool_codes (shop_id, discount_key, code) WHERE state = 'added';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX offer_pool_codes_intended ON offer_pool_codes (shop_id, discount_key, intended_at, code) WHERE state = 'intended';
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX offer_pool_codes_free;
