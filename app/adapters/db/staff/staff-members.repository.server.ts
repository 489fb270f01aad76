import { UnsealError, type SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { StaffFacts } from '#app/domain/staff/permissions.ts';
import type { StaffMember } from '#app/generated/prisma/client.ts';

/** Somebody of the staff, as we were last told. */
export interface KnownStaff extends StaffFacts {
  /** When Shopify last told. */
  readonly seenAtMs: number;
  /** Since when Shopify knows them no more; null while it does. */
  readonly refusedAtMs: number | null;
}

/** More than any store has. */
const MOST_SHOWN = 500;

export async function loadStaffMember(db: TenantDb, box: SealedBox, { shopId }: ShopRef, staffId: string): Promise<KnownStaff | null> {
  const row = await db.staffMember.findUnique({ where: { shopId_staffId: { shopId, staffId } } });
  return row && knownStaffOf(box, row);
}

/** The owner first, then whoever was seen last. */
export async function loadStaff(db: TenantDb, box: SealedBox, { shopId }: ShopRef): Promise<KnownStaff[]> {
  const rows = await db.staffMember.findMany({ where: { shopId }, orderBy: [{ isOwner: 'desc' }, { seenAt: 'desc' }, { staffId: 'asc' }], take: MOST_SHOWN });
  return rows.map((row) => knownStaffOf(box, row));
}

/** What these are called, by their number; nothing of whom no name is known. */
export async function loadStaffNames(db: TenantDb, box: SealedBox, { shopId }: ShopRef, staffIds: readonly (string | null)[]): Promise<Record<string, string>> {
  const asked = new Set(staffIds.flatMap((staffId) => staffId ?? []));
  if (asked.size === 0) return {};
  const rows = await db.staffMember.findMany({ where: { shopId, staffId: { in: [...asked] } } });
  const known = rows.map((row) => knownStaffOf(box, row)).filter(({ name }) => name !== '');
  return Object.fromEntries(known.map(({ staffId, name }) => [staffId, name]));
}

/** What Shopify has just said of somebody. Whoever owned the store before does no longer. */
export async function saveStaffMember(db: TenantDb, box: SealedBox, { shopId }: ShopRef, { facts, now }: { facts: StaffFacts; now: Date }): Promise<void> {
  const { staffId, name, isOwner, isCollaborator } = facts;
  // One after another, or two who both say they are the owner would meet in the index.
  if (isOwner) {
    await db.$queryRaw`SELECT 1 FROM shops WHERE shop_id = ${shopId} FOR NO KEY UPDATE`;
    await db.staffMember.updateMany({ where: { shopId, isOwner: true, staffId: { not: staffId } }, data: { isOwner: false } });
  }
  const row = { nameSealed: box.seal(name, placeOf(shopId, staffId)), isOwner, isCollaborator, seenAt: now, refusedAt: null };
  await db.staffMember.upsert({ where: { shopId_staffId: { shopId, staffId } }, create: { shopId, staffId, ...row }, update: row });
}

/** Nothing for somebody of whom we were never told. */
export async function noteRefusedStaff(db: TenantDb, { shopId }: ShopRef, staffId: string, now: Date): Promise<void> {
  await db.staffMember.updateMany({ where: { shopId, staffId, refusedAt: null }, data: { refusedAt: now } });
}

function knownStaffOf(box: SealedBox, { shopId, staffId, nameSealed, isOwner, isCollaborator, seenAt, refusedAt }: StaffMember): KnownStaff {
  return { staffId, name: nameIn(box, nameSealed, placeOf(shopId, staffId)), isOwner, isCollaborator, seenAtMs: seenAt.getTime(), refusedAtMs: refusedAt?.getTime() ?? null };
}

/** Empty where no key opens it: their number is shown until they come again. */
function nameIn(box: SealedBox, sealed: Uint8Array, place: Parameters<SealedBox['open']>[1]): string {
  try {
    return box.open(sealed, place);
  } catch (error) {
    if (error instanceof UnsealError) return '';
    throw error;
  }
}

function placeOf(shopId: number, staffId: string) {
  return { shopId, table: 'staff_members', column: 'name', row: staffId };
}
