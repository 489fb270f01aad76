SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Tiers that changed lately, for Shopify to be told: a fall may come without an entry in the ledger. The table is empty
-- wherever this runs. What builds an index beside traffic cannot stand in a migration that is sent whole.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "loyalty_tier_changes_recorded" ON loyalty_tier_changes (shop_id, recorded_at);
