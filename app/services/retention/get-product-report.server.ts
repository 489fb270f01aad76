import type { Cut } from '#app/domain/retention/columns/cut-query.ts';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { computeProductReport } from '#app/domain/retention/products/product-report.ts';
import type { ProductReport, ProductReportOptions } from '#app/domain/retention/products/product-report.ts';
import type { ProductScope } from '#app/domain/retention/products/product-scope.ts';
import { chooseAsOfDay } from '#app/domain/retention/report/choose-as-of-day.ts';
import type { Result } from '#app/domain/result.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import type { RetentionReportRefusal } from '#app/services/retention/get-retention-report.server.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { cutOfLines } from '#app/services/retention/cut-scope.server.ts';
import { loadShopLines } from '#app/services/retention/shop-lines.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface ProductScopeOfShop {
  scope: ProductScope;
  /** `YYYY-MM-DD`, in shop time. */
  asOf: string;
  today: string;
  /** When orders and lines were read; they may be some minutes old. Epoch milliseconds. */
  readAtMs: number;
  /** How many days of orders Shopify lets us read; null for all of them. */
  historyDays: number | null;
  /** The product by its key where the one was asked for that most customers begin with. */
  cut: Cut | null;
  offer: () => OfferedCut[];
  /** What answers are kept of: they go when lines or tiers are others. */
  source: object;
}

export interface ProductScopeQuestion {
  /** `YYYY-MM-DD`; null or anything else leaves the choice to `chooseAsOfDay`. */
  asOf: string | null;
  /** Whose orders, by their first one; null for everybody's. */
  cut?: Cut | null;
}

export interface ProductReportOfShop extends Omit<ProductScopeOfShop, 'scope' | 'cut' | 'offer' | 'source'> {
  report: ProductReport;
  currency: string;
}

/** What the numbers about a shop's products are computed from: its orders and their lines, up to a day. */
export async function loadProductScope(
  context: ShopContext,
  { asOf, cut: asked = null }: ProductScopeQuestion,
): Promise<Result<ProductScopeOfShop, RetentionReportRefusal>> {
  const loaded = await loadShopLines(context);
  if (loaded === null) return { ok: false, reason: 'shop-not-known-yet' };
  const { orders, lines, readAtMs } = loaded.kept;
  const { columns, lastOrderDay } = orders;
  const today = dayOfInstant(context.now().getTime(), columns.timeZone);
  const asOfDay = chooseAsOfDay({ today, lastOrderDay, askedDay: asOf === null ? null : parseDay(asOf) });
  const { cut, offer, select, source } = await cutOfLines(context, loaded.kept, asked);
  const scope = { columns, lines, selection: select(), asOf: asOfDayIn(columns.timeZone, asOfDay) };
  return { ok: true, value: { scope, asOf: formatDay(asOfDay), today: formatDay(today), readAtMs, historyDays: loaded.facts.historyDays, cut, offer, source } };
}

/** Replenishment, products bought together and first products of a shop. */
export const getProductReport = computedApart('product-report', computeProductsOfShop);

async function computeProductsOfShop(
  context: ShopContext,
  question: ProductScopeQuestion & ProductReportOptions,
): Promise<Result<ProductReportOfShop, RetentionReportRefusal>> {
  const loaded = await loadProductScope(context, question);
  if (!loaded.ok) return loaded;
  const { scope, asOf, today, readAtMs, historyDays } = loaded.value;
  const { minSupport, withinDays } = question;
  return { ok: true, value: { ...{ asOf, today, readAtMs, historyDays }, currency: scope.columns.currency, report: computeProductReport(scope, { minSupport, withinDays }) } };
}
