SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Points that came and went, by the month at the shop in which they were entered: sums of the ledger that a page reads
-- instead of all of it. They are made of the entries and can be made again at any time; what counts stays the entries,
-- and the check of the ledger compares the two.
CREATE TABLE "loyalty_months" (
    "shop_id" INTEGER NOT NULL,
    -- Its first day.
    "month" DATE NOT NULL,
    "issued_points" BIGINT NOT NULL,
    "redeemed_points" BIGINT NOT NULL,
    "expired_points" BIGINT NOT NULL,
    "adjusted_points" BIGINT NOT NULL,

    CONSTRAINT "loyalty_months_pkey" PRIMARY KEY ("shop_id","month"),
    CONSTRAINT "loyalty_months_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- How far the worker has gone through the shop's ledger: in adding it up, and in checking it.
CREATE TABLE "loyalty_audits" (
    "shop_id" INTEGER NOT NULL,
    -- Entries recorded up to then are in loyalty_months; null before the first.
    "summed_through" TIMESTAMPTZ(3),
    -- By whose days; another zone makes all sums anew.
    "summed_zone" TEXT,
    -- The pass that is under way: members up to this one have been checked since it began.
    "checked_member_id" BIGINT NOT NULL DEFAULT 0,
    -- Entries recorded up to then were checked when they were new.
    "checked_through" TIMESTAMPTZ(3),
    "pass_began_at" TIMESTAMPTZ(3),
    -- When the last one that went through all members began.
    "passed_at" TIMESTAMPTZ(3),

    CONSTRAINT "loyalty_audits_pkey" PRIMARY KEY ("shop_id"),
    CONSTRAINT "loyalty_audits_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE
);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['loyalty_months', 'loyalty_audits']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO perennial_app
         USING (shop_id = nullif(current_setting(''app.shop_id'', true), '''')::int)
         WITH CHECK (shop_id = nullif(current_setting(''app.shop_id'', true), '''')::int)', tenant_table);
  END LOOP;
END
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON loyalty_months, loyalty_audits TO perennial_app;
