import { z } from 'zod';

import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { isHistoryIncomplete } from '#app/domain/sync/import-progress.ts';
import type { ImportProgress, ResourceProgress } from '#app/domain/sync/import-progress.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { IMPORTED_RESOURCES } from './record-install.server.ts';

const importRowSchema = z.object({
  resource: z.enum(IMPORTED_RESOURCES),
  state: z.enum(['requested', 'running', 'storing', 'completed', 'failed', 'cancelled']),
  rootsPrepared: z.int(),
  rootsExpected: z.int().nullable(),
  objectsReported: z.int(),
  objectsStored: z.int(),
  objectsRejected: z.int(),
  requestedAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  errorCode: z.string().nullable(),
  errorDetail: z.string().nullable(),
});

export interface ImportProgressOptions {
  /** To count a million orders takes longer than the rest of a page. */
  areRecordsCounted?: 'always' | 'while-incomplete';
}

/** The latest pull of each kind of record; none before the install is recorded. */
export async function loadImportProgress(
  { shop, inShop }: Pick<ShopContext, 'shop' | 'inShop'>,
  { areRecordsCounted = 'always' }: ImportProgressOptions = {},
): Promise<ImportProgress> {
  const { shopId } = shop;
  return inShop(async (db) => {
    const resources: ResourceProgress[] = [];
    let hasHistory = true;
    for (const resource of IMPORTED_RESOURCES) {
      // A pull of what changed since stands in for webhooks and is no history.
      const where = { shopId, resource, updatedSince: null };
      const latest = await db.import.findFirst({ where, orderBy: { requestedAt: 'desc' } });
      const completed = await db.import.count({ where: { ...where, state: 'completed' } });
      hasHistory = hasHistory && completed > 0;
      if (latest === null) continue;
      const { requestedAt, startedAt, finishedAt, ...row } = importRowSchema.parse(latest);
      resources.push({
        ...row,
        recordsKept: null,
        requestedAtMs: requestedAt.getTime(),
        startedAtMs: startedAt?.getTime() ?? null,
        finishedAtMs: finishedAt?.getTime() ?? null,
      });
    }
    const progress = { resources, hasHistory };
    if (areRecordsCounted === 'while-incomplete' && !isHistoryIncomplete(progress)) return progress;
    const recordsKept = await countRecords(db, shopId);
    return { ...progress, resources: resources.map((row) => ({ ...row, recordsKept: recordsKept[row.resource] })) };
  });
}

async function countRecords(db: TenantDb, shopId: number): Promise<Record<ResourceProgress['resource'], number>> {
  return {
    orders: await db.order.count({ where: { shopId, deletedAt: null } }),
    customers: await db.customer.count({ where: { shopId } }),
  };
}
