SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Segments that the merchant has saved: rules, as the query of an address writes them, and no list of customers. Who
-- belongs is computed when it is asked for.
CREATE TABLE "segments" (
    "shop_id" INTEGER NOT NULL,
    "segment_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "segments_pkey" PRIMARY KEY ("shop_id","segment_id"),
    CONSTRAINT "segments_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "segments_name" CHECK (char_length(name) BETWEEN 1 AND 80),
    CONSTRAINT "segments_query" CHECK (char_length(query) BETWEEN 1 AND 4000)
);
-- Names that differ in capitals alone would be taken for each other.
CREATE UNIQUE INDEX "segments_name_once" ON segments (shop_id, lower(name));
ALTER TABLE segments ENABLE ROW LEVEL SECURITY;
ALTER TABLE segments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON segments TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON segments TO perennial_app;
