import type pg from 'pg';

import { askSlowly } from '#app/adapters/db/ask-slowly.server.ts';
import { LEDGER_RULES, RULES_ACROSS_MEMBERS } from '#app/adapters/db/checks/ledger-rules.ts';
import { amongMembers, verifyChains } from '#app/adapters/db/loyalty/verify-chains.server.ts';
import type { SomeMembers } from '#app/adapters/db/loyalty/verify-chains.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

interface LedgerOffence {
  code: string;
  count: number;
  samples: string[];
}

const MAX_SAMPLES = 5;

interface CountedRow {
  count: string;
  samples: string[] | null;
}

type Ask = (sql: string, values: readonly unknown[]) => Promise<{ rows: CountedRow[] }>;

/** What a rule about members reads. */
const MEMBERS_TABLES = ['loyalty_members', 'loyalty_entries', 'loyalty_postings', 'loyalty_redemptions'];

/** What does not hold of a shop's points: sums that disagree, and rows that are not what was written. Reads only. */
export async function checkLedger(connection: Pick<pg.ClientBase, 'query'>, shop: ShopRef): Promise<LedgerOffence[]> {
  const ask: Ask = (sql, values) => connection.query<CountedRow>(sql, [...values]);
  return [...(await findOffences(ask, LEDGER_RULES, [shop.shopId])), ...(await findBrokenChains(connection, shop))];
}

/** The same from the app's own pool, which lets no other statement take as long as these may of a large shop. */
export async function checkLedgerSlowly(connection: pg.PoolClient, shop: ShopRef): Promise<LedgerOffence[]> {
  return [...(await findOffences(slowlyOn(connection), LEDGER_RULES, [shop.shopId])), ...(await findBrokenChains(connection, shop))];
}

/** What does not hold of some members. */
export async function checkMembers(connection: pg.PoolClient, shop: ShopRef, some: SomeMembers): Promise<LedgerOffence[]> {
  const { condition, values } = amongMembers(some);
  // A rule names the tables, and finds in their place what is there of these members.
  const theirs = MEMBERS_TABLES.map((table) => `${table} AS NOT MATERIALIZED (SELECT * FROM public.${table} WHERE shop_id = $1 AND ${condition})`);
  const rules = Object.entries(LEDGER_RULES).filter(([code]) => !RULES_ACROSS_MEMBERS.has(code));
  const narrowed = Object.fromEntries(rules.map(([code, sql]) => [code, `WITH ${theirs.join(', ')} ${sql}`]));
  const offences = await findOffences(slowlyOn(connection), narrowed, [shop.shopId, ...values]);
  return [...offences, ...(await findBrokenChains(connection, shop, some))];
}

/** What does not hold of all members together, though it may of each. */
export async function checkAcrossMembers(connection: pg.PoolClient, shop: ShopRef): Promise<LedgerOffence[]> {
  const rules = Object.entries(LEDGER_RULES).filter(([code]) => RULES_ACROSS_MEMBERS.has(code));
  return findOffences(slowlyOn(connection), Object.fromEntries(rules), [shop.shopId]);
}

function slowlyOn(connection: pg.PoolClient): Ask {
  return (sql, values) => askSlowly<CountedRow>(connection, sql, values);
}

async function findOffences(ask: Ask, rules: Readonly<Record<string, string>>, values: readonly unknown[]): Promise<LedgerOffence[]> {
  const offences: LedgerOffence[] = [];
  for (const [code, sql] of Object.entries(rules)) {
    const { rows } = await ask(`SELECT count(*) AS count, (array_agg(id ORDER BY id))[1:${MAX_SAMPLES}] AS samples FROM (${sql}) offences`, values);
    const count = Number(rows[0]?.count ?? 0);
    if (count > 0) offences.push({ code, count, samples: rows[0]?.samples ?? [] });
  }
  return offences;
}

async function findBrokenChains(connection: Pick<pg.ClientBase, 'query'>, shop: ShopRef, among?: SomeMembers): Promise<LedgerOffence[]> {
  const { broken } = await verifyChains(connection, shop, among);
  const samples = broken.slice(0, MAX_SAMPLES).map(({ memberId, atSequence }) => `${memberId} ${atSequence}`);
  return broken.length === 0 ? [] : [{ code: 'chain-broken', count: broken.length, samples }];
}
