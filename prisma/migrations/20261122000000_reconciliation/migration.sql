SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- One comparison of our copy of the orders with Shopify's, through a bulk operation that lists them without lines.
CREATE TABLE "reconciliations" (
    "shop_id" INTEGER NOT NULL,
    "reconciliation_id" UUID NOT NULL,
    "cause" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "bulk_operation_id" TEXT,
    "window_from" TIMESTAMPTZ(3),
    "as_of" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "orders_compared" INTEGER NOT NULL DEFAULT 0,
    "differences_found" INTEGER NOT NULL DEFAULT 0,
    "differences_repaired" INTEGER NOT NULL DEFAULT 0,
    "subscriptions_made" INTEGER NOT NULL DEFAULT 0,
    "error_code" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "reconciliations_pkey" PRIMARY KEY ("shop_id","reconciliation_id"),
    CONSTRAINT "reconciliations_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "reconciliations_cause" CHECK (cause IN ('nightly', 'asked', 'stale', 'lost-webhook')),
    CONSTRAINT "reconciliations_scope" CHECK (scope IN ('recent', 'all')),
    CONSTRAINT "reconciliations_state" CHECK (state IN ('requested', 'running', 'comparing', 'repairing', 'completed', 'failed', 'cancelled'))
);
CREATE UNIQUE INDEX "reconciliations_one_unfinished" ON reconciliations (shop_id)
  WHERE state IN ('requested', 'running', 'comparing', 'repairing');

-- Grain: a day of the shop's calendar. Ours and Shopify's number of orders and the sum of their current totals.
CREATE TABLE "reconciliation_days" (
    "shop_id" INTEGER NOT NULL,
    "reconciliation_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "our_orders" INTEGER NOT NULL,
    "their_orders" INTEGER NOT NULL,
    "our_total_minor" BIGINT NOT NULL,
    "their_total_minor" BIGINT NOT NULL,

    CONSTRAINT "reconciliation_days_pkey" PRIMARY KEY ("shop_id","reconciliation_id","day"),
    CONSTRAINT "reconciliation_days_reconciliation_fkey" FOREIGN KEY ("shop_id","reconciliation_id") REFERENCES "reconciliations"("shop_id","reconciliation_id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- Grain: an order that differed, with why and what was done.
CREATE TABLE "reconciliation_differences" (
    "shop_id" INTEGER NOT NULL,
    "reconciliation_id" UUID NOT NULL,
    "order_id" BIGINT NOT NULL,
    "day" DATE NOT NULL,
    "cause" TEXT NOT NULL,
    "our_updated_at" TIMESTAMPTZ(3),
    "their_updated_at" TIMESTAMPTZ(3),
    "our_total_minor" BIGINT,
    "their_total_minor" BIGINT,
    "our_fingerprint" TEXT,
    "outcome" TEXT NOT NULL DEFAULT 'open',
    "repaired_at" TIMESTAMPTZ(3),

    CONSTRAINT "reconciliation_differences_pkey" PRIMARY KEY ("shop_id","reconciliation_id","order_id"),
    CONSTRAINT "reconciliation_differences_reconciliation_fkey" FOREIGN KEY ("shop_id","reconciliation_id") REFERENCES "reconciliations"("shop_id","reconciliation_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "reconciliation_differences_cause" CHECK (cause IN ('missing', 'outdated', 'unequal', 'gone')),
    CONSTRAINT "reconciliation_differences_outcome" CHECK (outcome IN ('open', 'repaired', 'unchanged', 'failed'))
);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['reconciliations', 'reconciliation_days', 'reconciliation_differences'] LOOP
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
