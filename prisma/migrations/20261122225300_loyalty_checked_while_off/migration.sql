SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- As before, and the hourly look at a ledger also where no program is followed. Who owns and who may call it stays.
CREATE OR REPLACE FUNCTION due_loyalty(p_now timestamptz) RETURNS TABLE (shop_id int, domain text, work text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
  SELECT s.shop_id, s.domain, w.work
  FROM loyalty_progress p
  JOIN shops s ON s.shop_id = p.shop_id
  CROSS JOIN LATERAL (
    SELECT 'awards' AS work WHERE p.is_followed AND p.orders_version < s.data_version
    UNION ALL
    -- The look at members and their ledger, whatever the program does: points may be imported before it goes live.
    SELECT 'member-time' WHERE p.check_due_at <= p_now
      OR p.is_followed AND (EXISTS (SELECT FROM loyalty_members m WHERE m.shop_id = p.shop_id AND m.due_at <= p_now)
      OR EXISTS (SELECT FROM loyalty_members m WHERE m.shop_id = p.shop_id AND m.welcome_due_at <= p_now))
    UNION ALL
    -- Whatever became of the program: somebody holds a code.
    SELECT 'redemptions' WHERE EXISTS (SELECT FROM loyalty_redemptions r WHERE r.shop_id = p.shop_id AND r.not_before <= p_now)
    UNION ALL
    SELECT 'past-awards' WHERE p.is_followed AND p.past_after IS NOT NULL
  ) w
  WHERE s.installed_at IS NOT NULL AND s.uninstalled_at IS NULL
$$;
