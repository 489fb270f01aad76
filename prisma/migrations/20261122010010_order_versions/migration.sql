SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Null in rows that nobody has written since: whoever reads changes has read these before. Null also lets the version
-- before this one, whose temporary twins of the table copy NOT NULL and no default, go on.
ALTER TABLE orders ADD COLUMN data_version BIGINT;

-- Of no row yet: the table is read once, in which time orders wait to be stored, and webhooks are taken in.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX orders_data_version ON orders (shop_id, data_version) WHERE data_version IS NOT NULL;

CREATE TRIGGER orders_data_version BEFORE INSERT OR UPDATE ON orders
  FOR EACH ROW EXECUTE FUNCTION give_data_version();
CREATE TRIGGER orders_removed AFTER DELETE ON orders REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION note_removed_orders();
CREATE TRIGGER orders_customer_left AFTER UPDATE OF customer_id ON orders
  FOR EACH ROW WHEN (OLD.customer_id IS DISTINCT FROM NEW.customer_id) EXECUTE FUNCTION touch_customer_left();
