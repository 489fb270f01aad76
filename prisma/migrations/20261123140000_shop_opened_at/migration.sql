SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- When a member of the merchant's staff last opened the app, to the hour: what they see first is made ready for them. Null:
-- not since the version that notes it.
ALTER TABLE shops ADD COLUMN opened_at TIMESTAMPTZ(3);

-- Shops in use that were opened, or installed, since: the latest first.
CREATE FUNCTION shops_opened_since(p_since timestamptz) RETURNS TABLE (shop_id int, domain text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
  SELECT s.shop_id, s.domain FROM shops s
  WHERE s.installed_at IS NOT NULL AND s.uninstalled_at IS NULL AND greatest(s.opened_at, s.installed_at) >= p_since
  ORDER BY greatest(s.opened_at, s.installed_at) DESC, s.shop_id
$$;
GRANT CREATE ON SCHEMA public TO perennial_registry;
ALTER FUNCTION shops_opened_since(timestamptz) OWNER TO perennial_registry;
REVOKE CREATE ON SCHEMA public FROM perennial_registry;
REVOKE ALL ON FUNCTION shops_opened_since(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shops_opened_since(timestamptz) TO perennial_app;
