import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { SECOND_LOOK_MS } from '#app/domain/offers/pool/plan-pool.ts';
import { MS_PER_24_HOURS, MS_PER_HOUR } from '#app/domain/time/durations.ts';

/** What the worker last noted of a shop's pool. */
export interface PoolState {
  isEnabled: boolean;
  target: number | null;
  targetAt: Date | null;
  /** Of the settings: what is planned by older ones must not put off the look at newer ones. */
  settingsAt: Date;
}

/** What a discount has of codes that nobody took. */
export interface PoolStock {
  /** Shopify has them: ready to be given. */
  free: number;
  /** On record, and yet to be sent. */
  intended: number;
  discountGid: string | null;
}

export interface IntendedCode {
  code: string;
  /** How often it was about to be sent. Above zero, Shopify may have it already. */
  attempts: number;
}

const stockRowsSchema = z.array(
  z.object({ discount_key: z.string(), discount_gid: z.string().nullable(), free: z.number().int(), intended: z.number().int() }),
);
const countSchema = z.tuple([z.object({ orders: z.number().int() })]);
/** How far back the busiest hour is looked for. */
const BUSY_DAYS = 28;

export async function loadPoolState(db: TenantDb, { shopId }: ShopRef): Promise<PoolState | null> {
  const row = await db.offerSettings.findUnique({ where: { shopId } });
  return row && { isEnabled: row.isEnabled, target: row.poolTarget, targetAt: row.poolTargetAt, settingsAt: row.updatedAt };
}

/** Orders of the busiest hour of four weeks. Index: orders by the day of processing. */
export async function countBusiestHour(db: TenantDb, { shopId }: ShopRef, now: Date): Promise<number> {
  const since = new Date(now.getTime() - BUSY_DAYS * MS_PER_24_HOURS);
  const rows = await db.$queryRaw`
    SELECT coalesce(max(hour.orders), 0)::int AS orders
    FROM (SELECT count(*) AS orders FROM orders WHERE shop_id = ${shopId} AND processed_at > ${since} GROUP BY date_trunc('hour', processed_at)) hour`;
  return countSchema.parse(rows)[0].orders;
}

export async function noteTarget(db: TenantDb, { shopId }: ShopRef, { target, now }: { target: number; now: Date }): Promise<void> {
  await db.offerSettings.updateMany({ where: { shopId }, data: { poolTarget: target, poolTargetAt: now } });
}

interface NextLook {
  settingsAt: Date;
  /** When what is there was counted. */
  lookedAt: Date;
  dueAt: Date;
  now: Date;
}

/**
 * When to look again. Settings that were saved meanwhile are looked at at once, whatever was planned before; and codes that
 * were taken meanwhile could not have the worker look soon, because it was at it (see recordCode), so that it does now.
 */
export async function planNextLook(db: TenantDb, { shopId }: ShopRef, { settingsAt, lookedAt, dueAt, now }: NextLook): Promise<void> {
  const taken = await db.offerPoolCode.findFirst({ where: { shopId, state: 'taken', takenAt: { gte: lookedAt } }, select: { code: true } });
  const soon = new Date(now.getTime() + SECOND_LOOK_MS);
  await db.offerSettings.updateMany({
    where: { shopId, updatedAt: settingsAt },
    data: { poolDueAt: taken !== null && soon < dueAt ? soon : dueAt },
  });
}

/** By the keys of discounts that are on record. Indexes: offer_pool_codes_added, offer_pool_codes_intended. */
export async function loadStocks(db: TenantDb, { shopId }: ShopRef, discountKeys: readonly string[]): Promise<Map<string, PoolStock>> {
  const rows = await db.$queryRaw`
    SELECT d.discount_key, d.discount_gid,
      (SELECT count(*)::int FROM offer_pool_codes p
        WHERE p.shop_id = d.shop_id AND p.discount_key = d.discount_key AND p.state = 'added') AS free,
      (SELECT count(*)::int FROM offer_pool_codes p
        WHERE p.shop_id = d.shop_id AND p.discount_key = d.discount_key AND p.state = 'intended') AS intended
    FROM offer_discounts d WHERE d.shop_id = ${shopId} AND d.discount_key = ANY(${discountKeys})`;
  return new Map(
    stockRowsSchema
      .parse(rows)
      .map(({ discount_key: key, discount_gid: discountGid, free, intended }) => [key, { free, intended, discountGid }]),
  );
}

/** On record before they are sent. A code that an order has already is left out. */
export async function appendPoolCodes(
  db: TenantDb,
  { shopId }: ShopRef,
  { discountKey, codes, now }: { discountKey: string; codes: readonly string[]; now: Date },
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO offer_pool_codes (shop_id, code, discount_key, state, intended_at)
    SELECT ${shopId}::int, made.code, ${discountKey}, 'intended', ${now}::timestamptz FROM unnest(${codes}::text[]) made (code)
    WHERE NOT EXISTS (SELECT FROM offer_codes c WHERE c.shop_id = ${shopId} AND c.code = made.code)
    ON CONFLICT DO NOTHING`;
}

export async function loadIntendedCodes(
  db: TenantDb,
  { shopId }: ShopRef,
  { discountKey, limit }: { discountKey: string; limit: number },
): Promise<IntendedCode[]> {
  return db.offerPoolCode.findMany({
    where: { shopId, discountKey, state: 'intended' },
    select: { code: true, attempts: true },
    orderBy: [{ intendedAt: 'asc' }, { code: 'asc' }],
    take: limit,
  });
}

/** Written before they are sent, so that whoever comes after a crash looks before they send. */
export async function countPoolAttempts(db: TenantDb, { shopId }: ShopRef, codes: readonly string[]): Promise<void> {
  await db.offerPoolCode.updateMany({ where: { shopId, code: { in: [...codes] }, state: 'intended' }, data: { attempts: { increment: 1 } } });
}

/** Shopify has them. */
export async function markAdded(db: TenantDb, { shopId }: ShopRef, codes: readonly string[], now: Date): Promise<void> {
  await db.offerPoolCode.updateMany({
    where: { shopId, code: { in: [...codes] }, state: 'intended' },
    data: { state: 'added', addedAt: now, lastError: null },
  });
}

/** `error` is a word of ours. Nobody is ever given such a code. */
export async function failPoolCodes(db: TenantDb, { shopId }: ShopRef, codes: readonly string[], error: string): Promise<void> {
  await db.offerPoolCode.updateMany({
    where: { shopId, code: { in: [...codes] }, state: 'intended' },
    data: { state: 'failed', lastError: error },
  });
}

/** The discount is gone or over: what nobody took of it works no more. */
export async function failFreeCodes(db: TenantDb, { shopId }: ShopRef, discountKey: string, error: string): Promise<void> {
  await db.offerPoolCode.updateMany({
    where: { shopId, discountKey, state: { in: ['intended', 'added'] } },
    data: { state: 'failed', lastError: error },
  });
}

/** Orders ask for their codes for a day; a discount is for the orders of a day at most. */
const ASKED_FOR_MS = 2 * MS_PER_24_HOURS + 2 * MS_PER_HOUR;

/**
 * Codes that no order will ask for any more, and all of discounts that have ended; what orders took stands with them. A
 * discount without any is forgotten once it was seen to that Shopify has it no more.
 */
export async function forgetPoolCodes(db: TenantDb, { shopId }: ShopRef, now: Date): Promise<void> {
  const askedForSince = new Date(now.getTime() - ASKED_FOR_MS);
  await db.$executeRaw`
    DELETE FROM offer_pool_codes p USING offer_discounts d
    WHERE p.shop_id = ${shopId} AND d.shop_id = p.shop_id AND d.discount_key = p.discount_key
      AND (d.ends_at < ${now} OR (p.state <> 'taken' AND d.starts_at < ${askedForSince}))`;
  await db.$executeRaw`
    DELETE FROM offer_discounts d WHERE d.shop_id = ${shopId} AND d.ends_at < ${now} AND d.tidied_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM offer_codes c WHERE c.shop_id = d.shop_id AND c.discount_key = d.discount_key)`;
}
