import type { Cut } from '#app/domain/retention/columns/cut-query.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { chooseAsOfDay } from '#app/domain/retention/report/choose-as-of-day.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import type { ExcludedCounts, RetentionReport } from '#app/domain/retention/report/report.ts';
import type { Result } from '#app/domain/result.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadCutScope } from '#app/services/retention/cut-scope.server.ts';
import type { CutScope } from '#app/services/retention/cut-scope.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface RetentionReportOfShop {
  report: RetentionReport;
  /** How the merchant has orders counted. */
  counting: OrderCounting;
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

/** Orders that do not count are no customer's first order, so they are in no part of a cut. */
const NONE_EXCLUDED: ExcludedCounts = { test: 0, deleted: 0, cancelled: 0, refunded: 0, unknownState: 0 };

/** What `computeRetentionReport` is told of a part of the customers, or of all. */
export function whoseReport({ orders: { excluded, prospects }, cut, select }: CutScope) {
  return cut === null ? { excluded, prospects: prospects.ids.length } : { excluded: NONE_EXCLUDED, selection: select() };
}

/**
 * The report of a shop as of a day in its own time zone.
 *
 * @param asOf `YYYY-MM-DD`; null or anything else leaves the choice to `chooseAsOfDay`
 * @param cut whose report it is, by their first order; null for everybody's
 */
export const getRetentionReport = computedApart('retention-report', computeReport);

interface ReportQuestion {
  asOf: string | null;
  cut?: Cut | null;
}

async function computeReport(
  context: ShopContext,
  { asOf, cut = null }: ReportQuestion,
): Promise<Result<RetentionReportOfShop, RetentionReportRefusal>> {
  const scope = await loadCutScope(context, cut);
  if (scope === null) return { ok: false, reason: 'shop-not-known-yet' };
  const { facts, orders } = scope;
  const { columns, inOtherCurrency, lastOrderDay } = orders;
  const today = dayOfInstant(context.now().getTime(), columns.timeZone);
  const asOfDay = chooseAsOfDay({ today, lastOrderDay, askedDay: asOf === null ? null : parseDay(asOf) });
  const report = computeRetentionReport(columns, { asOfDay, ...whoseReport(scope) });
  const { freshAtMs, historyDays } = facts;
  return { ok: true, value: { report, counting: columns.counting, inOtherCurrency, today: formatDay(today), freshAtMs, historyDays } };
}
