SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- As receive_webhook, for a caller who knows the shop's id and has sealed the body for it. One statement in the way of the
-- acknowledgement instead of two. A shop that was forgotten and came back has another id: then nothing is kept and
-- 'unknown-shop' says to look again.
CREATE FUNCTION receive_webhook_of(
  p_shop_id int, p_domain text, p_webhook_id text, p_event_id text, p_topic text, p_api_version text,
  p_triggered_at timestamptz, p_body_sealed bytea
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
BEGIN
  IF shop_id_of(p_domain) IS DISTINCT FROM p_shop_id THEN
    RETURN 'unknown-shop';
  END IF;
  INSERT INTO webhook_inbox (shop_id, webhook_id, event_id, topic, api_version, triggered_at, body_sealed)
  VALUES (p_shop_id, p_webhook_id, p_event_id, p_topic, p_api_version, p_triggered_at, p_body_sealed)
  ON CONFLICT (shop_id, webhook_id) DO NOTHING;
  RETURN CASE WHEN FOUND THEN 'stored' ELSE 'duplicate' END;
END
$$;

GRANT CREATE ON SCHEMA public TO perennial_registry;
ALTER FUNCTION receive_webhook_of(int, text, text, text, text, text, timestamptz, bytea) OWNER TO perennial_registry;
REVOKE CREATE ON SCHEMA public FROM perennial_registry;
REVOKE ALL ON FUNCTION receive_webhook_of(int, text, text, text, text, text, timestamptz, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION receive_webhook_of(int, text, text, text, text, text, timestamptz, bytea) TO perennial_app;
