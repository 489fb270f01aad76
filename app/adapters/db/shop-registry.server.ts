import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { PrismaClient } from '#app/generated/prisma/client.ts';

export const WORK_KINDS = [
  'webhooks', 'import', 'offer-codes', 'reconcile', 'upkeep', 'segment-writes', 'awards', 'member-time', 'redemptions', 'traces', 'account-invites', 'gifts',
  'offer-pool', 'past-awards',
] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

const workRowSchema = z.object({
  shop_id: z.number().int(),
  domain: z.string(),
  work: z.enum(WORK_KINDS),
});

/** Null when no shop of this domain was ever installed. */
export async function findShop(prisma: PrismaClient, domain: string): Promise<ShopRef | null> {
  const rows = await prisma.$queryRaw<{ shop_id: number | null }[]>`SELECT shop_id_of(${domain}) AS shop_id`;
  const shopId = rows[0]?.shop_id;
  return typeof shopId === 'number' ? { shopId, domain } : null;
}

/** Finds or makes the shop; safe when two requests come at once. */
export async function registerShop(prisma: PrismaClient, domain: string): Promise<ShopRef> {
  const rows = await prisma.$queryRaw<{ shop_id: number }[]>`SELECT register_shop(${domain}) AS shop_id`;
  const shopId = rows[0]?.shop_id;
  if (typeof shopId !== 'number') throw new Error('register_shop gave no id');
  return { shopId, domain };
}

/** Which shops wait for which kind of work at `now`. Kinds of a later version are its own workers' to do. */
export async function loadWaitingWork(prisma: PrismaClient, now: Date): Promise<(ShopRef & { work: WorkKind })[]> {
  const rows = await prisma.$queryRaw`
    SELECT shop_id, domain, work FROM due_work(${now})
    UNION ALL SELECT shop_id, domain, work FROM due_segment_writes(${now})
    UNION ALL SELECT shop_id, domain, work FROM due_loyalty(${now})
    UNION ALL SELECT shop_id, domain, work FROM due_loyalty_traces(${now})
    UNION ALL SELECT shop_id, domain, work FROM due_account_invites(${now})
    UNION ALL SELECT shop_id, domain, work FROM due_loyalty_gifts(${now})
    UNION ALL SELECT shop_id, domain, work FROM due_offers(${now})`;
  return z
    .array(workRowSchema.extend({ work: z.string() }))
    .parse(rows)
    .flatMap((row) => {
      const work = WORK_KINDS.find((kind) => kind === row.work);
      return work === undefined ? [] : [{ shopId: row.shop_id, domain: row.domain, work }];
    });
}

/** Every shop that the app is installed in: for the operator's checks, which open each shop by itself. */
export async function loadInstalledShops(prisma: PrismaClient): Promise<ShopRef[]> {
  return readShops(await prisma.$queryRaw`SELECT shop_id, domain FROM installed_shops()`);
}

/** Those that left as well, until they are forgotten. */
export async function loadKnownShops(prisma: PrismaClient): Promise<ShopRef[]> {
  return readShops(await prisma.$queryRaw`SELECT shop_id, domain FROM known_shops()`);
}

/** Those in use that were opened or installed since, the latest first: whose next visit is worth preparing. */
export async function loadShopsOpenedSince(prisma: PrismaClient, since: Date): Promise<ShopRef[]> {
  return readShops(await prisma.$queryRaw`SELECT shop_id, domain FROM shops_opened_since(${since})`);
}

function readShops(rows: unknown): ShopRef[] {
  return z
    .array(workRowSchema.omit({ work: true }))
    .parse(rows)
    .map((row) => ({ shopId: row.shop_id, domain: row.domain }));
}
