-- Two roles beside the owner who runs migrations:
--   perennial_app       what web and worker connect as; sees only the shop named by app.shop_id in its transaction
--   perennial_registry  owns the few functions that must look across shops, and nothing else
-- Roles belong to the cluster, not to the database, so they may exist already.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'perennial_app') THEN
    CREATE ROLE perennial_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'perennial_registry') THEN
    CREATE ROLE perennial_registry NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
END
$$;

-- Whoever runs this hands functions over to perennial_registry below. A superuser may; any other owner has to be a
-- member, which the maker of the role can make itself.
DO $$
BEGIN
  EXECUTE format('GRANT perennial_registry TO %I', current_user);
EXCEPTION WHEN insufficient_privilege THEN
  IF NOT pg_has_role(current_user, 'perennial_registry', 'MEMBER') THEN
    RAISE EXCEPTION 'perennial_registry was made by another role of this cluster. As an administrator run: GRANT perennial_registry TO %', current_user;
  END IF;
END
$$;

GRANT USAGE ON SCHEMA public TO perennial_app, perennial_registry;

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOR tenant_table IN
    SELECT c.relname FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id' AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO perennial_app
         USING (shop_id = nullif(current_setting(''app.shop_id'', true), '''')::int)
         WITH CHECK (shop_id = nullif(current_setting(''app.shop_id'', true), '''')::int)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO perennial_app', tenant_table);
  END LOOP;
END
$$;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO perennial_app;

CREATE POLICY registry ON shops TO perennial_registry USING (true) WITH CHECK (true);
CREATE POLICY registry ON webhook_inbox TO perennial_registry USING (true) WITH CHECK (true);
CREATE POLICY registry ON imports FOR SELECT TO perennial_registry USING (true);
CREATE POLICY registry ON offer_codes FOR SELECT TO perennial_registry USING (true);
GRANT SELECT, INSERT ON shops TO perennial_registry;
GRANT SELECT, INSERT ON webhook_inbox TO perennial_registry;
GRANT SELECT ON imports, offer_codes TO perennial_registry;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO perennial_registry;

-- The id of a shop that we know, or null.
CREATE FUNCTION shop_id_of(p_domain text) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT shop_id FROM shops WHERE domain = p_domain $$;

-- The id of a shop, made at its first token. Safe when two requests come at once.
CREATE FUNCTION register_shop(p_domain text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
DECLARE
  found_id int;
BEGIN
  SELECT shop_id INTO found_id FROM shops WHERE domain = p_domain;
  IF found_id IS NULL THEN
    INSERT INTO shops (domain) VALUES (p_domain) ON CONFLICT (domain) DO NOTHING;
    SELECT shop_id INTO found_id FROM shops WHERE domain = p_domain;
  END IF;
  RETURN found_id;
END
$$;

-- The acknowledgement path of a webhook: one statement, no tenant set. Answers stored, duplicate or unknown-shop.
CREATE FUNCTION receive_webhook(
  p_domain text, p_webhook_id text, p_event_id text, p_topic text, p_api_version text,
  p_triggered_at timestamptz, p_body_sealed bytea
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
DECLARE
  found_id int := shop_id_of(p_domain);
BEGIN
  IF found_id IS NULL THEN
    RETURN 'unknown-shop';
  END IF;
  INSERT INTO webhook_inbox (shop_id, webhook_id, event_id, topic, api_version, triggered_at, body_sealed)
  VALUES (found_id, p_webhook_id, p_event_id, p_topic, p_api_version, p_triggered_at, p_body_sealed)
  ON CONFLICT (shop_id, webhook_id) DO NOTHING;
  RETURN CASE WHEN FOUND THEN 'stored' ELSE 'duplicate' END;
END
$$;

-- What the worker has to do, and for whom. Grain: shop and kind of work.
CREATE FUNCTION shops_with_work(p_now timestamptz) RETURNS TABLE (shop_id int, domain text, work text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
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
  ) w JOIN shops s ON s.shop_id = w.shop_id
$$;

GRANT CREATE ON SCHEMA public TO perennial_registry;
ALTER FUNCTION shop_id_of(text) OWNER TO perennial_registry;
ALTER FUNCTION register_shop(text) OWNER TO perennial_registry;
ALTER FUNCTION receive_webhook(text, text, text, text, text, timestamptz, bytea) OWNER TO perennial_registry;
ALTER FUNCTION shops_with_work(timestamptz) OWNER TO perennial_registry;
REVOKE CREATE ON SCHEMA public FROM perennial_registry;
REVOKE ALL ON FUNCTION shop_id_of(text), register_shop(text),
  receive_webhook(text, text, text, text, text, timestamptz, bytea), shops_with_work(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop_id_of(text), register_shop(text),
  receive_webhook(text, text, text, text, text, timestamptz, bytea), shops_with_work(timestamptz) TO perennial_app;

-- The worker looks for these every half second; finished rows stay out of the index.
CREATE INDEX webhook_inbox_waiting ON webhook_inbox (shop_id, not_before) WHERE state = 'waiting';
CREATE INDEX offer_codes_intended ON offer_codes (shop_id, not_before) WHERE state = 'intended';
CREATE UNIQUE INDEX imports_one_unfinished ON imports (shop_id, resource)
  WHERE state IN ('requested', 'running', 'storing');

ALTER TABLE imports
  ADD CONSTRAINT imports_resource CHECK (resource IN ('orders', 'customers')),
  ADD CONSTRAINT imports_state CHECK (state IN ('requested', 'running', 'storing', 'completed', 'failed', 'cancelled')),
  ADD CONSTRAINT imports_counts CHECK (objects_reported >= 0 AND objects_stored >= 0 AND objects_rejected >= 0);
ALTER TABLE webhook_inbox
  ADD CONSTRAINT webhook_inbox_state CHECK (state IN ('waiting', 'handled', 'dead'));
ALTER TABLE tombstones
  ADD CONSTRAINT tombstones_kind CHECK (kind IN ('customer', 'order'));
ALTER TABLE offer_settings
  ADD CONSTRAINT offer_settings_percent CHECK (percent_basis_points BETWEEN 100 AND 10000),
  ADD CONSTRAINT offer_settings_days CHECK (valid_days BETWEEN 1 AND 365),
  ADD CONSTRAINT offer_settings_minimum CHECK (minimum_subtotal_minor >= 0),
  ADD CONSTRAINT offer_settings_audience CHECK (audience IN ('first-order', 'every-order'));
ALTER TABLE offer_codes
  ADD CONSTRAINT offer_codes_state CHECK (state IN ('intended', 'issued', 'failed'));
