SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Grain: a member whom Shopify knows something of, or is to.
CREATE TABLE "loyalty_member_traces" (
    "shop_id" INTEGER NOT NULL,
    "member_id" BIGINT NOT NULL,
    -- To whom it was written. A merge may give the member to another customer.
    "customer_id" BIGINT NOT NULL,
    -- Entries and changes of tier up to these have been noted.
    "seen_sequence" INTEGER NOT NULL DEFAULT 0,
    "seen_change_no" INTEGER NOT NULL DEFAULT 0,
    -- The tier that Flow last heard of.
    "told_tier_id" TEXT,
    -- What Shopify has, by metafield; null for what it may have, since the answer is not known yet.
    "written" JSONB NOT NULL DEFAULT '{}',
    "tag" TEXT,
    "tag_state" TEXT,
    -- When it is to be looked at again; null while nothing will change by itself.
    "due_at" TIMESTAMPTZ(3),
    "problem" TEXT,

    CONSTRAINT "loyalty_member_traces_pkey" PRIMARY KEY ("shop_id","member_id"),
    CONSTRAINT "loyalty_member_traces_member_fkey" FOREIGN KEY ("shop_id","member_id") REFERENCES "loyalty_members"("shop_id","member_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "loyalty_member_traces_tag" CHECK ((tag IS NULL) = (tag_state IS NULL)),
    CONSTRAINT "loyalty_member_traces_tag_state" CHECK (tag_state IN ('sent', 'ours', 'theirs')),
    CONSTRAINT "loyalty_member_traces_problem" CHECK (problem IN ('gone', 'refused'))
);
CREATE INDEX "loyalty_member_traces_due" ON loyalty_member_traces (shop_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX "loyalty_member_traces_problem" ON loyalty_member_traces (shop_id, problem) WHERE problem IS NOT NULL;

-- Grain: one thing that Flow is told of, once. The key is that of the entry or of the change of tier.
CREATE TABLE "loyalty_flow_events" (
    "shop_id" INTEGER NOT NULL,
    "event_key" TEXT NOT NULL,
    "member_id" BIGINT NOT NULL,
    "trigger" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "redemption_id" UUID,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "noted_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "loyalty_flow_events_pkey" PRIMARY KEY ("shop_id","event_key"),
    CONSTRAINT "loyalty_flow_events_member_fkey" FOREIGN KEY ("shop_id","member_id") REFERENCES "loyalty_members"("shop_id","member_id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "loyalty_flow_events_trigger" CHECK (trigger IN ('points-earned', 'reward-redeemed', 'tier-changed')),
    CONSTRAINT "loyalty_flow_events_state" CHECK (state IN ('waiting', 'told', 'dropped')),
    CONSTRAINT "loyalty_flow_events_waiting" CHECK ((state = 'waiting') = (not_before IS NOT NULL) AND (state = 'waiting') = (settled_at IS NULL))
);
CREATE INDEX "loyalty_flow_events_waiting_at" ON loyalty_flow_events (shop_id, not_before) WHERE not_before IS NOT NULL;
CREATE INDEX "loyalty_flow_events_member" ON loyalty_flow_events (shop_id, member_id);
CREATE INDEX "loyalty_flow_events_settled" ON loyalty_flow_events (shop_id, settled_at) WHERE settled_at IS NOT NULL;

ALTER TABLE loyalty_member_traces ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty_member_traces FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON loyalty_member_traces TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
ALTER TABLE loyalty_flow_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty_flow_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON loyalty_flow_events TO perennial_app
  USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
  WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON loyalty_member_traces, loyalty_flow_events TO perennial_app;
