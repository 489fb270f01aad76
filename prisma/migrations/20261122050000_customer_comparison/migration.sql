SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- A comparison holds the orders against Shopify's list of them, then the customers against theirs. `resource`: whom its
-- state is about. The customers' operation stands in a column of its own, since the version before would read their list
-- as one of orders. `customers_compared`: null where they were not.
ALTER TABLE reconciliations ADD COLUMN resource TEXT NOT NULL DEFAULT 'orders';
ALTER TABLE reconciliations ADD COLUMN customers_list_id TEXT;
ALTER TABLE reconciliations ADD COLUMN customers_compared INTEGER;

-- Grain: a customer who differed, with why and what was done. Goes when the customer is redacted.
CREATE TABLE "reconciliation_customer_differences" (
    "shop_id" INTEGER NOT NULL,
    "reconciliation_id" UUID NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "cause" TEXT NOT NULL,
    "our_updated_at" TIMESTAMPTZ(3),
    "their_updated_at" TIMESTAMPTZ(3),
    "our_fingerprint" TEXT,
    "outcome" TEXT NOT NULL DEFAULT 'open',
    "repaired_at" TIMESTAMPTZ(3),

    CONSTRAINT "reconciliation_customer_differences_pkey" PRIMARY KEY ("shop_id","reconciliation_id","customer_id"),
    CONSTRAINT "reconciliation_customer_differences_reconciliation_fkey" FOREIGN KEY ("shop_id","reconciliation_id") REFERENCES "reconciliations"("shop_id","reconciliation_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "reconciliation_customer_differences_cause" CHECK (cause IN ('missing', 'outdated', 'unequal', 'gone')),
    CONSTRAINT "reconciliation_customer_differences_outcome" CHECK (outcome IN ('open', 'repaired', 'unchanged', 'failed'))
);
ALTER TABLE reconciliation_customer_differences ENABLE ROW LEVEL SECURITY;
ALTER TABLE reconciliation_customer_differences FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reconciliation_customer_differences TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON reconciliation_customer_differences TO perennial_app;
