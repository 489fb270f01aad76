SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Since when a member earns nothing, until when, and who said so; of a member's rows the newest holds, and the member's
-- own row says the same. An order goes by what held when it was placed, so that one which is told of late, or again, comes
-- to the same points. Only ever added to.
CREATE TABLE "loyalty_exclusions" (
    "shop_id" INTEGER NOT NULL,
    "member_id" BIGINT NOT NULL,
    "change_no" INTEGER NOT NULL,
    "is_excluded" BOOLEAN NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    -- Shopify's number of the member of staff.
    "staff_id" TEXT,

    CONSTRAINT "loyalty_exclusions_pkey" PRIMARY KEY ("shop_id","member_id","change_no"),
    CONSTRAINT "loyalty_exclusions_member_fkey" FOREIGN KEY ("shop_id","member_id") REFERENCES "loyalty_members"("shop_id","member_id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TRIGGER loyalty_exclusions_stay BEFORE UPDATE OR DELETE ON loyalty_exclusions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE loyalty_exclusions ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty_exclusions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON loyalty_exclusions TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT ON loyalty_exclusions TO perennial_app;
