SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Where the shop's customer accounts are, as Shopify says. A version that does not know of it leaves it as it is.
ALTER TABLE shops ADD COLUMN customer_accounts_url TEXT;
