SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Who gets what with the next order: rules in an order, of which the first that fits counts. The conditions are one value,
-- always read and written whole.
CREATE TABLE "offer_rules" (
    "shop_id" INTEGER NOT NULL,
    "rule_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "is_enabled" BOOLEAN NOT NULL,
    "conditions" JSONB NOT NULL,
    "grant_kind" TEXT NOT NULL,
    "percent_basis_points" INTEGER,
    "amount_minor" BIGINT,
    "minimum_subtotal_minor" BIGINT NOT NULL,
    "currency" TEXT,
    "valid_days" INTEGER,
    "valid_hours" INTEGER,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "offer_rules_pkey" PRIMARY KEY ("shop_id","rule_id"),
    CONSTRAINT "offer_rules_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "offer_rules_grant" CHECK (CASE grant_kind
      WHEN 'percent' THEN percent_basis_points BETWEEN 100 AND 10000 AND amount_minor IS NULL
      WHEN 'amount' THEN amount_minor > 0 AND percent_basis_points IS NULL
      WHEN 'store-credit' THEN amount_minor > 0 AND percent_basis_points IS NULL
      WHEN 'free-shipping' THEN amount_minor IS NULL AND percent_basis_points IS NULL
      ELSE false END),
    CONSTRAINT "offer_rules_validity" CHECK (num_nonnulls(valid_days, valid_hours) = 1
      AND coalesce(valid_days, 1) BETWEEN 1 AND 365 AND coalesce(valid_hours, 1) BETWEEN 1 AND 168),
    CONSTRAINT "offer_rules_minimum" CHECK (minimum_subtotal_minor >= 0)
);
ALTER TABLE offer_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE offer_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON offer_rules TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON offer_rules TO perennial_app;
