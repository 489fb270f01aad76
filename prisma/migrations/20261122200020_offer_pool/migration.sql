SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Codes made ahead, so that a thank-you page never waits for one. A row is the intent before Shopify has the code; which
-- order took it stands in offer_codes, where the code is unique too.
CREATE TABLE "offer_pool_codes" (
    "shop_id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "discount_key" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "intended_at" TIMESTAMPTZ(3) NOT NULL,
    "added_at" TIMESTAMPTZ(3),
    "taken_at" TIMESTAMPTZ(3),

    CONSTRAINT "offer_pool_codes_pkey" PRIMARY KEY ("shop_id","code"),
    CONSTRAINT "offer_pool_codes_discount_fkey" FOREIGN KEY ("shop_id","discount_key") REFERENCES "offer_discounts"("shop_id","discount_key") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "offer_pool_codes_state" CHECK (state IN ('intended', 'added', 'taken', 'failed'))
);
CREATE INDEX "offer_pool_codes_free" ON "offer_pool_codes"("shop_id", "discount_key", "intended_at") WHERE state IN ('intended', 'added');
ALTER TABLE offer_pool_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE offer_pool_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON offer_pool_codes TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON offer_pool_codes TO perennial_app;
