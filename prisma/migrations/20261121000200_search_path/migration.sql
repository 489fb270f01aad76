-- PostgreSQL looks for tables among the temporary ones first unless pg_temp is named. The app's role may make temporary
-- tables, so one called shops could have stood in for the real one inside these functions, with their owner's rights.
ALTER FUNCTION shop_id_of(text) SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION register_shop(text) SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION receive_webhook(text, text, text, text, text, timestamptz, bytea) SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION shops_with_work(timestamptz) SET search_path = pg_catalog, public, pg_temp;
