SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Store credit given for an order instead of a code. One an order, for ever; the row is the intent. Whose it is stands in
-- the order, so that merges and redactions need not come here.
CREATE TABLE "offer_credits" (
    "shop_id" INTEGER NOT NULL,
    "order_id" BIGINT NOT NULL,
    "rule_id" UUID NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3) NOT NULL,
    "transaction_gid" TEXT,
    "last_error" TEXT,
    "intended_at" TIMESTAMPTZ(3) NOT NULL,
    "given_at" TIMESTAMPTZ(3),

    CONSTRAINT "offer_credits_pkey" PRIMARY KEY ("shop_id","order_id"),
    CONSTRAINT "offer_credits_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "offer_credits_state" CHECK (state IN ('intended', 'given', 'failed')),
    CONSTRAINT "offer_credits_amount" CHECK (amount_minor > 0)
);
CREATE INDEX "offer_credits_due" ON "offer_credits"("shop_id", "not_before") WHERE state = 'intended';
ALTER TABLE offer_credits ENABLE ROW LEVEL SECURITY;
ALTER TABLE offer_credits FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON offer_credits TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON offer_credits TO perennial_app;
