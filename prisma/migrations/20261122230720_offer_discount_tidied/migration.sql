SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- When Shopify was about to be asked to delete a discount that ended and nobody used, and when that was through. A shop has
-- a handful of discounts a day, so that the nightly look needs no index.
ALTER TABLE offer_discounts ADD COLUMN deletion_asked_at TIMESTAMPTZ(3), ADD COLUMN tidied_at TIMESTAMPTZ(3);
