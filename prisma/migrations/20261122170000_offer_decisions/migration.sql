SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- That an order's customer was to get a code, or was held out by chance so that it can be told what codes add. Made once;
-- whose it is stands in the order, so that merges and redactions need not come here.
CREATE TABLE "offer_decisions" (
    "shop_id" INTEGER NOT NULL,
    "order_id" BIGINT NOT NULL,
    "is_held_out" BOOLEAN NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "offer_decisions_pkey" PRIMARY KEY ("shop_id","order_id"),
    CONSTRAINT "offer_decisions_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE
);
ALTER TABLE offer_decisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE offer_decisions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON offer_decisions TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, DELETE ON offer_decisions TO perennial_app;
