SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- The list of members is ordered by what they can spend, of a million of them, which nobody can add up for a page. The
-- sums stand beside the end of the member's chain and are written with it, in one statement; what decides stays the
-- postings. No release has written a ledger, so that there are no rows whose sums would have to be filled in.
ALTER TABLE "loyalty_members"
  ADD COLUMN "balance_points" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "pending_points" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "reserved_points" INTEGER NOT NULL DEFAULT 0;

-- The table is empty wherever this runs. What builds an index beside traffic cannot stand in a migration that is sent whole.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "loyalty_members_balance" ON loyalty_members (shop_id, balance_points, member_id) WHERE merged_into IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "loyalty_members_activity" ON loyalty_members (shop_id, (coalesce(last_activity_at, enrolled_at)), member_id) WHERE merged_into IS NULL;
