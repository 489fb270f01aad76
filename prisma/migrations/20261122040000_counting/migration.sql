SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- How the merchant wants orders counted: which of them are purchases, and what one is worth. The words are those of
-- app/domain/retention/metrics/order-value.ts. What every shop had before is the default, so a version that knows of
-- neither goes on as it was.
ALTER TABLE shops
  ADD COLUMN counting_preset TEXT NOT NULL DEFAULT 'perennial',
  ADD COLUMN order_value TEXT NOT NULL DEFAULT 'goods',
  ADD CONSTRAINT shops_counting_preset CHECK (counting_preset IN ('perennial', 'asShopifyCounts')) NOT VALID,
  ADD CONSTRAINT shops_order_value CHECK (order_value IN ('goods', 'goodsBeforeRefunds', 'total', 'totalBeforeRefunds')) NOT VALID;
