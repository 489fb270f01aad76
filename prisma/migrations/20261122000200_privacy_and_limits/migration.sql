SET lock_timeout = '1s';

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

-- Counters of the rate limiter, of which a crash may lose all. Keys are hashes or shop ids.
CREATE UNLOGGED TABLE "rate_limits" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "rate_limits_expire" ON rate_limits (expire);
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO perennial_app;
