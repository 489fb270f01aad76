SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- The discount and the segment of Shopify that give the members of some tiers free shipping: what was asked for, what came of
-- it, and until when it holds. Null while no tier gives it. Beside the tags, by which Shopify knows who is in a tier.
ALTER TABLE loyalty_tracing ADD COLUMN free_shipping JSONB;
