import type pg from 'pg';

import type { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { invariants, type Offence } from '#app/adapters/db/checks/invariants.server.ts';
import { rlsCatalogue } from '#app/adapters/db/checks/rls-catalogue.server.ts';
import { schemaRules } from '#app/adapters/db/checks/schema-rules.server.ts';
import { loadInstalledShops } from '#app/adapters/db/shop-registry.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { PrismaClient } from '#app/generated/prisma/client.ts';
import type { Runtime } from '#app/runtime.server.ts';

export interface ShopHealth {
  shopId: number;
  domain: string;
  offences: Offence[];
  /** Set when the shop could not be looked through, or not in time. */
  problem: string | null;
}

export interface HealthReport {
  checkedAt: Date;
  /** What the database's own catalogue says against us. */
  database: string[];
  shops: ShopHealth[];
  /** Shops after these, and where the next page begins; null at the end. */
  nextAfter: number | null;
}

interface CheckContext extends Pick<Runtime, 'now'> {
  prisma: PrismaClient;
  pool: pg.Pool;
  sealedBox: SealedBox;
}

interface CheckRange {
  /** Shops with a greater id. */
  after?: number;
  /** How many shops at most. */
  limit?: number;
  timeoutMs: number;
}

/** Looks through installed shops, one after the other, so that a look weighs no more than one shop's report does. */
export async function checkShops(context: CheckContext, { after = 0, limit = Infinity, timeoutMs }: CheckRange): Promise<HealthReport> {
  const { prisma, pool, now } = context;
  const database = [...(await rlsCatalogue(pool)), ...(await schemaRules(pool))];
  const installed = (await loadInstalledShops(prisma)).filter(({ shopId }) => shopId > after).sort((a, b) => a.shopId - b.shopId);
  const page = installed.slice(0, limit);
  const shops: ShopHealth[] = [];
  for (const shop of page) shops.push(await checkShop(context, shop, timeoutMs));
  const nextAfter = installed.length > page.length ? (page.at(-1)?.shopId ?? null) : null;
  return { checkedAt: now(), database, shops, nextAfter };
}

async function checkShop({ pool, sealedBox, now }: CheckContext, shop: ShopRef, timeoutMs: number): Promise<ShopHealth> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not looked through within ${timeoutMs / 1000} s`)), timeoutMs);
  });
  const look = invariants({ pool, shop, sealedBox, now });
  try {
    return { ...shop, offences: await Promise.race([look, tooLong]), problem: null };
  } catch (error) {
    // What was left behind ends by itself; that it fails then is no news.
    look.catch(() => {});
    return { ...shop, offences: [], problem: error instanceof Error ? error.message : 'unknown' };
  } finally {
    clearTimeout(timer);
  }
}

export function isHealthy({ database, shops }: HealthReport): boolean {
  return database.length === 0 && shops.every(({ offences, problem }) => offences.length === 0 && problem === null);
}
