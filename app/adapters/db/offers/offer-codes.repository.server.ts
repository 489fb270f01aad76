import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { CodeGrant, DiscountPlan } from '#app/domain/offers/plan-discount.ts';
import type { OfferCode, OfferDiscount } from '#app/generated/prisma/client.ts';

export type OfferCodeState = 'intended' | 'issued' | 'failed';

/** A code on record: what was meant for one order, and how far it has come. */
export interface RecordedOffer {
  orderId: bigint;
  code: string;
  state: OfferCodeState;
  /** How often it was about to be sent. Above zero, Shopify may have it already. */
  attempts: number;
  plan: DiscountPlan;
  /** Shopify's id of the discount, once we know that it exists. */
  discountGid: string | null;
}

const codeStateSchema = z.enum(['intended', 'issued', 'failed']);
const grantKindSchema = z.enum(['percent', 'amount', 'free-shipping']);

/** Codes that the worker should bring to Shopify now, oldest first. */
export async function loadDueOffers(db: TenantDb, { shopId }: ShopRef, now: Date, limit: number): Promise<RecordedOffer[]> {
  const rows = await db.offerCode.findMany({
    where: { shopId, state: 'intended', notBefore: { lte: now } },
    include: { discount: true },
    orderBy: [{ intendedAt: 'asc' }, { orderId: 'asc' }],
    take: limit,
  });
  return rows.map(recordedOffer);
}

function recordedOffer(row: OfferCode & { discount: OfferDiscount }): RecordedOffer {
  return {
    orderId: row.orderId,
    code: row.code,
    state: codeStateSchema.parse(row.state),
    attempts: row.attempts,
    discountGid: row.discount.discountGid,
    plan: planOf(row.discount),
  };
}

function planOf(discount: OfferDiscount): DiscountPlan {
  return {
    discountKey: discount.discountKey,
    title: discount.title,
    customerId: discount.customerId,
    ruleId: discount.ruleId,
    grant: grantOf(discount),
    minimumSubtotalMinor: Number(discount.minimumSubtotalMinor),
    currency: discount.currency,
    startsAtMs: discount.startsAt.getTime(),
    endsAtMs: discount.endsAt.getTime(),
  };
}

export function grantOf({ grantKind, percentBasisPoints, amountMinor }: Pick<OfferDiscount, 'grantKind' | 'percentBasisPoints' | 'amountMinor'>): CodeGrant {
  switch (grantKindSchema.parse(grantKind)) {
    case 'percent':
      return { kind: 'percent', basisPoints: z.number().parse(percentBasisPoints) };
    case 'amount':
      return { kind: 'amount', amountMinor: Number(z.bigint().parse(amountMinor)) };
    case 'free-shipping':
      return { kind: 'free-shipping' };
  }
}

/** On record once, whoever comes first. */
export async function appendDiscount(db: TenantDb, { shopId }: ShopRef, plan: DiscountPlan, now: Date): Promise<void> {
  const { grant } = plan;
  await db.offerDiscount.createMany({
    data: {
      shopId,
      discountKey: plan.discountKey,
      title: plan.title,
      customerId: plan.customerId,
      ruleId: plan.ruleId,
      grantKind: grant.kind,
      percentBasisPoints: grant.kind === 'percent' ? grant.basisPoints : null,
      amountMinor: grant.kind === 'amount' ? BigInt(grant.amountMinor) : null,
      minimumSubtotalMinor: BigInt(plan.minimumSubtotalMinor),
      currency: plan.currency,
      startsAt: new Date(plan.startsAtMs),
      endsAt: new Date(plan.endsAtMs),
      createdAt: now,
    },
    skipDuplicates: true,
  });
}

/** Each by half of what it has waited by now, within bounds. */
export async function postponeOffers(
  db: TenantDb,
  { shopId }: ShopRef,
  { orderIds, now, leastMs, mostMs }: { orderIds: readonly bigint[]; now: Date; leastMs: number; mostMs: number },
): Promise<void> {
  await db.$executeRaw`
    UPDATE offer_codes
    SET not_before = ${now}::timestamptz + least(greatest((${now}::timestamptz - intended_at) / 2, ${leastMs} * interval '1 ms'), ${mostMs} * interval '1 ms')
    WHERE shop_id = ${shopId} AND order_id = ANY(${orderIds}) AND state = 'intended'`;
}

/** Written before anything is sent, so that whoever comes after a crash looks before they send. */
export async function countAttempts(db: TenantDb, { shopId }: ShopRef, orderIds: bigint[]): Promise<void> {
  await db.offerCode.updateMany({
    where: { shopId, orderId: { in: orderIds }, state: 'intended' },
    data: { attempts: { increment: 1 } },
  });
}

/** Shopify has the discount, by this id. */
export async function recordDiscount(db: TenantDb, { shopId }: ShopRef, discountKey: string, discountGid: string): Promise<void> {
  await db.offerDiscount.updateMany({ where: { shopId, discountKey }, data: { discountGid } });
}

export async function markIssued(db: TenantDb, { shopId }: ShopRef, orderIds: bigint[], now: Date): Promise<void> {
  await db.offerCode.updateMany({
    where: { shopId, orderId: { in: orderIds }, state: 'intended' },
    data: { state: 'issued', issuedAt: now, lastError: null },
  });
}

/** Somebody else's discount has this code: a new one is recorded before it is sent. False when that one is taken too. */
export async function replaceCode(
  db: TenantDb,
  { shopId }: ShopRef,
  { orderId, code, now }: { orderId: bigint; code: string; now: Date },
): Promise<boolean> {
  const taken = await db.offerCode.findUnique({ where: { shopId_code: { shopId, code } }, select: { orderId: true } });
  if (taken !== null) return false;
  await db.offerCode.updateMany({
    where: { shopId, orderId, state: 'intended' },
    data: { code, notBefore: now, lastError: 'taken' },
  });
  return true;
}

/** `error` is a word of ours or Shopify's error codes, here and below: no personal data. */
export async function noteError(db: TenantDb, { shopId }: ShopRef, orderIds: bigint[], error: string): Promise<void> {
  await db.offerCode.updateMany({
    where: { shopId, orderId: { in: orderIds }, state: 'intended' },
    data: { lastError: error },
  });
}

/** Not tried again. */
export async function markFailed(db: TenantDb, { shopId }: ShopRef, orderIds: bigint[], error: string): Promise<void> {
  await db.offerCode.updateMany({
    where: { shopId, orderId: { in: orderIds }, state: 'intended' },
    data: { state: 'failed', lastError: error },
  });
}

/** Of a discount of somebody who was forgotten: the one that it had names the order as the merchant and the buyer know it. */
export const NEUTRAL_TITLE = 'Perennial: next order';

/** Discounts of a customer who was merged into another, or into a pseudonym, which is negative. */
export async function moveDiscounts(connection: pg.PoolClient, { shopId }: ShopRef, { fromId, toId }: { fromId: bigint; toId: bigint }): Promise<void> {
  await connection.query(
    'UPDATE offer_discounts SET customer_id = $3, title = coalesce($4, title) WHERE shop_id = $1 AND customer_id = $2',
    [shopId, String(fromId), String(toId), toId < 0n ? NEUTRAL_TITLE : null],
  );
}
