SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Reports are computed from columns in memory, which are brought up to date by what changed since. For that, each order
-- and each customer carries the shop's data_version of the transaction that wrote it last. A transaction raises that
-- number first and holds the shop's row until it ends, so versions are committed in their order, and what is above the
-- version that a reader knows is all that it has not seen.
--
-- Rows get it from triggers and not from each statement that writes them: COPY with INSERT ... ON CONFLICT, Prisma, a
-- repair by hand and the version before this one, which runs beside it for a while, write them too, and a single one that
-- forgot would make reports wrong in silence.

-- Of rows that are gone for good nothing is left to find; whoever has read them before these versions reads anew.
ALTER TABLE shops
  ADD COLUMN orders_removed_version BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN customers_removed_version BIGINT NOT NULL DEFAULT 0;

-- For the rest of the transaction; the rows that follow would otherwise each look the shop up.
CREATE FUNCTION note_data_version() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  PERFORM pg_catalog.set_config('app.data_version', NEW.shop_id || ' ' || NEW.data_version, true);
  RETURN NULL;
END
$$;

-- A writer that has not raised the shop's version, or that of another shop, raises it here.
CREATE FUNCTION give_data_version() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
  noted text := pg_catalog.current_setting('app.data_version', true);
BEGIN
  IF noted IS NULL OR pg_catalog.split_part(noted, ' ', 1) <> NEW.shop_id::text THEN
    UPDATE public.shops SET data_version = data_version + 1 WHERE shop_id = NEW.shop_id;
    noted := pg_catalog.current_setting('app.data_version', true);
  END IF;
  NEW.data_version := nullif(pg_catalog.split_part(noted, ' ', 2), '')::bigint;
  RETURN NEW;
END
$$;

CREATE FUNCTION note_removed_orders() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE public.shops SET data_version = data_version + 1, orders_removed_version = data_version + 1
  WHERE shop_id IN (SELECT shop_id FROM removed);
  RETURN NULL;
END
$$;

CREATE FUNCTION note_removed_customers() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE public.shops SET data_version = data_version + 1, customers_removed_version = data_version + 1
  WHERE shop_id IN (SELECT shop_id FROM removed);
  RETURN NULL;
END
$$;

-- Whether a customer has no order yet changes with the order that goes to somebody else.
CREATE FUNCTION touch_customer_left() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE public.customers SET number_of_orders = number_of_orders
  WHERE shop_id = OLD.shop_id AND customer_id = OLD.customer_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER shops_data_version AFTER UPDATE OF data_version ON shops
  FOR EACH ROW EXECUTE FUNCTION note_data_version();
