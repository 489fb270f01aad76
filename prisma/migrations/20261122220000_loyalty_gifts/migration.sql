SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Points that a merchant gives to everybody in a segment of Shopify's, under the key of the form that asked for it. Who
-- got them stands in the ledger alone, under keys that name the gift and the member.
CREATE TABLE "loyalty_gifts" (
    "shop_id" INTEGER NOT NULL,
    "gift_id" UUID NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "segment_name" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "note" TEXT NOT NULL,
    "staff_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "error_code" TEXT,
    "expected_customers" INTEGER NOT NULL,
    "seen_customers" INTEGER NOT NULL DEFAULT 0,
    "given_members" INTEGER NOT NULL DEFAULT 0,
    "excluded_members" INTEGER NOT NULL DEFAULT 0,
    "unknown_customers" INTEGER NOT NULL DEFAULT 0,
    "after_cursor" TEXT,
    "outages" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3),
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "loyalty_gifts_pkey" PRIMARY KEY ("shop_id","gift_id"),
    CONSTRAINT "loyalty_gifts_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "loyalty_gifts_state" CHECK (state IN ('giving', 'completed', 'stopped', 'failed')),
    CONSTRAINT "loyalty_gifts_points" CHECK (points > 0),
    CONSTRAINT "loyalty_gifts_due" CHECK ((state = 'giving') = (not_before IS NOT NULL)),
    -- Shopify's cursor names a customer: it goes when it is of no use any more.
    CONSTRAINT "loyalty_gifts_cursor" CHECK (state = 'giving' OR after_cursor IS NULL)
);
-- Two who have the segment open at once do not both give.
CREATE UNIQUE INDEX "loyalty_gifts_under_way" ON loyalty_gifts (shop_id, segment_id) WHERE state = 'giving';
-- The look for work of every third of a second reads these alone.
CREATE INDEX "loyalty_gifts_waiting" ON loyalty_gifts (not_before) WHERE not_before IS NOT NULL;
CREATE INDEX "loyalty_gifts_latest" ON loyalty_gifts (shop_id, requested_at);

ALTER TABLE loyalty_gifts ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty_gifts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON loyalty_gifts TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON loyalty_gifts TO perennial_app;

-- Which shops have a gift under way.
CREATE POLICY registry ON loyalty_gifts FOR SELECT TO perennial_registry USING (true);
GRANT SELECT ON loyalty_gifts TO perennial_registry;
CREATE FUNCTION due_loyalty_gifts(p_now timestamptz) RETURNS TABLE (shop_id int, domain text, work text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
  SELECT s.shop_id, s.domain, 'gifts'
  FROM (SELECT DISTINCT g.shop_id FROM loyalty_gifts g WHERE g.not_before <= p_now) d
  JOIN shops s ON s.shop_id = d.shop_id WHERE s.installed_at IS NOT NULL AND s.uninstalled_at IS NULL
$$;
GRANT CREATE ON SCHEMA public TO perennial_registry;
ALTER FUNCTION due_loyalty_gifts(timestamptz) OWNER TO perennial_registry;
REVOKE CREATE ON SCHEMA public FROM perennial_registry;
REVOKE ALL ON FUNCTION due_loyalty_gifts(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_loyalty_gifts(timestamptz) TO perennial_app;
