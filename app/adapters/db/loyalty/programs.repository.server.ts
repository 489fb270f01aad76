import { programSchema } from '#app/adapters/db/loyalty/program-schema.ts';
import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { Program, ProgramStatus } from '#app/domain/loyalty/program/program.ts';
import type { LoyaltyProgramVersion, Prisma } from '#app/generated/prisma/client.ts';

/** One version of the program as it was saved. */
export interface SavedProgram {
  version: number;
  program: Program;
  savedAtMs: number;
  /** Shopify's number of the member of staff; null when it was not told. */
  savedBy: string | null;
}

/** A shop as a program needs it. */
export interface ProgramShop {
  /** Null until the first pull has brought it. */
  currency: string | null;
  timeZone: string | null;
  dataVersion: bigint;
}

const SHOP_COLUMNS = { currency: true, ianaTimeZone: true, dataVersion: true } as const;

export async function loadProgramShop(db: TenantDb, { shopId }: ShopRef): Promise<ProgramShop> {
  const { currency, ianaTimeZone, dataVersion } = await db.shop.findUniqueOrThrow({ where: { shopId }, select: SHOP_COLUMNS });
  return { currency, timeZone: ianaTimeZone, dataVersion };
}

/** First in a transaction that saves a program: versions follow one another, and no order comes in meanwhile. */
export async function lockShopForProgram(db: TenantDb, shop: ShopRef): Promise<ProgramShop> {
  await db.$queryRaw`SELECT 1 FROM shops WHERE shop_id = ${shop.shopId} FOR NO KEY UPDATE`;
  return loadProgramShop(db, shop);
}

/** What holds now; null before anything was saved. */
export async function loadNewestProgram(db: TenantDb, { shopId }: ShopRef): Promise<SavedProgram | null> {
  const row = await db.loyaltyProgramVersion.findFirst({ where: { shopId }, orderBy: { version: 'desc' } });
  return row && savedProgram(row);
}

/** Tags that the tiers of the program are written under as it is now. */
export async function loadTierTags(db: TenantDb, shop: ShopRef): Promise<string[]> {
  const newest = await loadNewestProgram(db, shop);
  return (newest?.program.tiers?.levels ?? []).flatMap(({ tag }) => (tag === null ? [] : [tag]));
}

/** The version that an award names. */
export async function loadProgramVersion(db: TenantDb, { shopId }: ShopRef, version: number): Promise<SavedProgram | null> {
  const row = await db.loyaltyProgramVersion.findUnique({ where: { shopId_version: { shopId, version } } });
  return row && savedProgram(row);
}

/** Newest first, from below a version on. */
export async function loadProgramHistory(
  db: TenantDb,
  { shopId }: ShopRef,
  { before, limit }: { before: number | null; limit: number },
): Promise<SavedProgram[]> {
  const rows = await db.loyaltyProgramVersion.findMany({
    where: { shopId, ...(before === null ? {} : { version: { lt: before } }) },
    orderBy: { version: 'desc' },
    take: limit,
  });
  return rows.map(savedProgram);
}

function savedProgram({ version, program, savedAt, savedBy }: LoyaltyProgramVersion): SavedProgram {
  return { version, program: programSchema.parse(program), savedAtMs: savedAt.getTime(), savedBy };
}

export async function appendProgramVersion(db: TenantDb, { shopId }: ShopRef, { version, program, savedAtMs, savedBy }: SavedProgram): Promise<void> {
  const json: Prisma.InputJsonObject = JSON.parse(JSON.stringify(program));
  await db.loyaltyProgramVersion.create({ data: { shopId, version, program: json, savedAt: new Date(savedAtMs), savedBy } });
}

/**
 * Whether the worker follows the shop's orders and members; the ledger it looks over either way. One that begins has its
 * orders looked at from the data version on that the shop has now; one that goes on is left where it is.
 */
export async function putProgress(
  db: TenantDb,
  { shopId }: ShopRef,
  { status, begins, dataVersion, now }: { status: ProgramStatus; begins: boolean; dataVersion: bigint; now: Date },
): Promise<void> {
  const isFollowed = status.kind !== 'off';
  await db.loyaltyProgress.upsert({
    where: { shopId },
    create: { shopId, isFollowed, ordersVersion: dataVersion, checkDueAt: now },
    update: {
      ...{ isFollowed, checkDueAt: now },
      ...(begins ? { ordersVersion: dataVersion } : {}),
      // Nobody is given points of a program that is over.
      ...(isFollowed ? {} : { pastAfter: null }),
    },
  });
}
