SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- As in orders.
ALTER TABLE customers ADD COLUMN data_version BIGINT;

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX customers_data_version ON customers (shop_id, data_version) WHERE data_version IS NOT NULL;

CREATE TRIGGER customers_data_version BEFORE INSERT OR UPDATE ON customers
  FOR EACH ROW EXECUTE FUNCTION give_data_version();
CREATE TRIGGER customers_removed AFTER DELETE ON customers REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION note_removed_customers();
