SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- When the last of an order's money came, from which its points wait for the end of the return window. Null: nothing was
-- paid, Shopify does not say, or the row was written before this was kept.
ALTER TABLE orders ADD COLUMN paid_at TIMESTAMPTZ(3);
