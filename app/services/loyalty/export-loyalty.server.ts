import type pg from 'pg';

import {
  EXCLUSION_COLUMNS,
  loadExclusionsSlice,
  loadRedemptionsSlice,
  loadTierChangesSlice,
  loadVersionsSlice,
  REDEMPTION_COLUMNS,
  TIER_COLUMNS,
  VERSION_COLUMNS,
} from '#app/adapters/db/loyalty/history-export.server.ts';
import { LEDGER_COLUMNS, loadLedgerSlice, loadMembersSlice, MEMBER_COLUMNS } from '#app/adapters/db/loyalty/loyalty-export.server.ts';
import type { ExportRow, ExportSlice } from '#app/adapters/db/loyalty/loyalty-export.server.ts';
import { withTenantConnection, type TenantDb } from '#app/adapters/db/tenant.server.ts';
import { noteAccess, type AccessAction } from '#app/services/privacy/note-access.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface LoyaltySheet {
  readonly header: readonly string[];
  readonly rows: AsyncIterable<ExportRow>;
}

/** So many rows are read at once: some milliseconds for the database, and little to hold. */
const ROWS_AT_ONCE = 2_000;

type ExportContext = Pick<ShopContext, 'shop' | 'pool' | 'wait'>;
/** Rows that tell of members are handed to nobody who is not noted. */
type NotedContext = ExportContext & Pick<ShopContext, 'inShop' | 'newId' | 'now'>;

/** Every member, of those too who went up in another or were forgotten, so that sums agree with the ledger's. */
export async function exportMembers(context: NotedContext, actor: string): Promise<LoyaltySheet> {
  const { shop } = context;
  await noteFile(context, { actor, action: 'file-members', count: (db) => db.loyaltyMember.count({ where: { shopId: shop.shopId } }) });
  const rows = slices(context, '0', (connection, after) => loadMembersSlice(connection, shop, { after, limit: ROWS_AT_ONCE }));
  return { header: MEMBER_COLUMNS, rows };
}

/** Every entry of every member. What is written meanwhile is in it where the file has not come to that member yet. */
export async function exportLedger(context: NotedContext, actor: string): Promise<LoyaltySheet> {
  const { shop } = context;
  await noteFile(context, { actor, action: 'file-ledger', count: (db) => db.loyaltyEntry.count({ where: { shopId: shop.shopId } }) });
  const rows = slices(context, { memberId: '0', sequence: 0 }, (connection, after) => loadLedgerSlice(connection, shop, { after, limit: ROWS_AT_ONCE }));
  return { header: LEDGER_COLUMNS, rows };
}

const NO_CHANGE = { memberId: '0', changeNo: 0 };
const LEAST_UUID = '00000000-0000-0000-0000-000000000000';
/** A version of a program may be a hundred kilobytes of text. */
const VERSIONS_AT_ONCE = 50;

/** Every reward that points were put aside for, with its code and what came of it. */
export async function exportRedemptions(context: NotedContext, actor: string): Promise<LoyaltySheet> {
  const { shop } = context;
  await noteFile(context, { actor, action: 'file-redemptions', count: (db) => db.loyaltyRedemption.count({ where: { shopId: shop.shopId } }) });
  const rows = slices(context, LEAST_UUID, (connection, after) => loadRedemptionsSlice(connection, shop, { after, limit: ROWS_AT_ONCE }));
  return { header: REDEMPTION_COLUMNS, rows };
}

/** Every tier that a member was ever given. */
export async function exportTierHistory(context: NotedContext, actor: string): Promise<LoyaltySheet> {
  const { shop } = context;
  await noteFile(context, { actor, action: 'file-tiers', count: (db) => db.loyaltyTierChange.count({ where: { shopId: shop.shopId } }) });
  const rows = slices(context, NO_CHANGE, (connection, after) => loadTierChangesSlice(connection, shop, { after, limit: ROWS_AT_ONCE }));
  return { header: TIER_COLUMNS, rows };
}

/** Who was excluded or included again, when and by whom. */
export async function exportExclusions(context: NotedContext, actor: string): Promise<LoyaltySheet> {
  const { shop } = context;
  await noteFile(context, { actor, action: 'file-exclusions', count: (db) => db.loyaltyExclusion.count({ where: { shopId: shop.shopId } }) });
  const rows = slices(context, NO_CHANGE, (connection, after) => loadExclusionsSlice(connection, shop, { after, limit: ROWS_AT_ONCE }));
  return { header: EXCLUSION_COLUMNS, rows };
}

/** The program as it was in each of its versions. */
export function exportVersions(context: ExportContext): LoyaltySheet {
  const { shop } = context;
  const rows = slices(context, 0, (connection, after) => loadVersionsSlice(connection, shop, { after, limit: VERSIONS_AT_ONCE }));
  return { header: VERSION_COLUMNS, rows };
}

async function noteFile(
  context: NotedContext,
  { actor, action, count }: { actor: string; action: AccessAction; count: (db: TenantDb) => Promise<number> },
): Promise<void> {
  await context.inShop(async (db) => noteAccess(context, db, { actor, action, records: await count(db) }));
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
