import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { MoneyAmount } from '#app/domain/loyalty/program/program.ts';
import type { LoyaltyRedemption } from '#app/generated/prisma/client.ts';

/**
 * `reserved`: points are put aside, and the discount may be on its way. `issued`: it can be used. `releasing`: nobody shall
 * use it any more, and Shopify is asked whether somebody did. `captured` and `released` are the two ends.
 */
export const REDEMPTION_STATES = ['reserved', 'issued', 'captured', 'releasing', 'released'] as const;
export type RedemptionState = (typeof REDEMPTION_STATES)[number];

export interface Redemption {
  readonly redemptionId: string;
  readonly memberId: bigint;
  readonly rewardId: string;
  readonly programVersion: number;
  readonly points: number;
  readonly worth: MoneyAmount | null;
  readonly state: RedemptionState;
  readonly code: string | null;
  /** Shopify's id of the discount, or of the transaction of store credit. */
  readonly shopifyGid: string | null;
  /** The order that carries the code, from the first sight of it. */
  readonly orderId: bigint | null;
  /** How often it was about to be sent. Above zero, Shopify may have it already. */
  readonly attempts: number;
  readonly lastError: string | null;
  readonly reservedAtMs: number;
  readonly expiresAtMs: number;
  readonly issuedAtMs: number | null;
  readonly settledAtMs: number | null;
}

const stateSchema = z.enum(REDEMPTION_STATES);

function redemptionOf(row: LoyaltyRedemption): Redemption {
  const { amountMinor, currency } = row;
  return {
    redemptionId: row.redemptionId,
    memberId: row.memberId,
    rewardId: row.rewardId,
    programVersion: row.programVersion,
    points: row.points,
    worth: amountMinor === null || currency === null ? null : { amountMinor: Number(amountMinor), currency },
    state: stateSchema.parse(row.state),
    code: row.code,
    shopifyGid: row.discountGid,
    orderId: row.capturedOrderId,
    attempts: row.attempts,
    lastError: row.lastError,
    reservedAtMs: row.reservedAt.getTime(),
    expiresAtMs: row.expiresAt.getTime(),
    issuedAtMs: row.issuedAt?.getTime() ?? null,
    settledAtMs: row.settledAt?.getTime() ?? null,
  };
}

export interface NewRedemption {
  readonly redemptionId: string;
  readonly memberId: bigint;
  readonly requestKey: string;
  readonly requestHash: Uint8Array;
  readonly rewardId: string;
  readonly programVersion: number;
  readonly points: number;
  readonly worth: MoneyAmount | null;
  /** Null for store credit. */
  readonly code: string | null;
  readonly reservedAtMs: number;
  readonly expiresAtMs: number;
}

/** Due at once. Fails on a request key, or a code, that there is already. */
export async function insertRedemptions(connection: pg.PoolClient, { shopId }: ShopRef, redemptions: readonly NewRedemption[]): Promise<void> {
  if (redemptions.length === 0) return;
  await connection.query({
    name: 'insert-redemptions',
    text: `INSERT INTO loyalty_redemptions (shop_id, redemption_id, member_id, request_key, request_hash, reward_id,
        program_version, points, amount_minor, currency, state, code, not_before, reserved_at, expires_at)
      SELECT $1, redemption_id, member_id, request_key, request_hash, reward_id, program_version, points, amount_minor, currency,
        'reserved', code, reserved_at, reserved_at, expires_at
      FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::bytea[], $6::text[], $7::int[], $8::int[], $9::bigint[], $10::text[],
        $11::text[], $12::timestamptz[], $13::timestamptz[]) n (redemption_id, member_id, request_key, request_hash, reward_id,
        program_version, points, amount_minor, currency, code, reserved_at, expires_at)`,
    values: [
      shopId,
      redemptions.map(({ redemptionId }) => redemptionId),
      redemptions.map(({ memberId }) => String(memberId)),
      redemptions.map(({ requestKey }) => requestKey),
      redemptions.map(({ requestHash }) => requestHash),
      redemptions.map(({ rewardId }) => rewardId),
      redemptions.map(({ programVersion }) => programVersion),
      redemptions.map(({ points }) => points),
      redemptions.map(({ worth }) => worth?.amountMinor ?? null),
      redemptions.map(({ worth }) => worth?.currency ?? null),
      redemptions.map(({ code }) => code),
      redemptions.map(({ reservedAtMs }) => new Date(reservedAtMs)),
      redemptions.map(({ expiresAtMs }) => new Date(expiresAtMs)),
    ],
  });
}

/** What was reserved for a request, as it was then: nothing of it changes. */
export interface RequestedRedemption {
  readonly requestHash: Uint8Array;
  readonly redemptionId: string;
  readonly rewardId: string;
  readonly points: number;
  readonly worth: MoneyAmount | null;
  readonly reservedAtMs: number;
  readonly expiresAtMs: number;
}

const requestedRowSchema = z.object({
  request_key: z.string(),
  request_hash: z.instanceof(Buffer),
  redemption_id: z.string(),
  reward_id: z.string(),
  points: z.number().int(),
  amount_minor: z.string().transform(Number).nullable(),
  currency: z.string().nullable(),
  reserved_at: z.date(),
  expires_at: z.date(),
});

/** By request key. */
export async function findRequestedRedemptions(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  requestKeys: readonly string[],
): Promise<Map<string, RequestedRedemption>> {
  const { rows } = await connection.query({
    name: 'find-requested-redemptions',
    text: `SELECT request_key, request_hash, redemption_id, reward_id, points, amount_minor, currency, reserved_at, expires_at
      FROM loyalty_redemptions WHERE shop_id = $1 AND request_key = ANY($2::text[])`,
    values: [shopId, requestKeys],
  });
  return new Map(
    rows.map((raw) => {
      const row = requestedRowSchema.parse(raw);
      const { amount_minor: amountMinor, currency } = row;
      const redemption = {
        requestHash: row.request_hash,
        redemptionId: row.redemption_id,
        rewardId: row.reward_id,
        points: row.points,
        worth: amountMinor === null || currency === null ? null : { amountMinor, currency },
        reservedAtMs: row.reserved_at.getTime(),
        expiresAtMs: row.expires_at.getTime(),
      };
      return [row.request_key, redemption];
    }),
  );
}

/** Of a redemption `r`: not where its points came back whole, be it that nobody used it or that its order fell through. */
export const COUNTS_TOWARDS_LIMIT = `(r.state <> 'released' AND NOT (r.state = 'captured' AND r.points <= (
        SELECT coalesce(-sum(p.points), 0) FROM loyalty_entries e
        JOIN loyalty_postings p ON p.shop_id = e.shop_id AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.account = 'redeemed'
        WHERE e.shop_id = r.shop_id AND e.redemption_id = r.redemption_id AND e.kind = 'return')))`;

/** By reward, of a member and of those who went up in them at any remove. Indexes: loyalty_redemptions_member, loyalty_entries_redemption. */
export async function countRedemptions(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  memberId: bigint,
): Promise<Map<string, number>> {
  const { rows } = await connection.query<{ reward_id: string; times: number }>({
    name: 'count-redemptions',
    text: `WITH RECURSIVE mine AS (
        SELECT $2::bigint AS member_id
        UNION
        SELECT m.member_id FROM mine JOIN loyalty_members m ON m.shop_id = $1 AND m.merged_into = mine.member_id
      )
      SELECT r.reward_id, count(*)::int AS times FROM loyalty_redemptions r
      WHERE r.shop_id = $1 AND ${COUNTS_TOWARDS_LIMIT} AND r.member_id IN (SELECT member_id FROM mine)
      GROUP BY r.reward_id`,
    values: [shopId, String(memberId)],
  });
  return new Map(rows.map((row) => [row.reward_id, row.times]));
}

/** Those with something to do by `now`, the longest waiting first. Index: loyalty_redemptions_due. */
export async function loadDueRedemptions(
  db: TenantDb,
  { shopId }: ShopRef,
  { now, limit }: { now: Date; limit: number },
): Promise<Redemption[]> {
  const rows = await db.loyaltyRedemption.findMany({
    where: { shopId, notBefore: { lte: now } },
    orderBy: [{ notBefore: 'asc' }, { redemptionId: 'asc' }],
    take: limit,
  });
  return rows.map(redemptionOf);
}

export async function loadRedemption(db: TenantDb, { shopId }: ShopRef, redemptionId: string): Promise<Redemption | null> {
  const row = await db.loyaltyRedemption.findUnique({ where: { shopId_redemptionId: { shopId, redemptionId } } });
  return row && redemptionOf(row);
}

/** Of these members, the newest first. */
export async function loadRedemptionsOf(
  db: TenantDb,
  { shopId }: ShopRef,
  { memberIds, limit }: { memberIds: readonly bigint[]; limit: number },
): Promise<Redemption[]> {
  const rows = await db.loyaltyRedemption.findMany({
    where: { shopId, memberId: { in: [...memberIds] } },
    orderBy: [{ reservedAt: 'desc' }, { redemptionId: 'asc' }],
    take: limit,
  });
  return rows.map(redemptionOf);
}

export async function postponeRedemption(db: TenantDb, { shopId }: ShopRef, redemptionId: string, notBefore: Date): Promise<void> {
  await db.loyaltyRedemption.updateMany({
    where: { shopId, redemptionId, state: { notIn: ['captured', 'released'] } },
    data: { notBefore },
  });
}

/**
 * Written before anything is sent, so that whoever comes after a crash looks before they send.
 *
 * @returns false when somebody else has counted meanwhile, or it is no more to be sent
 */
export async function countAttempt(
  db: TenantDb,
  { shopId }: ShopRef,
  { redemptionId, attempts }: Pick<Redemption, 'redemptionId' | 'attempts'>,
): Promise<boolean> {
  const { count } = await db.loyaltyRedemption.updateMany({
    where: { shopId, redemptionId, state: 'reserved', attempts },
    data: { attempts: attempts + 1 },
  });
  return count === 1;
}

/** @param lookAgainAt when it will have ended */
export async function markIssued(
  db: TenantDb,
  { shopId }: ShopRef,
  { redemptionId, shopifyGid, now, lookAgainAt }: { redemptionId: string; shopifyGid: string; now: Date; lookAgainAt: Date },
): Promise<void> {
  await db.loyaltyRedemption.updateMany({
    where: { shopId, redemptionId, state: 'reserved' },
    data: { state: 'issued', discountGid: shopifyGid, issuedAt: now, notBefore: lookAgainAt, lastError: null },
  });
}

/** Nobody shall use it any more; the worker finds out whether somebody did. Index: loyalty_redemptions_due. */
export async function markReleasing(
  db: TenantDb,
  { shopId }: ShopRef,
  { redemptionId, from, error, at }: { redemptionId: string; from: readonly RedemptionState[]; error: string; at: Date },
): Promise<boolean> {
  const { count } = await db.loyaltyRedemption.updateMany({
    where: { shopId, redemptionId, state: { in: [...from] } },
    data: { state: 'releasing', notBefore: at, lastError: error },
  });
  return count === 1;
}

/** Somebody else's discount has this code: another one is on record before it is sent. False when that one is taken too. */
export async function replaceRewardCode(
  db: TenantDb,
  { shopId }: ShopRef,
  { redemptionId, code, now }: { redemptionId: string; code: string; now: Date },
): Promise<boolean> {
  const taken = await db.loyaltyRedemption.findFirst({ where: { shopId, code }, select: { redemptionId: true } });
  if (taken !== null) return false;
  await db.loyaltyRedemption.updateMany({
    where: { shopId, redemptionId, state: 'reserved' },
    data: { code, notBefore: now, lastError: 'taken' },
  });
  return true;
}

/** `error` is a word of ours or Shopify's error codes: no personal data. */
export async function noteRedemptionError(db: TenantDb, { shopId }: ShopRef, redemptionId: string, error: string): Promise<void> {
  await db.loyaltyRedemption.updateMany({
    where: { shopId, redemptionId, state: { notIn: ['captured', 'released'] } },
    data: { lastError: error },
  });
}
