SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- When Shopify was about to be asked to delete the discount of points that came back, and when that was through. Null in
-- rows of before, which are looked at like the others.
ALTER TABLE loyalty_redemptions ADD COLUMN deletion_asked_at TIMESTAMPTZ(3), ADD COLUMN tidied_at TIMESTAMPTZ(3);

-- For the nightly look. No release has written a redemption: the table is empty wherever this runs.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "loyalty_redemptions_untidied" ON loyalty_redemptions (shop_id, settled_at) WHERE state = 'released' AND code IS NOT NULL AND tidied_at IS NULL;
