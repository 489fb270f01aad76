import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** What somebody wrote beside an entry. */
export interface EntryNote {
  readonly memberId: bigint;
  readonly sequence: number;
  readonly note: string;
  /** Shopify's number of the member of staff; null when it was not told. */
  readonly staffId: string | null;
}

/** In the transaction that appends the entries. */
export async function appendNotes(connection: pg.PoolClient, { shopId }: ShopRef, notes: readonly EntryNote[]): Promise<void> {
  if (notes.length === 0) return;
  await connection.query(
    `INSERT INTO loyalty_notes (shop_id, member_id, sequence, note, staff_id)
     SELECT $1, n.* FROM unnest($2::bigint[], $3::int[], $4::text[], $5::text[]) n`,
    [
      shopId,
      notes.map(({ memberId }) => String(memberId)),
      notes.map(({ sequence }) => sequence),
      notes.map(({ note }) => note),
      notes.map(({ staffId }) => staffId),
    ],
  );
}

/** Of these business keys, those that have their entry. Index: loyalty_entries_key. */
export async function findExistingKeys(connection: pg.PoolClient, { shopId }: ShopRef, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await connection.query<{ entry_key: string }>({
    name: 'find-existing-keys',
    // One by one: while a first import fills the table, its statistics would have PostgreSQL read the shop's whole ledger.
    text: `SELECT found.entry_key FROM unnest($2::text[]) AS asked (entry_key) CROSS JOIN LATERAL (
        SELECT e.entry_key FROM loyalty_entries e WHERE e.shop_id = $1 AND e.entry_key = asked.entry_key LIMIT 1
      ) found`,
    values: [shopId, keys],
  });
  return new Set(rows.map((row) => row.entry_key));
}
