SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- The order's subtotal, as it was sold, in the currency that the shopper saw: with `subtotal_minor` it is the order's own
-- rate of exchange, by which points are counted in the shopper's currency. Null: not known, or paid in the shop's currency.
ALTER TABLE orders ADD COLUMN presentment_subtotal_minor BIGINT;
