SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- A discount, or a store credit's transaction, is one redemption's, whatever is mixed up. No release has written a
-- redemption: the table is empty wherever this runs.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX "loyalty_redemptions_shopify" ON loyalty_redemptions (shop_id, discount_gid) WHERE discount_gid IS NOT NULL;
