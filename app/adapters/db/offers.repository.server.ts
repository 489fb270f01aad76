import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { CustomerHistory, OfferOrder } from '#app/domain/offers/decide-offer.ts';
import { DEFAULT_OFFER_SETTINGS, OFFER_AUDIENCES } from '#app/domain/offers/offer-settings.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';
import type { DiscountPlan } from '#app/domain/offers/plan-discount.ts';
import type { OfferCode, OfferDiscount, OfferSettings as OfferSettingsRow } from '#app/generated/prisma/client.ts';

export type OfferCodeState = 'intended' | 'issued' | 'failed';

/** A code on record: what was meant for one order, and how far it has come. */
export interface RecordedOffer {
  orderId: bigint;
  code: string;
  state: OfferCodeState;
  /** How often it was about to be sent. Above zero, Shopify may have it already. */
  attempts: number;
  intendedAtMs: number;
  plan: DiscountPlan;
  /** Shopify's id of the discount, once we know that it exists. */
  discountGid: string | null;
}

/** A shop as an offer needs it: its currency and zone fall back to the order's and UTC until the first sync has them. */
export interface OfferShop {
  currency: string | null;
  timeZone: string;
  isInstalled: boolean;
}

const audienceSchema = z.enum(OFFER_AUDIENCES);
const codeStateSchema = z.enum(['intended', 'issued', 'failed']);

export async function loadOfferShop(db: TenantDb, { shopId }: ShopRef): Promise<OfferShop> {
  const row = await db.shop.findUniqueOrThrow({
    where: { shopId },
    select: { currency: true, ianaTimeZone: true, installedAt: true, uninstalledAt: true },
  });
  return {
    currency: row.currency,
    timeZone: row.ianaTimeZone ?? 'UTC',
    isInstalled: row.installedAt !== null && row.uninstalledAt === null,
  };
}

/** A minimum in another currency than the shop has now counts as none: no amount of the old one holds in the new. */
export async function loadOfferSettings(
  db: TenantDb,
  { shopId }: ShopRef,
  { currency }: Pick<OfferShop, 'currency'>,
): Promise<OfferSettings> {
  const row = await db.offerSettings.findUnique({ where: { shopId } });
  if (row === null) return DEFAULT_OFFER_SETTINGS;
  const settings = settingsOf(row);
  return row.currency === currency ? settings : { ...settings, minimumSubtotalMinor: 0 };
}

function settingsOf(row: OfferSettingsRow): OfferSettings {
  return {
    isEnabled: row.isEnabled,
    percentBasisPoints: row.percentBasisPoints,
    validDays: row.validDays,
    minimumSubtotalMinor: Number(row.minimumSubtotalMinor),
    audience: audienceSchema.parse(row.audience),
    holdoutBasisPoints: row.holdoutBasisPoints,
  };
}

/** `currency` is the shop's, in which the minimum is meant. */
export async function putOfferSettings(
  db: TenantDb,
  { shopId }: ShopRef,
  { settings, currency, now }: { settings: OfferSettings; currency: string | null; now: Date },
): Promise<void> {
  const minimumSubtotalMinor = BigInt(settings.minimumSubtotalMinor);
  const columns = { ...settings, minimumSubtotalMinor, currency, updatedAt: now };
  await db.offerSettings.upsert({
    where: { shopId },
    create: { shopId, ...columns },
    update: columns,
  });
}

/** The order as an offer sees it, or null while we do not have it. A deleted order counts as one that we do not have. */
export async function loadOfferOrder(
  db: TenantDb,
  { shopId }: ShopRef,
  orderId: bigint,
): Promise<(OfferOrder & { currency: string }) | null> {
  const row = await db.order.findUnique({
    where: { shopId_orderId: { shopId, orderId }, deletedAt: null },
    select: { name: true, customerId: true, createdAt: true, isTest: true, cancelledAt: true, currency: true },
  });
  if (row === null) return null;
  return {
    orderId,
    name: row.name,
    customerId: row.customerId,
    createdAtMs: row.createdAt.getTime(),
    isTest: row.isTest,
    isCancelled: row.cancelledAt !== null,
    currency: row.currency,
  };
}

export async function loadCustomerHistory(
  db: TenantDb,
  { shopId }: ShopRef,
  order: OfferOrder,
): Promise<CustomerHistory | null> {
  const { customerId, orderId } = order;
  if (customerId === null) return null;
  const createdAt = new Date(order.createdAtMs);
  const countedOrders = await db.order.count({
    where: {
      shopId,
      customerId,
      isTest: false,
      cancelledAt: null,
      deletedAt: null,
      OR: [{ createdAt: { lt: createdAt } }, { createdAt, orderId: { lte: orderId } }],
    },
  });
  const customer = await db.customer.findUnique({
    where: { shopId_customerId: { shopId, customerId } },
    select: { numberOfOrders: true, updatedAt: true },
  });
  const shopify = customer && { numberOfOrders: customer.numberOfOrders, readAsOfMs: customer.updatedAt.getTime() };
  return { countedOrders, shopify };
}

export async function loadRecordedOffer(db: TenantDb, { shopId }: ShopRef, orderId: bigint): Promise<RecordedOffer | null> {
  const row = await db.offerCode.findUnique({
    where: { shopId_orderId: { shopId, orderId } },
    include: { discount: true },
  });
  return row && recordedOffer(row);
}

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
  const { discount } = row;
  return {
    orderId: row.orderId,
    code: row.code,
    state: codeStateSchema.parse(row.state),
    attempts: row.attempts,
    intendedAtMs: row.intendedAt.getTime(),
    discountGid: discount.discountGid,
    plan: {
      discountKey: discount.discountKey,
      title: discount.title,
      customerId: discount.customerId,
      percentBasisPoints: discount.percentBasisPoints ?? 0,
      minimumSubtotalMinor: Number(discount.minimumSubtotalMinor),
      currency: discount.currency,
      startsAtMs: discount.startsAt.getTime(),
      endsAtMs: discount.endsAt.getTime(),
    },
  };
}

/** Lets one request at a time decide about one order, to the end of the transaction. */
export async function lockOrderForOffer(db: TenantDb, { shopId }: ShopRef, orderId: bigint): Promise<void> {
  await db.$queryRaw`SELECT 1 FROM orders WHERE shop_id = ${shopId} AND order_id = ${orderId} FOR NO KEY UPDATE`;
}

/** Records what we mean to do, before anything is sent. False when another order has that very code. */
export async function appendOfferIntent(
  db: TenantDb,
  { shopId }: ShopRef,
  { orderId, code, plan, now }: { orderId: bigint; code: string; plan: DiscountPlan; now: Date },
): Promise<boolean> {
  await db.offerDiscount.createMany({
    data: {
      shopId,
      discountKey: plan.discountKey,
      title: plan.title,
      customerId: plan.customerId,
      percentBasisPoints: plan.percentBasisPoints,
      minimumSubtotalMinor: BigInt(plan.minimumSubtotalMinor),
      currency: plan.currency,
      startsAt: new Date(plan.startsAtMs),
      endsAt: new Date(plan.endsAtMs),
      createdAt: now,
    },
    skipDuplicates: true,
  });
  const { count } = await db.offerCode.createMany({
    data: { shopId, orderId, discountKey: plan.discountKey, code, state: 'intended', notBefore: now, intendedAt: now },
    skipDuplicates: true,
  });
  return count === 1;
}

export async function postponeOffer(db: TenantDb, { shopId }: ShopRef, orderId: bigint, notBefore: Date): Promise<void> {
  await db.offerCode.updateMany({ where: { shopId, orderId, state: 'intended' }, data: { notBefore } });
}

/** Written before anything is sent, so that whoever comes after a crash looks before they send. */
export async function countAttempts(db: TenantDb, { shopId }: ShopRef, orderIds: bigint[]): Promise<void> {
  await db.offerCode.updateMany({
    where: { shopId, orderId: { in: orderIds }, state: 'intended' },
    data: { attempts: { increment: 1 } },
  });
}

export async function markIssued(
  db: TenantDb,
  { shopId }: ShopRef,
  { orderId, discountKey, discountGid, now }: { orderId: bigint; discountKey: string; discountGid: string; now: Date },
): Promise<void> {
  await db.offerDiscount.updateMany({ where: { shopId, discountKey }, data: { discountGid } });
  await db.offerCode.updateMany({
    where: { shopId, orderId, state: 'intended' },
    data: { state: 'issued', issuedAt: now, lastError: null },
  });
}

/** Discounts that we knew are gone from Shopify, so that the next code makes another. */
export async function forgetDiscounts(db: TenantDb, { shopId }: ShopRef, discountKeys: string[]): Promise<void> {
  await db.offerDiscount.updateMany({ where: { shopId, discountKey: { in: discountKeys } }, data: { discountGid: null } });
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
