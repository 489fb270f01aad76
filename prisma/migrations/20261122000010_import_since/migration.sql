SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Null: a pull of everything. Else one of the orders that changed since, which stands in for a storm of webhooks.
ALTER TABLE imports ADD COLUMN updated_since TIMESTAMPTZ(3);
