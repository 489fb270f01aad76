SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- The group that Shopify puts the customer into (CustomerRfmGroup, or a name of later); null where it does not tell.
ALTER TABLE customers ADD COLUMN shopify_rfm_group TEXT;
