SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Webhooks of one shop that came at the same time are kept together: one transaction and one flush for all of them, where
-- a burst had one for each. Answers with the ids that were not there before; null says 'unknown-shop', as in
-- receive_webhook_of, which stays for the release before this one. In one order for all, so that two who bring the same
-- ones wait for each other and never in a ring.
CREATE FUNCTION receive_webhooks_of(
  p_shop_id int, p_domain text, p_webhook_ids text[], p_event_ids text[], p_topics text[], p_api_versions text[],
  p_triggered_at timestamptz[], p_bodies_sealed bytea[]
) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
DECLARE
  v_stored text[];
BEGIN
  IF shop_id_of(p_domain) IS DISTINCT FROM p_shop_id THEN
    RETURN NULL;
  END IF;
  WITH kept AS (
    INSERT INTO webhook_inbox AS i (shop_id, webhook_id, event_id, topic, api_version, triggered_at, body_sealed)
    SELECT p_shop_id, w.webhook_id, w.event_id, w.topic, w.api_version, w.triggered_at, w.body_sealed
    FROM unnest(p_webhook_ids, p_event_ids, p_topics, p_api_versions, p_triggered_at, p_bodies_sealed)
      AS w (webhook_id, event_id, topic, api_version, triggered_at, body_sealed)
    ORDER BY w.webhook_id
    ON CONFLICT (shop_id, webhook_id) DO NOTHING
    RETURNING i.webhook_id
  )
  SELECT coalesce(array_agg(kept.webhook_id), '{}') INTO v_stored FROM kept;
  RETURN v_stored;
END
$$;

GRANT CREATE ON SCHEMA public TO perennial_registry;
ALTER FUNCTION receive_webhooks_of(int, text, text[], text[], text[], text[], timestamptz[], bytea[]) OWNER TO perennial_registry;
REVOKE CREATE ON SCHEMA public FROM perennial_registry;
REVOKE ALL ON FUNCTION receive_webhooks_of(int, text, text[], text[], text[], text[], timestamptz[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION receive_webhooks_of(int, text, text[], text[], text[], text[], timestamptz[], bytea[]) TO perennial_app;
