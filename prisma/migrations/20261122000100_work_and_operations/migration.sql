SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- When the next of each is due; null while the app is not installed, but for the upkeep, which goes on. An installed shop
-- without them was installed by a worker or web of the version before, which knew of none: then each is due.
ALTER TABLE shops
  ADD COLUMN reconcile_due_at TIMESTAMPTZ(3),
  ADD COLUMN freshness_due_at TIMESTAMPTZ(3),
  ADD COLUMN upkeep_due_at TIMESTAMPTZ(3);
UPDATE shops SET upkeep_due_at = now();
UPDATE shops SET reconcile_due_at = now(), freshness_due_at = now()
  WHERE installed_at IS NOT NULL AND uninstalled_at IS NULL;

CREATE POLICY registry ON reconciliations FOR SELECT TO perennial_registry USING (true);
GRANT SELECT ON reconciliations TO perennial_registry;

-- What the worker has to do, and for whom. A function of its own beside shops_with_work: a worker of the version before
-- runs on while this one goes out, or comes back, and reads no row of a kind that it does not know.
CREATE FUNCTION due_work(p_now timestamptz) RETURNS TABLE (shop_id int, domain text, work text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
  SELECT s.shop_id, s.domain, w.work
  FROM (
    SELECT DISTINCT i.shop_id, 'webhooks' AS work FROM webhook_inbox i
      WHERE i.state = 'waiting' AND i.not_before <= p_now
    UNION ALL
    SELECT DISTINCT i.shop_id, 'import' FROM imports i WHERE i.state IN ('requested', 'running', 'storing')
    UNION ALL
    SELECT DISTINCT o.shop_id, 'offer-codes' FROM offer_codes o
      WHERE o.state = 'intended' AND o.not_before <= p_now
    UNION ALL
    SELECT r.shop_id, 'reconcile' FROM reconciliations r
      WHERE r.state IN ('requested', 'running', 'comparing', 'repairing')
    UNION
    SELECT d.shop_id, 'reconcile' FROM shops d WHERE least(d.reconcile_due_at, d.freshness_due_at) <= p_now
      OR (d.installed_at IS NOT NULL AND d.uninstalled_at IS NULL AND (d.reconcile_due_at IS NULL OR d.freshness_due_at IS NULL))
    UNION ALL
    SELECT u.shop_id, 'upkeep' FROM shops u WHERE u.upkeep_due_at <= p_now
      OR (u.upkeep_due_at IS NULL AND u.installed_at IS NOT NULL)
  ) w JOIN shops s ON s.shop_id = w.shop_id
$$;

-- Every shop that the app is installed in, for checks that an operator asks for.
CREATE FUNCTION installed_shops() RETURNS TABLE (shop_id int, domain text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$ SELECT s.shop_id, s.domain FROM shops s WHERE s.installed_at IS NOT NULL AND s.uninstalled_at IS NULL $$;

-- Sums over all shops for the operator's metrics; no row of it tells of one shop. A gauge each: name, label, value. Waiting
-- and dead webhooks are counted apart, by a partial index each: most of the inbox is handled and read for neither.
CREATE FUNCTION operations_gauges(p_now timestamptz) RETURNS TABLE (gauge text, label text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
  SELECT 'webhooks', 'waiting', count(*)::float8 FROM webhook_inbox WHERE state = 'waiting'
  UNION ALL
  SELECT 'webhooks', 'dead', count(*)::float8 FROM webhook_inbox WHERE state = 'dead'
  UNION ALL
  SELECT 'webhook_oldest_waiting_seconds', '', coalesce(extract(epoch FROM p_now - min(received_at)), 0)::float8
    FROM webhook_inbox WHERE state = 'waiting'
  UNION ALL
  SELECT 'imports', state, count(*)::float8 FROM imports WHERE state IN ('requested', 'running', 'storing', 'failed') GROUP BY state
  UNION ALL
  SELECT 'offer_codes', state, count(*)::float8 FROM offer_codes WHERE state <> 'issued' GROUP BY state
  UNION ALL
  SELECT 'reconciliations', state, count(*)::float8 FROM reconciliations
    WHERE requested_at > p_now - interval '2 days' GROUP BY state
  UNION ALL
  SELECT 'differences_unrepaired', '', coalesce(sum(r.differences_found - r.differences_repaired), 0)::float8
    FROM (SELECT DISTINCT ON (shop_id) differences_found, differences_repaired FROM reconciliations
          WHERE state = 'completed' ORDER BY shop_id, finished_at DESC) r
  UNION ALL
  SELECT 'reconcile_overdue_shops', '', count(*)::float8 FROM shops WHERE reconcile_due_at < p_now - interval '6 hours'
  UNION ALL
  SELECT 'installed_shops', '', count(*)::float8 FROM shops WHERE installed_at IS NOT NULL AND uninstalled_at IS NULL
$$;

GRANT CREATE ON SCHEMA public TO perennial_registry;
ALTER FUNCTION due_work(timestamptz) OWNER TO perennial_registry;
ALTER FUNCTION installed_shops() OWNER TO perennial_registry;
ALTER FUNCTION operations_gauges(timestamptz) OWNER TO perennial_registry;
REVOKE CREATE ON SCHEMA public FROM perennial_registry;
REVOKE ALL ON FUNCTION due_work(timestamptz), installed_shops(), operations_gauges(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_work(timestamptz), installed_shops(), operations_gauges(timestamptz) TO perennial_app;
