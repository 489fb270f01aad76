import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/** A segment as the merchant saved it. Whether its query can still be read is for the domain to say. */
export interface SavedSegment {
  segmentId: string;
  name: string;
  query: string;
}

const COLUMNS = { segmentId: true, name: true, query: true } as const;

/** By name, in the order of the database. */
export async function loadSavedSegments(db: TenantDb, { shopId }: ShopRef): Promise<SavedSegment[]> {
  return db.savedSegment.findMany({ where: { shopId }, select: COLUMNS, orderBy: [{ name: 'asc' }, { segmentId: 'asc' }] });
}

/** First in a transaction that changes segments: those of one shop wait for each other, and are counted right. */
export async function lockShop(db: TenantDb, { shopId }: ShopRef): Promise<void> {
  await db.$queryRaw`SELECT 1 FROM shops WHERE shop_id = ${shopId} FOR NO KEY UPDATE`;
}

/** The other segment that has this name, capitals aside, as the unique index sees it; null without one. */
export async function findSegmentNamed(db: TenantDb, { shopId }: ShopRef, name: string): Promise<string | null> {
  const rows = await db.$queryRaw<{ segment_id: string }[]>`
    SELECT segment_id::text FROM segments WHERE shop_id = ${shopId} AND lower(name) = lower(${name})`;
  return rows[0]?.segment_id ?? null;
}

export async function countSavedSegments(db: TenantDb, { shopId }: ShopRef, { except }: { except: string }): Promise<number> {
  return db.savedSegment.count({ where: { shopId, segmentId: { not: except } } });
}

export async function putSavedSegment(db: TenantDb, { shopId }: ShopRef, { segment, now }: { segment: SavedSegment; now: Date }): Promise<void> {
  const { segmentId, name, query } = segment;
  await db.savedSegment.upsert({
    where: { shopId_segmentId: { shopId, segmentId } },
    create: { shopId, segmentId, name, query, createdAt: now, updatedAt: now },
    update: { name, query, updatedAt: now },
  });
}

export async function removeSavedSegment(db: TenantDb, { shopId }: ShopRef, segmentId: string): Promise<void> {
  await db.savedSegment.deleteMany({ where: { shopId, segmentId } });
}
