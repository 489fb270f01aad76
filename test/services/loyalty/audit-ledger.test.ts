import { afterAll, beforeAll, expect, it } from 'vitest';

import type { MovedInMonth } from '#app/domain/loyalty/members/liability.ts';
import type { LedgerOffence } from '#app/services/loyalty/audit-ledger.server.ts';
import { fillLedger } from '#test/support/loyalty/lively-ledger.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';

const START_MS = Date.UTC(2026, 2, 2, 10);
const HOUR_MS = 3_600_000;
const BERLIN = 'Europe/Berlin';
const CUSTOMERS = 12;
/** As in a shop whose ledger is too large to be checked whole. */
const IN_TURNS = { wholeUpToEntries: 0, turnsAPass: 4, membersAStatement: 2 };

let shop: LoyaltyShop;
let turns = 0;

beforeAll(async () => {
  shop = await openLoyaltyShop();
  await fillLedger(shop, { customers: CUSTOMERS, startMs: START_MS });
});

afterAll(() => shop.stop());

/** An hour later, each time. */
async function audit({ timeZone = BERLIN, inTurns = false } = {}): Promise<string[]> {
  const { auditLedger } = await import('#app/services/loyalty/audit-ledger.server.ts');
  turns += 1;
  const input = { timeZone, now: new Date(shop.context.now().getTime() + turns * HOUR_MS) };
  const offences: LedgerOffence[] = await (inTurns ? auditLedger(shop.context, input, IN_TURNS) : auditLedger(shop.context, input));
  return offences.map(({ code }) => code);
}

async function monthsOfPage(timeZone = BERLIN): Promise<MovedInMonth[]> {
  const { loadPointsMoved } = await import('#app/adapters/db/sql/loyalty-liability.server.ts');
  const { withTenantSnapshot } = await import('#app/adapters/db/tenant.server.ts');
  return withTenantSnapshot(shop.context.pool, shop.context.shop, (connection) => loadPointsMoved(connection, shop.context.shop, timeZone));
}

/** The same from the entries alone, whatever sums there are. */
async function monthsOfLedger(timeZone = BERLIN): Promise<MovedInMonth[]> {
  await shop.owner.query('CREATE TABLE audits_aside AS SELECT * FROM loyalty_audits');
  await shop.owner.query('UPDATE loyalty_audits SET summed_through = NULL');
  const months = await monthsOfPage(timeZone);
  await shop.owner.query('UPDATE loyalty_audits a SET summed_through = s.summed_through FROM audits_aside s WHERE s.shop_id = a.shop_id');
  await shop.owner.query('DROP TABLE audits_aside');
  return months;
}

/** By somebody who may do anything in the database. */
async function tamper(sql: string): Promise<void> {
  await shop.owner.query("SET session_replication_role = 'replica'");
  await shop.owner.query(sql);
  await shop.owner.query("SET session_replication_role = 'origin'");
}

/** How many rows the page reads of the ledger itself. */
async function countSinceSums(): Promise<number> {
  const { rows } = await shop.owner.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM loyalty_entries WHERE recorded_at > coalesce((SELECT summed_through FROM loyalty_audits), $1)',
    ['-infinity'],
  );
  return rows[0]?.n ?? 0;
}

it('the months of the liability page are those of the ledger, before there are sums, beside them and after new entries', async () => {
  const before = await monthsOfPage();
  expect(before.length).toBeGreaterThan(0);
  expect(await audit()).toEqual([]);
  expect(await countSinceSums()).toBe(0);
  expect(await monthsOfPage()).toEqual(before);
  shop.setClock(new Date(shop.context.now().getTime() + 40 * 24 * HOUR_MS));
  await shop.putOrder({ orderId: 77, customerId: 5, processedAt: shop.context.now(), lines: [{ lineId: 1, totalMinor: 50_00 }] });
  await shop.award();
  expect(await countSinceSums()).toBeGreaterThan(0);
  const after = await monthsOfLedger();
  expect(after.length).toBeGreaterThan(before.length);
  expect(await monthsOfPage()).toEqual(after);
  expect(await audit()).toEqual([]);
  expect(await countSinceSums()).toBe(0);
  expect(await monthsOfPage()).toEqual(after);
});

it('what was recorded within the hour is left for the next turn, since more of that hour may be on its way', async () => {
  shop.setClock(new Date(shop.context.now().getTime() + 24 * HOUR_MS));
  turns = 0;
  await shop.putOrder({ orderId: 78, customerId: 5, processedAt: shop.context.now(), lines: [{ lineId: 1, totalMinor: 50_00 }] });
  await shop.award();
  const { auditLedger } = await import('#app/services/loyalty/audit-ledger.server.ts');
  await auditLedger(shop.context, { timeZone: BERLIN, now: new Date(shop.context.now().getTime() + HOUR_MS - 1) });
  expect(await countSinceSums()).toBe(1);
  await auditLedger(shop.context, { timeZone: BERLIN, now: new Date(shop.context.now().getTime() + HOUR_MS) });
  expect(await countSinceSums()).toBe(0);
  expect(await monthsOfPage()).toEqual(await monthsOfLedger());
});

it('a shop that moves to another zone has its months by that zone’s days', async () => {
  const kiritimati = 'Pacific/Kiritimati';
  await shop.owner.query('CREATE TABLE recorded_aside AS SELECT member_id, recorded_at FROM loyalty_entries WHERE sequence = 1');
  await tamper("UPDATE loyalty_entries SET recorded_at = '2026-03-31T20:00:00Z' WHERE sequence = 1");
  const there = await monthsOfPage(kiritimati);
  expect(there).not.toEqual(await monthsOfPage());
  await audit({ timeZone: kiritimati });
  expect(await monthsOfPage(kiritimati)).toEqual(there);
  // Nobody is told another zone's sums.
  expect(await monthsOfPage()).toEqual(await monthsOfLedger());
  await tamper('UPDATE loyalty_entries e SET recorded_at = a.recorded_at FROM recorded_aside a WHERE a.member_id = e.member_id AND sequence = 1');
  await audit();
});

it('sums that are not the ledger’s are found, and made anew', async () => {
  await audit();
  await shop.owner.query('UPDATE loyalty_months SET issued_points = issued_points + 1 WHERE month = (SELECT max(month) FROM loyalty_months)');
  expect(await audit()).toContain('months-and-entries-differ');
  expect(await monthsOfPage()).toEqual(await monthsOfLedger());
  expect(await audit()).not.toContain('months-and-entries-differ');
});

it('entries of a clock that was behind are no finding, and are in the sums from then on', async () => {
  await audit();
  await shop.owner.query('UPDATE loyalty_audits SET summed_entries = summed_entries - 3');
  await shop.owner.query('UPDATE loyalty_months SET issued_points = issued_points - 1 WHERE month = (SELECT max(month) FROM loyalty_months)');
  expect(await audit()).not.toContain('months-and-entries-differ');
  expect(await monthsOfPage()).toEqual(await monthsOfLedger());
  expect(await audit()).toEqual([]);
  await shop.owner.query('UPDATE loyalty_months SET issued_points = issued_points - 1 WHERE month = (SELECT max(month) FROM loyalty_months)');
  expect(await audit()).toContain('months-and-entries-differ');
});

it('a large ledger is checked in turns: what is new at once, what is old within a pass, whoever’s it is', async () => {
  for (let turn = 0; turn <= IN_TURNS.turnsAPass; turn += 1) expect(await audit({ inTurns: true })).toEqual([]);
  const { rows: members } = await shop.owner.query<{ member_id: string }>('SELECT member_id FROM loyalty_members ORDER BY member_id');
  expect(members.length).toBeGreaterThanOrEqual(CUSTOMERS);
  for (const { member_id: memberId } of members) {
    await tamper(`UPDATE loyalty_entries SET reason = reason || '{"by": "hand"}' WHERE member_id = ${memberId} AND sequence = 2`);
    const found = [];
    for (let turn = 0; turn <= IN_TURNS.turnsAPass && found.length === 0; turn += 1) found.push(...(await audit({ inTurns: true })));
    expect(found).toEqual(['chain-broken']);
    await tamper(`UPDATE loyalty_entries SET reason = reason - 'by' WHERE member_id = ${memberId} AND sequence = 2`);
  }
});

it('what was written lately is checked in the next turn, wherever the pass is', async () => {
  for (const customerId of [3, 12]) {
    shop.setClock(new Date(shop.context.now().getTime() + 5 * 24 * HOUR_MS));
    turns = 0;
    await shop.putOrder({ orderId: 700 + customerId, customerId, processedAt: shop.context.now(), lines: [{ lineId: 1, totalMinor: 50_00 }] });
    await shop.award();
    const ITS = `member_id = (SELECT member_id FROM loyalty_members WHERE customer_id = ${customerId})`;
    await tamper(`UPDATE loyalty_members SET balance_points = balance_points + 1 WHERE ${ITS}`);
    expect(await audit({ inTurns: true })).toContain('sums-and-postings-differ');
    await tamper(`UPDATE loyalty_members SET balance_points = balance_points - 1 WHERE ${ITS}`);
  }
});

it('what only all members together show is found at the end of a pass', async () => {
  await tamper("DROP INDEX loyalty_entries_key");
  await tamper("UPDATE loyalty_entries SET entry_key = 'same' WHERE sequence = 1 AND member_id IN (SELECT member_id FROM loyalty_members ORDER BY member_id LIMIT 2)");
  const found = new Set<string>();
  for (let turn = 0; turn <= IN_TURNS.turnsAPass; turn += 1) for (const code of await audit({ inTurns: true })) found.add(code);
  expect([...found].sort()).toEqual(['chain-broken', 'entry-doubled']);
});
