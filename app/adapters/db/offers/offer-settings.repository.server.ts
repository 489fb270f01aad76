import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { firstRule } from '#app/domain/offers/first-rule.ts';
import { withoutAmounts } from '#app/domain/offers/in-currency.ts';
import { OFFER_GRANT_KINDS, OFFER_ORDERS } from '#app/domain/offers/offer-rule.ts';
import type { OfferGrant, OfferRule, OfferValidity } from '#app/domain/offers/offer-rule.ts';
import { DEFAULT_OFFER_SETTINGS, OFFER_LIMITS } from '#app/domain/offers/offer-settings.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';
import type { OfferRule as StoredRule, OfferSettings as StoredSettings } from '#app/generated/prisma/client.ts';

/** A shop as an offer needs it: its currency and zone fall back to the order's and UTC until the first sync has them. */
export interface OfferShop {
  currency: string | null;
  timeZone: string;
  isInstalled: boolean;
  /** When a backup was restored; null: never. */
  restoredAtMs: number | null;
}

/** As both ways to the database bring them. */
export type SettingsRow = Omit<StoredSettings, 'shopId' | 'poolDueAt' | 'poolTarget' | 'poolTargetAt' | 'updatedAt'>;
export type RuleRow = Omit<StoredRule, 'shopId' | 'position' | 'conditions' | 'termsSince' | 'updatedAt'> & { conditions: unknown };

const audienceSchema = z.enum(['first-order', 'every-order']);
const grantKindSchema = z.enum(OFFER_GRANT_KINDS);
const texts = z.array(z.string());
const conditionsSchema = z.object({
  orders: z.enum(OFFER_ORDERS),
  segments: texts,
  tiers: texts,
  countries: texts,
  products: texts,
  leastSubtotalMinor: z.number().int().nullable(),
  mostSubtotalMinor: z.number().int().nullable(),
});

export async function loadOfferShop(db: TenantDb, { shopId }: ShopRef): Promise<OfferShop> {
  const row = await db.shop.findUniqueOrThrow({
    where: { shopId },
    select: { currency: true, ianaTimeZone: true, installedAt: true, uninstalledAt: true, restoredAt: true },
  });
  return {
    currency: row.currency,
    timeZone: row.ianaTimeZone ?? 'UTC',
    isInstalled: row.installedAt !== null && row.uninstalledAt === null,
    restoredAtMs: row.restoredAt?.getTime() ?? null,
  };
}

/** @param currency the shop's now: what was saved in another does not hold */
export async function loadOfferSettings(db: TenantDb, { shopId }: ShopRef, { currency }: Pick<OfferShop, 'currency'>): Promise<OfferSettings> {
  const row = await db.offerSettings.findUnique({ where: { shopId } });
  const rules = row?.hasRules === true ? await db.offerRule.findMany({ where: { shopId }, orderBy: [{ position: 'asc' }, { ruleId: 'asc' }] }) : [];
  return offerSettingsOf(row, rules, currency);
}

/** @param currency the shop's now */
export function offerSettingsOf(row: SettingsRow | null, rules: readonly RuleRow[], currency: string | null): OfferSettings {
  if (row === null) return DEFAULT_OFFER_SETTINGS;
  const own = {
    isEnabled: row.isEnabled,
    holdoutBasisPoints: row.holdoutBasisPoints,
    mostDepthBasisPoints: row.mostDepthBasisPoints,
    grossMarginBasisPoints: row.grossMarginBasisPoints,
  };
  // Before there were rules nobody counted a customer's codes.
  if (!row.hasRules) return { ...own, mostOpenCodes: OFFER_LIMITS.mostOpenCodes.most, rules: [firstRuleOf(row, currency)] };
  return { ...own, mostOpenCodes: row.mostOpenCodes, rules: rules.map((rule) => ruleOf(rule, currency)) };
}

/** Whether anybody can get anything at all. */
export async function isOffering(db: TenantDb, { shopId }: ShopRef): Promise<boolean> {
  const row = await db.offerSettings.findUnique({ where: { shopId }, select: { isEnabled: true, hasRules: true } });
  if (row === null || !row.isEnabled) return false;
  return !row.hasRules || (await db.offerRule.count({ where: { shopId, isEnabled: true } })) > 0;
}

function firstRuleOf(row: SettingsRow, currency: string | null): OfferRule {
  const { percentBasisPoints, validDays, minimumSubtotalMinor } = row;
  const rule = firstRule({ percentBasisPoints, validDays, minimumSubtotalMinor: Number(minimumSubtotalMinor), audience: audienceSchema.parse(row.audience) });
  return row.currency === currency ? rule : withoutAmounts(rule);
}

function ruleOf(row: RuleRow, currency: string | null): OfferRule {
  const rule: OfferRule = {
    ruleId: row.ruleId,
    name: row.name,
    isEnabled: row.isEnabled,
    conditions: conditionsSchema.parse(row.conditions),
    grant: grantOf(row),
    minimumSubtotalMinor: Number(row.minimumSubtotalMinor),
    validity: validityOf(row),
  };
  return row.currency === currency ? rule : withoutAmounts(rule);
}

function grantOf({ grantKind, percentBasisPoints, amountMinor }: RuleRow): OfferGrant {
  const kind = grantKindSchema.parse(grantKind);
  switch (kind) {
    case 'percent':
      return { kind, basisPoints: z.number().parse(percentBasisPoints) };
    case 'amount':
    case 'store-credit':
      return { kind, amountMinor: Number(z.bigint().parse(amountMinor)) };
    case 'free-shipping':
      return { kind };
  }
}

function validityOf({ validDays, validHours }: RuleRow): OfferValidity {
  return validHours === null ? { kind: 'days', days: z.number().parse(validDays) } : { kind: 'hours', hours: validHours };
}

/** First in a transaction that changes settings: two who save at once leave the rules of one of them. */
export async function lockShopForOffers(db: TenantDb, { shopId }: ShopRef): Promise<void> {
  await db.$queryRaw`SELECT 1 FROM shops WHERE shop_id = ${shopId} FOR NO KEY UPDATE`;
}

/** Replaces settings and rules. `currency` is the shop's, in which amounts are meant. */
export async function putOfferSettings(
  db: TenantDb,
  { shopId }: ShopRef,
  { settings, currency, now }: { settings: OfferSettings; currency: string | null; now: Date },
): Promise<void> {
  const { rules, ...own } = settings;
  // The worker sees to codes of what is offered from now on.
  const columns = { ...own, currency, hasRules: true, poolDueAt: null, updatedAt: now };
  await db.offerSettings.upsert({ where: { shopId }, create: { shopId, ...columns }, update: columns });
  const before = new Map((await db.offerRule.findMany({ where: { shopId } })).map((row) => [row.ruleId, row]));
  const termsSince = (rule: OfferRule) => {
    const stored = before.get(rule.ruleId);
    return stored !== undefined && isDeepStrictEqual(termsOf(ruleOf(stored, currency)), termsOf(rule)) ? stored.termsSince : now;
  };
  await db.offerRule.deleteMany({ where: { shopId } });
  await db.offerRule.createMany({
    data: rules.map((rule, position) => ({ shopId, position, currency, termsSince: termsSince(rule), updatedAt: now, ...rowOf(rule) })),
  });
}

/** What a rule asks and gives: what it adds is another question when one of these is another. */
const termsOf = ({ conditions, grant, minimumSubtotalMinor, validity }: OfferRule) => ({ conditions, grant, minimumSubtotalMinor, validity });

/** Since when each rule has its present terms, milliseconds; without those of which nobody knows it. */
export async function loadTermsSince(db: TenantDb, { shopId }: ShopRef): Promise<Map<string, number>> {
  const rows = await db.offerRule.findMany({ where: { shopId, termsSince: { not: null } }, select: { ruleId: true, termsSince: true } });
  return new Map(rows.flatMap(({ ruleId, termsSince }) => (termsSince === null ? [] : [[ruleId, termsSince.getTime()]])));
}

function rowOf({ ruleId, name, isEnabled, conditions, grant, minimumSubtotalMinor, validity }: OfferRule) {
  return {
    ...{ ruleId, name, isEnabled },
    conditions: conditionsSchema.parse(conditions),
    grantKind: grant.kind,
    percentBasisPoints: grant.kind === 'percent' ? grant.basisPoints : null,
    amountMinor: grant.kind === 'amount' || grant.kind === 'store-credit' ? BigInt(grant.amountMinor) : null,
    minimumSubtotalMinor: BigInt(minimumSubtotalMinor),
    validDays: validity.kind === 'days' ? validity.days : null,
    validHours: validity.kind === 'hours' ? validity.hours : null,
  };
}
