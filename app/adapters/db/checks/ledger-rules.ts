/**
 * What must hold of a shop's points, each as a query for what offends, as INVARIANT_RULES: `$1` is the shop. What a row
 * says by itself is not told here but by the hashes that chain the entries (verify-chains.server.ts).
 */
export const LEDGER_RULES: Readonly<Record<string, string>> = {
  'entry-out-of-balance': `
    SELECT e.member_id || ' ' || e.sequence AS id FROM loyalty_entries e LEFT JOIN loyalty_postings p USING (shop_id, member_id, sequence)
    WHERE e.shop_id = $1 GROUP BY e.member_id, e.sequence HAVING coalesce(sum(p.points), 1) <> 0 OR count(p.points) < 2`,
  'posting-without-entry': `
    SELECT p.member_id || ' ' || p.sequence AS id FROM loyalty_postings p LEFT JOIN loyalty_entries e USING (shop_id, member_id, sequence)
    WHERE p.shop_id = $1 AND e.shop_id IS NULL`,
  'entry-doubled': 'SELECT entry_key AS id FROM loyalty_entries WHERE shop_id = $1 GROUP BY entry_key HAVING count(*) > 1',
  'entry-without-source': `
    SELECT entry_key AS id FROM loyalty_entries
    WHERE shop_id = $1 AND ((kind = 'order' AND (order_id IS NULL OR program_version IS NULL))
      OR (kind IN ('reserve', 'capture', 'release', 'return') AND redemption_id IS NULL))`,
  'entries-and-chain-differ': `
    SELECT m.member_id::text AS id FROM loyalty_members m LEFT JOIN loyalty_entries e USING (shop_id, member_id)
    WHERE m.shop_id = $1 GROUP BY m.member_id, m.last_sequence HAVING count(e.sequence) <> m.last_sequence OR coalesce(max(e.sequence), 0) <> m.last_sequence`,
  'lot-below-zero': `
    SELECT member_id || ' ' || lot_no AS id FROM loyalty_postings
    WHERE shop_id = $1 AND lot_no IS NOT NULL GROUP BY member_id, lot_no, account HAVING sum(points) < 0`,
  'lot-opened-otherwise-than-once': `
    SELECT member_id || ' ' || lot_no AS id FROM loyalty_postings
    WHERE shop_id = $1 AND lot_no IS NOT NULL GROUP BY member_id, lot_no HAVING count(matures_at) <> 1`,
  'debt-below-zero': `
    SELECT member_id::text AS id FROM loyalty_postings
    WHERE shop_id = $1 AND account = 'customer' AND lot_no IS NULL GROUP BY member_id HAVING sum(points) > 0`,
  'debt-beside-points': `
    SELECT member_id::text AS id FROM loyalty_postings
    WHERE shop_id = $1 AND account = 'customer' GROUP BY member_id
    HAVING coalesce(sum(points) FILTER (WHERE lot_no IS NULL), 0) < 0 AND coalesce(sum(points) FILTER (WHERE lot_no IS NOT NULL), 0) > 0`,
  'order-took-more-than-it-gave': `
    SELECT e.order_id::text AS id FROM loyalty_entries e JOIN loyalty_postings p USING (shop_id, member_id, sequence)
    WHERE e.shop_id = $1 AND e.kind = 'order' AND p.account = 'issued' GROUP BY e.order_id HAVING sum(p.points) > 0`,
  'transfers-out-of-balance': `
    SELECT s.domain AS id FROM loyalty_postings p JOIN shops s USING (shop_id)
    WHERE p.shop_id = $1 AND p.account = 'transfer' GROUP BY s.domain HAVING sum(p.points) <> 0`,
  'sums-and-postings-differ': `
    SELECT m.member_id::text AS id FROM loyalty_members m LEFT JOIN loyalty_postings p USING (shop_id, member_id)
    WHERE m.shop_id = $1 GROUP BY m.member_id, m.balance_points, m.pending_points, m.reserved_points
    HAVING coalesce(sum(p.points) FILTER (WHERE account = 'customer'), 0) <> m.balance_points
      OR coalesce(sum(p.points) FILTER (WHERE account = 'pending'), 0) <> m.pending_points
      OR coalesce(sum(p.points) FILTER (WHERE account = 'reserved'), 0) <> m.reserved_points`,
  'held-otherwise-than-redeemed': `
    SELECT h.member_id::text AS id FROM (
      SELECT member_id, sum(points) AS points FROM loyalty_postings WHERE shop_id = $1 AND account = 'reserved' GROUP BY member_id
    ) h FULL JOIN (
      SELECT member_id, sum(points) AS points FROM loyalty_redemptions
      WHERE shop_id = $1 AND state IN ('reserved', 'issued', 'releasing') GROUP BY member_id
    ) r USING (member_id) WHERE coalesce(h.points, 0) <> coalesce(r.points, 0)`,
  'months-and-entries-differ': `
    SELECT coalesce(l.month, s.month)::text AS id FROM (
      SELECT date_trunc('month', e.recorded_at AT TIME ZONE a.summed_zone)::date AS month,
        coalesce(-sum(p.points) FILTER (WHERE p.account = 'issued'), 0) AS issued, coalesce(sum(p.points) FILTER (WHERE p.account = 'redeemed'), 0) AS redeemed,
        coalesce(sum(p.points) FILTER (WHERE p.account = 'expired'), 0) AS expired, coalesce(-sum(p.points) FILTER (WHERE p.account = 'adjustment'), 0) AS adjusted
      FROM loyalty_audits a JOIN loyalty_entries e ON e.shop_id = a.shop_id AND e.recorded_at <= a.summed_through
      JOIN loyalty_postings p ON p.shop_id = e.shop_id AND p.member_id = e.member_id AND p.sequence = e.sequence WHERE a.shop_id = $1 GROUP BY 1
    ) l FULL JOIN (
      SELECT m.* FROM loyalty_months m JOIN loyalty_audits a USING (shop_id) WHERE m.shop_id = $1 AND a.summed_through IS NOT NULL
    ) s USING (month)
    WHERE (coalesce(l.issued, 0), coalesce(l.redeemed, 0), coalesce(l.expired, 0), coalesce(l.adjusted, 0))
      <> (coalesce(s.issued_points, 0), coalesce(s.redeemed_points, 0), coalesce(s.expired_points, 0), coalesce(s.adjusted_points, 0))`,
};

/** Of these, what is so of all members together, and cannot be said of some of them. */
export const RULES_ACROSS_MEMBERS: ReadonlySet<string> = new Set([
  'entry-doubled',
  'order-took-more-than-it-gave',
  'transfers-out-of-balance',
  'months-and-entries-differ',
]);
