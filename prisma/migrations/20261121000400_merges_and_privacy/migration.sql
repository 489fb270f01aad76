-- Whom the orders of a merged customer belong to: a file or an answer from before the merge still names the one that
-- went. A tenant table like those of the migration that made them.
CREATE TABLE "customer_merges" (
    "shop_id" INTEGER NOT NULL,
    "removed_hash" BYTEA NOT NULL,
    "kept_customer_id" BIGINT NOT NULL,
    "merged_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customer_merges_pkey" PRIMARY KEY ("shop_id","removed_hash")
);
ALTER TABLE "customer_merges" ADD CONSTRAINT "customer_merges_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE customer_merges ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_merges FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customer_merges TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON customer_merges TO perennial_app;

-- customer: redacted, so the orders go under a pseudonym. deleted-customer: deleted or merged away, so the record stays
-- away and the orders keep what Shopify says of them. order: deleted. redacted-order: kept without what names a person.
ALTER TABLE tombstones DROP CONSTRAINT tombstones_kind;
ALTER TABLE tombstones ADD CONSTRAINT tombstones_kind
  CHECK (kind IN ('customer', 'deleted-customer', 'order', 'redacted-order'));

-- Attempts that Shopify did not let happen are counted apart from those that failed.
ALTER TABLE webhook_inbox ADD COLUMN outages INTEGER NOT NULL DEFAULT 0;
-- Handled rows are swept by age.
CREATE INDEX webhook_inbox_handled ON webhook_inbox (shop_id, handled_at) WHERE state = 'handled';

-- Nothing ever wrote the request; the hash lets a redaction find the answers.
ALTER TABLE privacy_requests DROP COLUMN request_sealed, ADD COLUMN customer_hash BYTEA;
