SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- What discount codes took off an order's shipping when it was placed, which free shipping cost the merchant. Null: the row
-- was written before this was kept.
ALTER TABLE orders ADD COLUMN shipping_code_discount_minor BIGINT;
