import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { GIFT_STATES } from '#app/domain/loyalty/gifts/gift.ts';
import type { GiftFacts, GiftFailure, GiftState } from '#app/domain/loyalty/gifts/gift.ts';
import type { LoyaltyGift } from '#app/generated/prisma/client.ts';

export interface Gift extends Omit<GiftFacts, 'segmentId'> {
  readonly segmentId: bigint;
  /** From where Shopify's list goes on; null at its beginning. */
  readonly afterCursor: string | null;
  /** Times in a row that Shopify did not come through. */
  readonly outages: number;
}

const stateSchema = z.enum(GIFT_STATES);

function giftOf({ shopId: _, notBefore: _due, requestedAt, finishedAt, ...row }: LoyaltyGift): Gift {
  return { ...row, state: stateSchema.parse(row.state), requestedAtMs: requestedAt.getTime(), finishedAtMs: finishedAt?.getTime() ?? null };
}

export async function loadGift(db: TenantDb, { shopId }: ShopRef, giftId: string): Promise<Gift | null> {
  const row = await db.loyaltyGift.findUnique({ where: { shopId_giftId: { shopId, giftId } } });
  return row && giftOf(row);
}

export async function loadGiftUnderWay(db: TenantDb, { shopId }: ShopRef, segmentId: bigint): Promise<Gift | null> {
  const row = await db.loyaltyGift.findFirst({ where: { shopId, segmentId, state: 'giving' } });
  return row && giftOf(row);
}

/** The one that has waited longest. */
export async function loadDueGift(db: TenantDb, { shopId }: ShopRef, now: Date): Promise<Gift | null> {
  const row = await db.loyaltyGift.findFirst({ where: { shopId, notBefore: { lte: now } }, orderBy: { notBefore: 'asc' } });
  return row && giftOf(row);
}

/** The newest first. */
export async function loadLatestGifts(db: TenantDb, { shopId }: ShopRef, limit: number): Promise<Gift[]> {
  return (await db.loyaltyGift.findMany({ where: { shopId }, orderBy: [{ requestedAt: 'desc' }, { giftId: 'asc' }], take: limit })).map(giftOf);
}

export type NewGift = Pick<Gift, 'giftId' | 'segmentId' | 'segmentName' | 'points' | 'note' | 'staffId' | 'expectedCustomers'>;

/**
 * First, as in every change of a shop's data: who uninstalls, which stops all gifts, is waited for or waits.
 *
 * @returns whether the app is installed
 */
async function holdInstalled(db: TenantDb, { shopId }: ShopRef): Promise<boolean> {
  const [row] = await db.$queryRaw<{ is_installed: boolean }[]>`
    SELECT uninstalled_at IS NULL AS is_installed FROM shops WHERE shop_id = ${shopId} FOR NO KEY UPDATE`;
  return row?.is_installed ?? false;
}

/** First in its transaction. @returns false where there is one of this key, or one to this segment under way */
export async function insertGift(db: TenantDb, shop: ShopRef, gift: NewGift, now: Date): Promise<boolean> {
  const { shopId } = shop;
  if (!(await holdInstalled(db, shop))) return false;
  const { count } = await db.loyaltyGift.createMany({ data: [{ shopId, ...gift, state: 'giving', notBefore: now, requestedAt: now }], skipDuplicates: true });
  return count === 1;
}

/** First in its transaction. @returns false for one that has come to its end */
export async function endGift(
  db: TenantDb,
  shop: ShopRef,
  { giftId, state, errorCode, now }: { giftId: string; state: Exclude<GiftState, 'giving'>; errorCode: GiftFailure | null; now: Date },
): Promise<boolean> {
  const { shopId } = shop;
  await holdInstalled(db, shop);
  const ended = { state, errorCode, afterCursor: null, notBefore: null, outages: 0, finishedAt: now };
  const { count } = await db.loyaltyGift.updateMany({ where: { shopId, giftId, state: 'giving' }, data: ended });
  return count === 1;
}

/** The merchant has left, which stands in the shop's row already; whoever comes back may go on with them. */
export async function stopAllGifts(db: TenantDb, { shopId }: ShopRef, now: Date): Promise<void> {
  await db.loyaltyGift.updateMany({ where: { shopId, state: 'giving' }, data: { state: 'stopped', afterCursor: null, notBefore: null, finishedAt: now } });
}

/**
 * From the beginning of Shopify's list: whoever has their points is passed over. First in its transaction.
 *
 * @returns false for one that is under way or complete, or while another to the same segment is
 */
export async function resumeGift(db: TenantDb, shop: ShopRef, giftId: string, now: Date): Promise<boolean> {
  const { shopId } = shop;
  if (!(await holdInstalled(db, shop))) return false;
  const resumed = await db.$executeRaw`
    UPDATE loyalty_gifts g SET state = 'giving', not_before = ${now}, error_code = NULL, finished_at = NULL, seen_customers = 0,
      excluded_members = 0, unknown_customers = 0
    WHERE g.shop_id = ${shopId} AND g.gift_id = ${giftId}::uuid AND g.state IN ('stopped', 'failed')
      AND NOT EXISTS (SELECT 1 FROM loyalty_gifts o WHERE o.shop_id = g.shop_id AND o.segment_id = g.segment_id AND o.state = 'giving')`;
  return resumed === 1;
}

/** When it goes on, and what it waits for. First in its transaction. */
export async function postponeGift(
  db: TenantDb,
  shop: ShopRef,
  { giftId, until, outages, errorCode }: { giftId: string; until: Date; outages: number; errorCode: string | null },
): Promise<void> {
  const { shopId } = shop;
  await holdInstalled(db, shop);
  await db.loyaltyGift.updateMany({ where: { shopId, giftId, state: 'giving' }, data: { notBefore: until, outages, errorCode } });
}

/** Until the transaction ends nobody stops it. @returns false when it was stopped meanwhile */
export async function holdGift(connection: pg.PoolClient, { shopId }: ShopRef, giftId: string): Promise<boolean> {
  const { rowCount } = await connection.query("SELECT 1 FROM loyalty_gifts WHERE shop_id = $1 AND gift_id = $2 AND state = 'giving' FOR UPDATE", [shopId, giftId]);
  return rowCount === 1;
}

export interface GivenPage {
  readonly giftId: string;
  readonly now: Date;
  readonly seen: number;
  readonly given: number;
  readonly excluded: number;
  readonly unknown: number;
  /** Null after the last. */
  readonly next: string | null;
}

/** In the transaction that gave the points: the last page is the end of the gift. */
export async function noteGivenPage(connection: pg.PoolClient, { shopId }: ShopRef, page: GivenPage): Promise<void> {
  const { giftId, now, seen, given, excluded, unknown, next } = page;
  await connection.query(
    `UPDATE loyalty_gifts SET seen_customers = seen_customers + $3, given_members = given_members + $4,
       excluded_members = excluded_members + $5, unknown_customers = unknown_customers + $6, after_cursor = $7, error_code = NULL, outages = 0,
       state = CASE WHEN $7::text IS NULL THEN 'completed' ELSE state END,
       not_before = CASE WHEN $7::text IS NULL THEN NULL ELSE $8::timestamptz END,
       finished_at = CASE WHEN $7::text IS NULL THEN $8::timestamptz END
     WHERE shop_id = $1 AND gift_id = $2`,
    [shopId, giftId, seen, given, excluded, unknown, next, now],
  );
}
