SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Which shops want codes made ahead, or have store credit to give. Beside due_work, so that either changes without the
-- other. Credits are promised to orders as codes are, and are the same kind of work.
CREATE POLICY registry ON offer_credits FOR SELECT TO perennial_registry USING (true);
GRANT SELECT ON offer_credits TO perennial_registry;
CREATE FUNCTION due_offers(p_now timestamptz) RETURNS TABLE (shop_id int, domain text, work text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
  SELECT s.shop_id, s.domain, d.work
  FROM (
    SELECT o.shop_id, 'offer-pool' AS work FROM offer_settings o
      WHERE o.is_enabled AND (o.pool_due_at IS NULL OR o.pool_due_at <= p_now)
    UNION ALL
    SELECT DISTINCT c.shop_id, 'offer-codes' FROM offer_credits c WHERE c.state = 'intended' AND c.not_before <= p_now
  ) d JOIN shops s ON s.shop_id = d.shop_id WHERE s.installed_at IS NOT NULL AND s.uninstalled_at IS NULL
$$;
GRANT CREATE ON SCHEMA public TO perennial_registry;
ALTER FUNCTION due_offers(timestamptz) OWNER TO perennial_registry;
REVOKE CREATE ON SCHEMA public FROM perennial_registry;
REVOKE ALL ON FUNCTION due_offers(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_offers(timestamptz) TO perennial_app;
