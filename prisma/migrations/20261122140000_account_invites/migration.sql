SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Whether shoppers are asked to make an account, and after how many days they are reminded of an invite.
CREATE TABLE "account_settings" (
    "shop_id" INTEGER NOT NULL,
    "is_enabled" BOOLEAN NOT NULL,
    "has_first_reminder" BOOLEAN NOT NULL,
    "has_second_reminder" BOOLEAN NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_settings_pkey" PRIMARY KEY ("shop_id"),
    CONSTRAINT "account_settings_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- A customer who wished for an invite to a legacy account: one wish in a customer's life, whichever order it came from.
CREATE TABLE "account_invites" (
    "shop_id" INTEGER NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "order_id" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "end_reason" TEXT,
    "wished_at" TIMESTAMPTZ(3) NOT NULL,
    "next_step" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "account_invites_pkey" PRIMARY KEY ("shop_id","customer_id"),
    CONSTRAINT "account_invites_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "account_invites_state" CHECK (state IN ('open', 'ended')),
    CONSTRAINT "account_invites_step" CHECK (next_step BETWEEN 0 AND 3),
    CONSTRAINT "account_invites_ended" CHECK (not_before IS NULL OR end_reason IS NULL)
);
-- The look for work of every third of a second reads these alone.
CREATE INDEX "account_invites_due" ON account_invites (not_before) WHERE not_before IS NOT NULL;

-- Each e-mail of an invite, on record before it is sent: 0 is the invite, 1 and 2 remind of it.
CREATE TABLE "account_invite_emails" (
    "shop_id" INTEGER NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "step" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "intended_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "account_invite_emails_pkey" PRIMARY KEY ("shop_id","customer_id","step"),
    CONSTRAINT "account_invite_emails_invite_fkey" FOREIGN KEY ("shop_id","customer_id") REFERENCES "account_invites"("shop_id","customer_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "account_invite_emails_step" CHECK (step >= 0),
    CONSTRAINT "account_invite_emails_state" CHECK (state IN ('intended', 'sent', 'refused', 'unknown'))
);

ALTER TABLE account_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON account_settings TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
ALTER TABLE account_invites ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_invites FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON account_invites TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
ALTER TABLE account_invite_emails ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_invite_emails FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON account_invite_emails TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON account_settings, account_invites, account_invite_emails TO perennial_app;

-- Which shops have an invite to send or to end. Beside due_work, so that either changes without the other.
CREATE POLICY registry ON account_invites FOR SELECT TO perennial_registry USING (true);
GRANT SELECT ON account_invites TO perennial_registry;
CREATE FUNCTION due_account_invites(p_now timestamptz) RETURNS TABLE (shop_id int, domain text, work text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
  SELECT s.shop_id, s.domain, 'account-invites'
  FROM (SELECT DISTINCT i.shop_id FROM account_invites i WHERE i.not_before <= p_now) d
  JOIN shops s ON s.shop_id = d.shop_id WHERE s.installed_at IS NOT NULL AND s.uninstalled_at IS NULL
$$;
GRANT CREATE ON SCHEMA public TO perennial_registry;
ALTER FUNCTION due_account_invites(timestamptz) OWNER TO perennial_registry;
REVOKE CREATE ON SCHEMA public FROM perennial_registry;
REVOKE ALL ON FUNCTION due_account_invites(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_account_invites(timestamptz) TO perennial_app;
