SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Where a segment is written to in Shopify: a tag of its customers, or a metafield of the app's own. The segment is one
-- that the merchant saved, by its id, or a ready-made one, by its name. A native segment may stand on the tag.
CREATE TABLE "segment_targets" (
    "shop_id" INTEGER NOT NULL,
    "target_id" UUID NOT NULL,
    "segment_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "is_kept" BOOLEAN NOT NULL,
    "native_name" TEXT,
    "native_gid" TEXT,
    "native_asked_at" TIMESTAMPTZ(3),
    "native_problem" TEXT,
    "due_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "segment_targets_pkey" PRIMARY KEY ("shop_id","target_id"),
    CONSTRAINT "segment_targets_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "segment_targets_kind" CHECK (kind IN ('tag', 'metafield')),
    CONSTRAINT "segment_targets_name" CHECK (char_length(name) BETWEEN 1 AND 255),
    CONSTRAINT "segment_targets_native" CHECK (kind = 'tag' OR native_name IS NULL),
    CONSTRAINT "segment_targets_due" CHECK (is_kept OR due_at IS NULL)
);
-- Two segments under one tag would take it from each other's customers. Shopify's tags have no capitals of their own.
CREATE UNIQUE INDEX "segment_targets_name_once" ON segment_targets (shop_id, kind, lower(name));
CREATE UNIQUE INDEX "segment_targets_segment_once" ON segment_targets (shop_id, segment_key, kind);
-- The look for work of every third of a second reads these alone.
CREATE INDEX "segment_targets_due_at" ON segment_targets (due_at) WHERE due_at IS NOT NULL;

-- One run of writing, or of taking back what was written.
CREATE TABLE "segment_writes" (
    "shop_id" INTEGER NOT NULL,
    "write_id" UUID NOT NULL,
    "target_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "planned" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "removed" INTEGER NOT NULL DEFAULT 0,
    "left_alone" INTEGER NOT NULL DEFAULT 0,
    "gone" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "error_code" TEXT,
    "outages" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3) NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "advanced_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "segment_writes_pkey" PRIMARY KEY ("shop_id","write_id"),
    CONSTRAINT "segment_writes_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "segment_writes_target_fkey" FOREIGN KEY ("shop_id","target_id") REFERENCES "segment_targets"("shop_id","target_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "segment_writes_kind" CHECK (kind IN ('write', 'undo')),
    CONSTRAINT "segment_writes_cause" CHECK (cause IN ('asked', 'nightly')),
    CONSTRAINT "segment_writes_state" CHECK (state IN ('requested', 'writing', 'completed', 'cancelled', 'failed'))
);
CREATE UNIQUE INDEX "segment_writes_one_unfinished" ON segment_writes (shop_id, target_id) WHERE state IN ('requested', 'writing');
CREATE INDEX "segment_writes_waiting" ON segment_writes (not_before) WHERE state IN ('requested', 'writing');
CREATE INDEX "segment_writes_target" ON segment_writes (shop_id, target_id, requested_at);

-- What is meant for one customer of a target, and how far it has come; the rows that are ours are the list for undoing.
CREATE TABLE "segment_write_members" (
    "shop_id" INTEGER NOT NULL,
    "target_id" UUID NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "action" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "segment_write_members_pkey" PRIMARY KEY ("shop_id","target_id","customer_id"),
    CONSTRAINT "segment_write_members_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "segment_write_members_target_fkey" FOREIGN KEY ("shop_id","target_id") REFERENCES "segment_targets"("shop_id","target_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "segment_write_members_action" CHECK (action IN ('add', 'remove')),
    CONSTRAINT "segment_write_members_state" CHECK (state IN ('intended', 'sent', 'done', 'theirs', 'failed'))
);
-- What is left of a run, in the order of the customers' numbers.
CREATE INDEX "segment_write_members_open" ON segment_write_members (shop_id, target_id, customer_id) WHERE state IN ('intended', 'sent');
-- For a redaction, which knows the customer alone.
CREATE INDEX "segment_write_members_customer" ON segment_write_members (shop_id, customer_id);

ALTER TABLE segment_targets ENABLE ROW LEVEL SECURITY;
ALTER TABLE segment_targets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON segment_targets TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
ALTER TABLE segment_writes ENABLE ROW LEVEL SECURITY;
ALTER TABLE segment_writes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON segment_writes TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
ALTER TABLE segment_write_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE segment_write_members FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON segment_write_members TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON segment_targets, segment_writes, segment_write_members TO perennial_app;

-- Which shops have something to be written. Beside due_work, so that either changes without the other.
CREATE POLICY registry ON segment_targets FOR SELECT TO perennial_registry USING (true);
CREATE POLICY registry ON segment_writes FOR SELECT TO perennial_registry USING (true);
GRANT SELECT ON segment_targets, segment_writes TO perennial_registry;
CREATE FUNCTION due_segment_writes(p_now timestamptz) RETURNS TABLE (shop_id int, domain text, work text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
  SELECT s.shop_id, s.domain, 'segment-writes'
  FROM (
    SELECT w.shop_id FROM segment_writes w WHERE w.state IN ('requested', 'writing') AND w.not_before <= p_now
    UNION
    SELECT t.shop_id FROM segment_targets t WHERE t.due_at <= p_now
  ) d JOIN shops s ON s.shop_id = d.shop_id WHERE s.installed_at IS NOT NULL AND s.uninstalled_at IS NULL
$$;
GRANT CREATE ON SCHEMA public TO perennial_registry;
ALTER FUNCTION due_segment_writes(timestamptz) OWNER TO perennial_registry;
REVOKE CREATE ON SCHEMA public FROM perennial_registry;
REVOKE ALL ON FUNCTION due_segment_writes(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_segment_writes(timestamptz) TO perennial_app;
