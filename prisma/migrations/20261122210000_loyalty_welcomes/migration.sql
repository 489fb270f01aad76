SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Since when a customer's account is known of whom nobody has decided yet whether they are welcomed; null once it is.
ALTER TABLE loyalty_members ADD COLUMN welcome_due_at TIMESTAMPTZ(3);
-- Empty nearly always.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX loyalty_members_welcome_due ON loyalty_members (shop_id, welcome_due_at) WHERE welcome_due_at IS NOT NULL;

-- As before, and members to be welcomed. Who owns and who may call it stays; a worker of the version before looks at such
-- a shop once a second and finds nothing to do.
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
  ) w
  WHERE s.installed_at IS NOT NULL AND s.uninstalled_at IS NULL
$$;
