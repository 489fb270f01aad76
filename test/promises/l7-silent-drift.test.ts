import { afterAll, beforeAll, expect } from 'vitest';

import { fillLedger } from '#test/support/loyalty/lively-ledger.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { promiseOf } from './promise.ts';

const ENTRY = '(shop_id, member_id, sequence) = (SELECT shop_id, member_id, sequence FROM loyalty_entries ORDER BY member_id, sequence LIMIT 1)';
const ANY_LOT = "(shop_id, member_id, sequence, posting_no) = (SELECT shop_id, member_id, sequence, posting_no FROM loyalty_postings WHERE account = 'customer' AND lot_no IS NOT NULL AND points > 10 ORDER BY 2, 3, 4 LIMIT 1)";
const MEMBER = 'member_id = (SELECT min(member_id) FROM loyalty_members WHERE last_sequence > 2)';
const REDEMPTION = `INSERT INTO loyalty_redemptions (shop_id, redemption_id, member_id, request_key, request_hash, reward_id, program_version, points, state, reserved_at, expires_at)
  SELECT shop_id, gen_random_uuid(), member_id, 'planted', '\\x00', 'r', 1, 10, 'issued', now(), now() FROM loyalty_members WHERE ${MEMBER}`;

/** By hand in the database, with every rule of the schema switched off. Each has to be found by the one named. */
const PLANTED: readonly (readonly [code: string, sql: string])[] = [
  ['entry-out-of-balance', `UPDATE loyalty_postings SET points = points + 1 WHERE ${ANY_LOT}`],
  ['entry-out-of-balance', `DELETE FROM loyalty_postings WHERE ${ANY_LOT}`],
  ['entry-out-of-balance', `DELETE FROM loyalty_postings WHERE ${ENTRY}`],
  ['posting-without-entry', `DELETE FROM loyalty_entries WHERE ${ENTRY}`],
  ['entry-doubled', `DROP INDEX loyalty_entries_key; UPDATE loyalty_entries SET entry_key = 'same' WHERE sequence < 3`],
  ['entry-without-source', "UPDATE loyalty_entries SET order_id = NULL WHERE kind = 'order'"],
  ['entry-without-source', "UPDATE loyalty_entries SET redemption_id = NULL WHERE kind = 'reserve'"],
  ['entries-and-chain-differ', `UPDATE loyalty_members SET last_sequence = last_sequence + 1 WHERE ${MEMBER}`],
  ['entries-and-chain-differ', 'DELETE FROM loyalty_entries e WHERE sequence = (SELECT max(sequence) FROM loyalty_entries WHERE member_id = e.member_id)'],
  ['lot-below-zero', `UPDATE loyalty_postings SET points = -points - 1 WHERE ${ANY_LOT}`],
  ['lot-opened-otherwise-than-once', 'UPDATE loyalty_postings SET matures_at = NULL WHERE lot_no = 1'],
  ['lot-opened-otherwise-than-once', 'UPDATE loyalty_postings SET matures_at = now() WHERE lot_no = 1'],
  ['debt-below-zero', "UPDATE loyalty_postings SET points = 1 WHERE account = 'customer' AND lot_no IS NULL"],
  ['debt-beside-points', `INSERT INTO loyalty_postings (shop_id, member_id, sequence, posting_no, account, points, lot_no) SELECT shop_id, member_id, 1, 50 + n, 'customer', CASE n WHEN 0 THEN -99999 ELSE 100000 END, CASE n WHEN 0 THEN NULL ELSE 1 END FROM loyalty_members, generate_series(0, 1) n WHERE ${MEMBER}`],
  ['order-took-more-than-it-gave', "UPDATE loyalty_postings p SET points = 1 FROM loyalty_entries e WHERE e.member_id = p.member_id AND e.sequence = p.sequence AND e.kind = 'order' AND p.account = 'issued'"],
  ['transfers-out-of-balance', "UPDATE loyalty_postings SET points = points + 1 WHERE account = 'transfer' AND points > 0"],
  ['sums-and-postings-differ', `UPDATE loyalty_members SET balance_points = balance_points + 1 WHERE ${MEMBER}`],
  ['sums-and-postings-differ', `UPDATE loyalty_members SET pending_points = 1 WHERE ${MEMBER}`],
  ['held-otherwise-than-redeemed', REDEMPTION],
  ['held-otherwise-than-redeemed', `UPDATE loyalty_postings SET account = 'reserved' WHERE ${ANY_LOT}`],
  ['months-and-entries-differ', 'UPDATE loyalty_months SET issued_points = issued_points + 1'],
  ['months-and-entries-differ', 'DELETE FROM loyalty_months WHERE month = (SELECT min(month) FROM loyalty_months)'],
  ['months-and-entries-differ', `UPDATE loyalty_entries SET recorded_at = recorded_at - interval '2 months' WHERE ${ENTRY}`],
  ['chain-broken', `UPDATE loyalty_entries SET occurred_at = occurred_at + interval '1 ms' WHERE ${ENTRY}`],
  ['chain-broken', `UPDATE loyalty_entries SET reason = reason || '{"code": "other"}' WHERE ${ENTRY}`],
  ['chain-broken', `UPDATE loyalty_postings SET expires_on = '2099-01-01' WHERE ${ANY_LOT}`],
  ['chain-broken', `UPDATE loyalty_members SET last_hash = '\\x${'00'.repeat(32)}' WHERE ${MEMBER}`],
];

let shop: LoyaltyShop;

beforeAll(async () => {
  shop = await openLoyaltyShop();
  await fillLedger(shop, { customers: 9, startMs: Date.UTC(2026, 2, 2, 10) });
  const { advanceMonths } = await import('#app/adapters/db/loyalty/months.repository.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const { pool, shop: ref } = shop.context;
  await withTenantConnection(pool, ref, (connection) => advanceMonths(connection, ref, { timeZone: 'Europe/Berlin', now: new Date(Date.UTC(2030, 0, 1)) }));
});

afterAll(() => shop.stop());

async function offences(): Promise<string[]> {
  const { checkLedger } = await import('#app/adapters/db/checks/check-ledger.server.ts');
  return (await checkLedger(shop.owner, shop.context.shop)).map(({ code }) => code);
}

promiseOf('L7', 'faults planted by hand', async () => {
  const untouched = await offences();
  const missed: string[] = [];
  for (const [code, sql] of PLANTED) {
    await shop.owner.query('BEGIN; SET LOCAL session_replication_role = replica');
    try {
      await shop.owner.query(sql);
      const found = await offences();
      if (!found.includes(code)) missed.push(`${code} (found ${found.join(', ')})`);
    } finally {
      await shop.owner.query('ROLLBACK');
    }
  }
  const { LEDGER_RULES } = await import('#app/adapters/db/checks/ledger-rules.ts');
  const codes = new Set(PLANTED.map(([code]) => code));
  expect(Object.keys(LEDGER_RULES).filter((code) => !codes.has(code))).toEqual([]);
  return {
    tried: `${PLANTED.length} planted faults`,
    measured: `${untouched.length} findings before, ${PLANTED.length - missed.length} of ${PLANTED.length} found in one check ${missed.join('; ')}`,
    isKept: untouched.length === 0 && missed.length === 0,
  };
});
