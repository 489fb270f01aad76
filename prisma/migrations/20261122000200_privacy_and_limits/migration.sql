SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Who read or handed out personal data, of whom and why. The subject is a keyed hash: the log must not be a list of
-- the people that it protects.
CREATE TABLE "personal_data_accesses" (
    "shop_id" INTEGER NOT NULL,
    "access_id" UUID NOT NULL,
    "accessed_at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_hash" BYTEA,
    "records" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "personal_data_accesses_pkey" PRIMARY KEY ("shop_id","access_id"),
    CONSTRAINT "personal_data_accesses_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "personal_data_accesses_when" ON personal_data_accesses (shop_id, accessed_at);
ALTER TABLE personal_data_accesses ENABLE ROW LEVEL SECURITY;
ALTER TABLE personal_data_accesses FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON personal_data_accesses TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
-- Written once, read, and swept by age; never changed.
GRANT SELECT, INSERT, DELETE ON personal_data_accesses TO perennial_app;

-- Shops that shop/redact deleted, as keyed hashes of their domains, so that a restored backup does not bring one back.
-- Of no shop's rows; a shop that installs again begins anew and keeps its entry.
CREATE TABLE "forgotten_shops" (
    "domain_hash" BYTEA NOT NULL,
    "forgotten_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "forgotten_shops_pkey" PRIMARY KEY ("domain_hash")
);
GRANT SELECT, INSERT, UPDATE ON forgotten_shops TO perennial_app;

-- One row: a fingerprint of the key behind every keyed hash (tombstones, pseudonyms, codes). A process whose key makes
-- another one does not start, for it would find nobody buried. Of no shop.
CREATE TABLE "hash_key_fingerprint" (
    "is_the_only_row" BOOLEAN NOT NULL DEFAULT true,
    "fingerprint" BYTEA NOT NULL,
    "noted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "hash_key_fingerprint_pkey" PRIMARY KEY ("is_the_only_row"),
    CONSTRAINT "hash_key_fingerprint_only_row" CHECK (is_the_only_row)
);
GRANT SELECT, INSERT ON hash_key_fingerprint TO perennial_app;

-- Every shop that there is a row of, also those that left: keys are changed and tombstones replayed for all of them.
CREATE FUNCTION known_shops() RETURNS TABLE (shop_id int, domain text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$ SELECT s.shop_id, s.domain FROM shops s ORDER BY s.shop_id $$;
GRANT CREATE ON SCHEMA public TO perennial_registry;
ALTER FUNCTION known_shops() OWNER TO perennial_registry;
REVOKE CREATE ON SCHEMA public FROM perennial_registry;
REVOKE ALL ON FUNCTION known_shops() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION known_shops() TO perennial_app;

-- Counters of the rate limiter, of which a crash may lose all. Keys are hashes or shop ids.
CREATE UNLOGGED TABLE "rate_limits" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "rate_limits_expire" ON rate_limits (expire);
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO perennial_app;
