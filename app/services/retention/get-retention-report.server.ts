import { countProspects } from '#app/adapters/db/count-prospects.server.ts';
import { loadOrderColumns, type LoadedOrders } from '#app/adapters/db/order-columns-source.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { chooseAsOfDay } from '#app/domain/retention/report/choose-as-of-day.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import type { RetentionReport } from '#app/domain/retention/report/report.ts';
import type { Result } from '#app/domain/result.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { ColumnsCache } from './columns-cache.server.ts';

export interface RetentionReportOfShop {
  report: RetentionReport;
  /** Orders left out because they are in another currency than the shop's. */
  inOtherCurrency: number;
  /** `YYYY-MM-DD` in shop time; the report may be as of an earlier day. */
  today: string;
  /** When our copy last took in a change or found that there was none; epoch milliseconds. */
  freshAtMs: number | null;
  /** How many days of orders Shopify lets us read; null for all of them. */
  historyDays: number | null;
}

/** Currency and time zone come with the first pull; without them no number means anything. */
export type RetentionReportRefusal = { readonly reason: 'shop-not-known-yet' };

interface CachedOrders extends LoadedOrders {
  prospects: number;
  /** Null while no order counts. */
  lastOrderDay: number | null;
}

const cache = new ColumnsCache<CachedOrders>({ shops: 8 });

/**
 * The report of a shop as of a day in its own time zone. The columns are loaded once for each state of its data.
 *
 * @param asOf `YYYY-MM-DD`; null or anything else leaves the choice to `chooseAsOfDay`
 */
export async function getRetentionReport(
  context: ShopContext,
  { asOf }: { asOf: string | null },
): Promise<Result<RetentionReportOfShop, RetentionReportRefusal>> {
  const { shopId } = context.shop;
  const facts = await context.inShop((db) => loadShopFacts(db, shopId));
  if (facts === null) return { ok: false, reason: 'shop-not-known-yet' };

  const { timeZone, currency, freshAtMs, historyDays } = facts;
  const version = [facts.dataVersion, timeZone, currency].join(' ');
  const orders = await cache.get(shopId, version, () => load(context, facts));
  const { columns, excluded, inOtherCurrency, prospects, lastOrderDay } = orders;
  const today = dayOfInstant(context.now().getTime(), timeZone);
  const asOfDay = chooseAsOfDay({ today, lastOrderDay, askedDay: asOf === null ? null : parseDay(asOf) });
  const report = computeRetentionReport(columns, { asOfDay, excluded, prospects });
  return { ok: true, value: { report, inOtherCurrency, today: formatDay(today), freshAtMs, historyDays } };
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

async function load(context: ShopContext, { timeZone, currency }: ShopFacts): Promise<CachedOrders> {
  const orders = await loadOrderColumns(context, { timeZone, currency }, 'perennial');
  const { days, orderCount } = orders.columns;
  const lastOrderDay = orderCount === 0 ? null : latestOf(days);
  return { ...orders, lastOrderDay, prospects: await context.inShop((db) => countProspects(db, context.shop)) };
}

function latestOf(days: Iterable<number>): number {
  let latest = -Infinity;
  for (const day of days) if (day > latest) latest = day;
  return latest;
}
