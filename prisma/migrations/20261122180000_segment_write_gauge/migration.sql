SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- For operations_gauges: runs are kept for a while, and nearly all of them came to an end as they should.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX segment_writes_failed ON segment_writes (finished_at) WHERE state = 'failed';

-- The same sums as before and two more. Who owns and who may call it stays; whoever knows the old ones alone passes over
-- the new. Failures of the last two days: a run that failed is not tried again, the merchant's next one is another.
CREATE OR REPLACE FUNCTION operations_gauges(p_now timestamptz) RETURNS TABLE (gauge text, label text, value double precision)
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
  SELECT 'segment_writes', 'pending', count(*)::float8 FROM segment_writes WHERE state IN ('requested', 'writing')
  UNION ALL
  SELECT 'segment_writes', 'failed', count(*)::float8 FROM segment_writes
    WHERE state = 'failed' AND finished_at > p_now - interval '2 days'
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
