SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- A member's points are read from one range of one index: the primary key's, which carries the whole posting. Before,
-- every posting that was added had two indexes to go into, and the one for balances did not know when lots mature and end,
-- so that reading them went to as many pages of the table as a member has postings. No release has written a ledger: the
-- table is empty wherever this runs.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX "loyalty_postings_whole" ON loyalty_postings (shop_id, member_id, sequence, posting_no)
  INCLUDE (account, points, lot_no, matures_at, expires_on, lot_order_id);
ALTER TABLE "loyalty_postings" DROP CONSTRAINT "loyalty_postings_pkey",
  ADD CONSTRAINT "loyalty_postings_pkey" PRIMARY KEY USING INDEX "loyalty_postings_whole";
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX "loyalty_postings_balance";
