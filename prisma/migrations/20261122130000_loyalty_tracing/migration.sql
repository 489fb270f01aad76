SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- What Shopify is to know of members: metafields and a tag, which are brought to what holds, and triggers of Shopify Flow,
-- each of which tells of one entry. Whoever writes an entry does nothing for it: the worker finds what is new by the
-- entries themselves, so that awards and redemptions cost what they did.

-- How far that has come in a shop.
CREATE TABLE "loyalty_tracing" (
    "shop_id" INTEGER NOT NULL,
    "is_tagging" BOOLEAN NOT NULL DEFAULT false,
    -- Of the install that the traces are of: one that comes back finds nothing of what was written.
    "installed_at" TIMESTAMPTZ(3),
    "defined_at" TIMESTAMPTZ(3),
    -- Entries recorded long before have been noted.
    "seen_until" TIMESTAMPTZ(3) NOT NULL,
    -- All members are gone through in turns: how far, and whether each is looked at again or only who was missed.
    "sweep_after" BIGINT,
    "sweep_is_whole" BOOLEAN NOT NULL DEFAULT true,
    "sweep_due_at" TIMESTAMPTZ(3) NOT NULL,
    "swept_version" INTEGER NOT NULL DEFAULT 0,
    "look_due_at" TIMESTAMPTZ(3) NOT NULL,
    "outages" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "last_error_at" TIMESTAMPTZ(3),

    CONSTRAINT "loyalty_tracing_pkey" PRIMARY KEY ("shop_id"),
    CONSTRAINT "loyalty_tracing_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE
);

ALTER TABLE loyalty_tracing ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty_tracing FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON loyalty_tracing TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON loyalty_tracing TO perennial_app;

-- Which shops have something to be told. Beside due_loyalty, so that either changes without the other.
CREATE POLICY registry ON loyalty_tracing FOR SELECT TO perennial_registry USING (true);
GRANT SELECT ON loyalty_tracing TO perennial_registry;
CREATE FUNCTION due_loyalty_traces(p_now timestamptz) RETURNS TABLE (shop_id int, domain text, work text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
  SELECT s.shop_id, s.domain, 'traces'
  FROM loyalty_progress p
  JOIN shops s ON s.shop_id = p.shop_id
  LEFT JOIN loyalty_tracing t ON t.shop_id = p.shop_id
  WHERE s.installed_at IS NOT NULL AND s.uninstalled_at IS NULL AND (t.shop_id IS NULL OR t.look_due_at <= p_now)
$$;
GRANT CREATE ON SCHEMA public TO perennial_registry;
ALTER FUNCTION due_loyalty_traces(timestamptz) OWNER TO perennial_registry;
REVOKE CREATE ON SCHEMA public FROM perennial_registry;
REVOKE ALL ON FUNCTION due_loyalty_traces(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_loyalty_traces(timestamptz) TO perennial_app;
