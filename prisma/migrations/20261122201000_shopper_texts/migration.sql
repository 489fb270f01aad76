SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- What a merchant wrote instead of our words, on one surface in one of the languages of shoppers. A key without a row has
-- our own. The words of one surface and language are read together, by the beginning of the primary key.
CREATE TABLE "shopper_texts" (
    "shop_id" INTEGER NOT NULL,
    "surface" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "text_key" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "shopper_texts_pkey" PRIMARY KEY ("shop_id","surface","locale","text_key"),
    CONSTRAINT "shopper_texts_lengths" CHECK (char_length(words) BETWEEN 1 AND 300 AND char_length(text_key) <= 100),
    CONSTRAINT "shopper_texts_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE
);
ALTER TABLE shopper_texts ENABLE ROW LEVEL SECURITY;
ALTER TABLE shopper_texts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON shopper_texts TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON shopper_texts TO perennial_app;
