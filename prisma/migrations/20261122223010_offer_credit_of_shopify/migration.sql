SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- A store credit's transaction is one order's. No release has given any: the table is empty wherever this runs.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX "offer_credits_shopify" ON offer_credits (shop_id, transaction_gid) WHERE transaction_gid IS NOT NULL;
