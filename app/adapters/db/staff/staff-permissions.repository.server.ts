import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { ADJUSTING_KINDS, NOTHING_SET, OTHERS } from '#app/domain/staff/permissions.ts';
import type { Adjusting, PermissionChange, StaffPermission, StaffPermissions } from '#app/domain/staff/permissions.ts';
import type { StaffPermissionChange } from '#app/generated/prisma/client.ts';

/** One change, and who made it. */
export interface NotedPermissionChange extends StaffPermission {
  readonly changeNo: number;
  readonly subject: string;
  readonly changedBy: string;
  readonly changedAtMs: number;
}

const kindSchema = z.enum(ADJUSTING_KINDS);

/** What holds now. */
export async function loadPermissions(db: TenantDb, { shopId }: ShopRef): Promise<StaffPermissions> {
  const rows = await db.staffPermissionChange.findMany({ where: { shopId }, orderBy: [{ subject: 'asc' }, { changeNo: 'desc' }], distinct: ['subject'] });
  const changes = rows.map(notedChange);
  const ofOthers = changes.find(({ subject }) => subject === OTHERS)?.adjusting ?? NOTHING_SET.others;
  if (ofOthers.kind === 'as-others') throw new Error('Everyone else cannot be as everyone else');
  return {
    changeNo: Math.max(0, ...changes.map(({ changeNo }) => changeNo)),
    others: ofOthers,
    byStaff: new Map(changes.flatMap((change) => (change.subject === OTHERS ? [] : [[change.subject, change] as const]))),
  };
}

/** The newest first. */
export async function loadPermissionChanges(db: TenantDb, { shopId }: ShopRef, limit: number): Promise<NotedPermissionChange[]> {
  const rows = await db.staffPermissionChange.findMany({ where: { shopId }, orderBy: { changeNo: 'desc' }, take: limit });
  return rows.map(notedChange);
}

/** What a form has set before; empty for one that was not sent yet. */
export async function loadChangesOfForm(db: TenantDb, { shopId }: ShopRef, formKey: string): Promise<NotedPermissionChange[]> {
  const rows = await db.staffPermissionChange.findMany({ where: { shopId, formKey } });
  return rows.map(notedChange);
}

interface ChangesToAppend {
  readonly changes: readonly PermissionChange[];
  /** The newest change so far, while the shop's row is held. */
  readonly after: number;
  readonly changedBy: string;
  readonly formKey: string;
  readonly now: Date;
}

export async function appendPermissionChanges(db: TenantDb, { shopId }: ShopRef, { changes, after, changedBy, formKey, now }: ChangesToAppend): Promise<void> {
  await db.staffPermissionChange.createMany({
    data: changes.map(({ subject, adjusting, mayChangeList }, index) => ({
      ...{ shopId, changeNo: after + 1 + index, subject, adjusting: adjusting.kind, mayChangeList },
      ...{ mostPoints: adjusting.kind === 'up-to' ? adjusting.points : null, changedBy, changedAt: now, formKey },
    })),
  });
}

/** First in a transaction that sets permissions: changes follow one another. */
export async function lockShopForPermissions(db: TenantDb, { shopId }: ShopRef): Promise<void> {
  await db.$queryRaw`SELECT 1 FROM shops WHERE shop_id = ${shopId} FOR NO KEY UPDATE`;
}

function notedChange({ changeNo, subject, adjusting, mostPoints, mayChangeList, changedBy, changedAt }: StaffPermissionChange): NotedPermissionChange {
  return { changeNo, subject, adjusting: adjustingOfRow(kindSchema.parse(adjusting), mostPoints), mayChangeList, changedBy, changedAtMs: changedAt.getTime() };
}

function adjustingOfRow(kind: Adjusting['kind'], mostPoints: number | null): Adjusting {
  if (kind !== 'up-to') return { kind };
  if (mostPoints === null) throw new Error('A permission up to a number has none');
  return { kind, points: mostPoints };
}
