import type pg from 'pg';

import { askSlowly } from '#app/adapters/db/ask-slowly.server.ts';
import { LEDGER_RULES } from '#app/adapters/db/checks/ledger-rules.ts';
import { verifyChains } from '#app/adapters/db/loyalty/verify-chains.server.ts';
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

/** The same from the app's own pool, which lets no other statement take as long as these may of a large shop. */
export async function checkLedgerSlowly(connection: pg.PoolClient, shop: ShopRef): Promise<LedgerOffence[]> {
  return checkLedger(connection, shop, (sql, values) => askSlowly<CountedRow>(connection, sql, values));
}

/** What does not hold of a shop's points: sums that disagree, and rows that are not what was written. Reads only. */
export async function checkLedger(
  connection: Pick<pg.ClientBase, 'query'>,
  shop: ShopRef,
  ask: Ask = (sql, values) => connection.query<CountedRow>(sql, [...values]),
): Promise<LedgerOffence[]> {
  const offences: LedgerOffence[] = [];
  for (const [code, sql] of Object.entries(LEDGER_RULES)) {
    const { rows } = await ask(
      `SELECT count(*) AS count, (array_agg(id ORDER BY id))[1:${MAX_SAMPLES}] AS samples FROM (${sql}) offences`,
      [shop.shopId],
    );
    const count = Number(rows[0]?.count ?? 0);
    if (count > 0) offences.push({ code, count, samples: rows[0]?.samples ?? [] });
  }
  const { broken } = await verifyChains(connection, shop);
  const samples = broken.slice(0, MAX_SAMPLES).map(({ memberId, atSequence }) => `${memberId} ${atSequence}`);
  return broken.length === 0 ? offences : [...offences, { code: 'chain-broken', count: broken.length, samples }];
}
