import { loadOrderColumns } from '#app/adapters/db/order-columns-source.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { computeRetentionReport } from '#app/domain/retention/compute-retention-report.ts';
import type { RetentionReport } from '#app/domain/retention/report.ts';
import type { Result } from '#app/domain/result.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { ReportCache } from './report-cache.server.ts';

export interface ComputedReport {
  report: RetentionReport;
  /** Orders left out because they are in another currency than the shop's. */
  inOtherCurrency: number;
}

export interface RetentionReportOfShop extends ComputedReport {
  /** When our copy last took in a change or found that there was none; epoch milliseconds. */
  freshAtMs: number | null;
  /** How many days of orders Shopify lets us read; null for all of them. */
  historyDays: number | null;
}

/** Currency and time zone come with the first pull; without them no number means anything. */
export type RetentionReportRefusal = { readonly reason: 'shop-not-known-yet' };

const cache = new ReportCache<ComputedReport>({ shops: 8 });

/** The report as of today in the shop's time zone; computed once for each state of the shop's data. */
export async function getRetentionReport(
  context: ShopContext,
): Promise<Result<RetentionReportOfShop, RetentionReportRefusal>> {
  const { shopId } = context.shop;
  const facts = await context.inShop((db) => loadShopFacts(db, shopId));
  if (facts === null) return { ok: false, reason: 'shop-not-known-yet' };

  const asOfDay = dayOfInstant(context.now().getTime(), facts.timeZone);
  const version = [facts.dataVersion, asOfDay, facts.timeZone, facts.currency].join(' ');
  const computed = await cache.get(shopId, version, () => compute(context, facts, asOfDay));
  return { ok: true, value: { ...computed, freshAtMs: facts.freshAtMs, historyDays: facts.historyDays } };
}

interface ShopFacts {
  timeZone: string;
  currency: string;
  dataVersion: bigint;
  freshAtMs: number | null;
  historyDays: number | null;
}

async function loadShopFacts(db: TenantDb, shopId: number): Promise<ShopFacts | null> {
  const { ianaTimeZone, currency, dataVersion, freshAt, historyDays } = await db.shop.findUniqueOrThrow({ where: { shopId } });
  if (ianaTimeZone === null || currency === null) return null;
  return { timeZone: ianaTimeZone, currency, dataVersion, freshAtMs: freshAt?.getTime() ?? null, historyDays };
}

async function compute(context: ShopContext, { timeZone, currency }: ShopFacts, asOfDay: number): Promise<ComputedReport> {
  const { columns, excluded, inOtherCurrency } = await loadOrderColumns(context, { timeZone, currency }, 'perennial');
  const prospects = await context.inShop((db) => countProspects(db, context.shop.shopId));
  return { report: computeRetentionReport(columns, { asOfDay, excluded, prospects }), inOtherCurrency };
}

/** Customers without any order: none that Shopify counts, which sees further back than we may, and none of ours. */
async function countProspects(db: TenantDb, shopId: number): Promise<number> {
  const rows = await db.$queryRaw<{ prospects: number }[]>`
    SELECT count(*)::int AS prospects FROM customers c
    WHERE c.shop_id = ${shopId} AND c.number_of_orders = 0
      AND NOT EXISTS (SELECT FROM orders o WHERE o.shop_id = ${shopId} AND o.customer_id = c.customer_id)`;
  return rows[0]?.prospects ?? 0;
}
