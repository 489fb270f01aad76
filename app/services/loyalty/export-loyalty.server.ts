import type pg from 'pg';

import { LEDGER_COLUMNS, loadLedgerSlice, loadMembersSlice, MEMBER_COLUMNS } from '#app/adapters/db/loyalty/loyalty-export.server.ts';
import type { ExportRow, ExportSlice } from '#app/adapters/db/loyalty/loyalty-export.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface LoyaltySheet {
  readonly header: readonly string[];
  readonly rows: AsyncIterable<ExportRow>;
}

/** So many rows are read at once: some milliseconds for the database, and little to hold. */
const ROWS_AT_ONCE = 2_000;

type ExportContext = Pick<ShopContext, 'shop' | 'pool' | 'wait'>;

/** Every member, of those too who went up in another or were forgotten, so that sums agree with the ledger's. */
export function exportMembers(context: ExportContext): LoyaltySheet {
  const { shop } = context;
  const rows = slices(context, '0', (connection, after) => loadMembersSlice(connection, shop, { after, limit: ROWS_AT_ONCE }));
  return { header: MEMBER_COLUMNS, rows };
}

/** Every entry of every member. What is written meanwhile is in it where the file has not come to that member yet. */
export function exportLedger(context: ExportContext): LoyaltySheet {
  const { shop } = context;
  const rows = slices(context, { memberId: '0', sequence: 0 }, (connection, after) => loadLedgerSlice(connection, shop, { after, limit: ROWS_AT_ONCE }));
  return { header: LEDGER_COLUMNS, rows };
}

/** A short transaction a slice, so that a file of millions holds nothing open. */
async function* slices<Place>(
  { shop, pool, wait }: ExportContext,
  first: Place,
  load: (connection: pg.PoolClient, after: Place) => Promise<ExportSlice<Place>>,
): AsyncGenerator<ExportRow> {
  for (let after: Place | null = first; after !== null; ) {
    const place: Place = after;
    const slice: ExportSlice<Place> = await withTenantConnection(pool, shop, (connection) => load(connection, place));
    yield* slice.rows;
    after = slice.after;
    await wait(0);
  }
}
