SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Awarding orders of before the program, customer by customer: which (half-open), the customer after whom it goes on (null
-- once all were looked at, so that no number of a person stays), and how far it is.
ALTER TABLE loyalty_progress
  ADD COLUMN past_from TIMESTAMPTZ(3),
  ADD COLUMN past_until TIMESTAMPTZ(3),
  ADD COLUMN past_after BIGINT,
  ADD COLUMN past_orders INT NOT NULL DEFAULT 0,
  ADD COLUMN past_orders_seen INT NOT NULL DEFAULT 0;

-- As before, and awards for the past: work of its own, so that orders of today never wait behind it. Who owns and who may
-- call it stays; a worker of the version before leaves that kind to those that know it.
CREATE OR REPLACE FUNCTION due_loyalty(p_now timestamptz) RETURNS TABLE (shop_id int, domain text, work text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
  SELECT s.shop_id, s.domain, w.work
  FROM loyalty_progress p
  JOIN shops s ON s.shop_id = p.shop_id
  CROSS JOIN LATERAL (
    SELECT 'awards' AS work WHERE p.is_followed AND p.orders_version < s.data_version
    UNION ALL
    SELECT 'member-time' WHERE p.is_followed AND (p.check_due_at <= p_now
      OR EXISTS (SELECT FROM loyalty_members m WHERE m.shop_id = p.shop_id AND m.due_at <= p_now)
      OR EXISTS (SELECT FROM loyalty_members m WHERE m.shop_id = p.shop_id AND m.welcome_due_at <= p_now))
    UNION ALL
    -- Whatever became of the program: somebody holds a code.
    SELECT 'redemptions' WHERE EXISTS (SELECT FROM loyalty_redemptions r WHERE r.shop_id = p.shop_id AND r.not_before <= p_now)
    UNION ALL
    SELECT 'past-awards' WHERE p.is_followed AND p.past_after IS NOT NULL
  ) w
  WHERE s.installed_at IS NOT NULL AND s.uninstalled_at IS NULL
$$;
