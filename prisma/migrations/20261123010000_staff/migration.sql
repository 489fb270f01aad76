SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Members of a store's staff, as Shopify told of them when they opened a page that asks: what they are called and whether
-- they own the store. Their e-mail addresses and the token that brought it are nowhere kept.
CREATE TABLE "staff_members" (
    "shop_id" INTEGER NOT NULL,
    -- Shopify's number of the member of staff.
    "staff_id" TEXT NOT NULL,
    "name_sealed" BYTEA NOT NULL,
    "is_owner" BOOLEAN NOT NULL,
    "is_collaborator" BOOLEAN NOT NULL,
    -- When Shopify last told.
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    -- Since when Shopify knows them no more; null while it does.
    "refused_at" TIMESTAMPTZ(3),

    CONSTRAINT "staff_members_pkey" PRIMARY KEY ("shop_id","staff_id"),
    CONSTRAINT "staff_members_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE
);
-- A store has one owner.
CREATE UNIQUE INDEX "staff_members_owner" ON staff_members (shop_id) WHERE is_owner;

ALTER TABLE staff_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_members FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON staff_members TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_members TO perennial_app;

-- Who may adjust points by hand and up to how many, and who may change that, as it was set one after another: of each
-- subject the newest row holds. Only ever added to.
CREATE TABLE "staff_permission_changes" (
    "shop_id" INTEGER NOT NULL,
    "change_no" INTEGER NOT NULL,
    -- Shopify's number of a member of staff, or 'others' for everyone of whom nothing is set.
    "subject" TEXT NOT NULL,
    "adjusting" TEXT NOT NULL,
    "most_points" INTEGER,
    "may_change_list" BOOLEAN NOT NULL,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    -- Of the filled form that asked for it: sent again, it changes nothing.
    "form_key" UUID NOT NULL,

    CONSTRAINT "staff_permission_changes_pkey" PRIMARY KEY ("shop_id","change_no"),
    CONSTRAINT "staff_permission_changes_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "staff_permission_changes_adjusting" CHECK (adjusting IN ('as-others', 'shop-limit', 'up-to', 'none')),
    CONSTRAINT "staff_permission_changes_points" CHECK ((adjusting = 'up-to') = (most_points IS NOT NULL) AND coalesce(most_points, 1) > 0),
    CONSTRAINT "staff_permission_changes_others" CHECK (subject <> 'others' OR (adjusting <> 'as-others' AND NOT may_change_list))
);
CREATE UNIQUE INDEX "staff_permission_changes_form" ON staff_permission_changes (shop_id, form_key, subject);
CREATE TRIGGER staff_permission_changes_stay BEFORE UPDATE OR DELETE ON staff_permission_changes
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE staff_permission_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_permission_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON staff_permission_changes TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT ON staff_permission_changes TO perennial_app;
