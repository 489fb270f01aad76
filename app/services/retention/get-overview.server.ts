import { isOffering } from '#app/adapters/db/offers/offer-settings.repository.server.ts';
import { chooseWeeklyActions } from '#app/domain/retention/advice/choose-weekly-actions.ts';
import { deriveStoreStanding } from '#app/domain/retention/advice/store-standing.ts';
import type { StoreStanding } from '#app/domain/retention/advice/store-standing.ts';
import type { WeeklyAction } from '#app/domain/retention/advice/weekly-action.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { chooseAsOfDay } from '#app/domain/retention/report/choose-as-of-day.ts';
import { compareWindows } from '#app/domain/retention/report/compare-windows.ts';
import type { ComparedWindows } from '#app/domain/retention/report/compare-windows.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import type { Result } from '#app/domain/result.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import type { RetentionReport } from '#app/domain/retention/report/report.ts';
import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import type { RetentionReportOfShop, RetentionReportRefusal } from '#app/services/retention/get-retention-report.server.ts';
import { KeptAnswers } from '#app/services/retention/kept-answers.server.ts';
import { loadProductActions } from '#app/services/retention/product-actions.server.ts';
import type { ProductActionsOfShop } from '#app/services/retention/product-actions.server.ts';
import { loadShopColumns } from '#app/services/retention/shop-columns.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export const WINDOW_DAYS = [30, 90, 365] as const;

export type WindowDays = (typeof WINDOW_DAYS)[number];

export interface OverviewOfShop extends RetentionReportOfShop {
  compared: ComparedWindows;
  actions: WeeklyAction[];
  standing: StoreStanding;
}

export interface OverviewQuestion {
  /** `YYYY-MM-DD`; null or anything else leaves the choice to `chooseAsOfDay`. */
  asOf: string | null;
  days: WindowDays;
}

/** What a merchant sees first: the report, its numbers beside those of the time before, and what to do this week. */
export const getOverview = computedApart('overview', computeOverview);

async function computeOverview(
  context: ShopContext,
  { asOf, days }: OverviewQuestion,
): Promise<Result<OverviewOfShop, RetentionReportRefusal>> {
  const [loaded, isOfferOn] = await Promise.all([loadShopColumns(context), loadIsOfferOn(context)]);
  if (loaded === null) return { ok: false, reason: 'shop-not-known-yet' };
  const { facts, orders } = loaded;
  const { columns, inOtherCurrency, lastOrderDay } = orders;
  const today = dayOfInstant(context.now().getTime(), columns.timeZone);
  const asOfDay = chooseAsOfDay({ today, lastOrderDay, askedDay: asOf === null ? null : parseDay(asOf) });
  const ofProducts = await loadProductActions(context, { orders, asOf: formatDay(asOfDay) });
  const report = reportOf(orders, asOfDay);
  return {
    ok: true,
    value: {
      report,
      counting: columns.counting,
      inOtherCurrency,
      today: formatDay(today),
      freshAtMs: facts.freshAtMs,
      historyDays: facts.historyDays,
      compared: comparedOf(orders, report, { asOfDay, days }),
      standing: keptStandings.of(orders, `${asOfDay}`, () => deriveStoreStanding(columns, report)),
      actions: actionsOf(orders, { asOfDay, isOfferOn, ofProducts }),
    },
  };
}

/** The overview looks for new numbers every half minute, and whoever comes back to it from another page does as well. */
const DAYS_KEPT = 8;
const keptReports = new KeptAnswers<ShopColumns, RetentionReport>(DAYS_KEPT);
const keptWindows = new KeptAnswers<ShopColumns, ComparedWindows>(DAYS_KEPT * WINDOW_DAYS.length);
const keptStandings = new KeptAnswers<ShopColumns, StoreStanding>(DAYS_KEPT);
const keptActions = new KeptAnswers<ShopColumns, WeeklyAction[]>(DAYS_KEPT);

function reportOf(orders: ShopColumns, asOfDay: number): RetentionReport {
  const { columns, excluded, prospects } = orders;
  return keptReports.of(orders, `${asOfDay}`, () => computeRetentionReport(columns, { asOfDay, excluded, prospects: prospects.ids.length }));
}

function comparedOf(
  orders: ShopColumns,
  { inputs: { firstOrderAt } }: RetentionReport,
  { asOfDay, days }: { asOfDay: number; days: WindowDays },
): ComparedWindows {
  const { columns } = orders;
  return keptWindows.of(orders, `${asOfDay} ${days}`, () => {
    const firstOrderDay = firstOrderAt === null ? null : dayOfInstant(Date.parse(firstOrderAt), columns.timeZone);
    return compareWindows(columns, everyone(columns), { asOfDay, days, firstOrderDay });
  });
}

function actionsOf(
  orders: ShopColumns,
  { asOfDay, isOfferOn, ofProducts }: { asOfDay: number; isOfferOn: boolean; ofProducts: ProductActionsOfShop | null },
): WeeklyAction[] {
  const { columns } = orders;
  const asOf = asOfDayIn(columns.timeZone, asOfDay);
  return keptActions.of(orders, `${asOfDay} ${isOfferOn} ${ofProducts?.computedAtMs ?? 'none'}`, () =>
    chooseWeeklyActions(columns, everyone(columns), { asOf, isOfferOn, ofProducts: ofProducts?.actions ?? [] }),
  );
}

function loadIsOfferOn({ inShop, shop }: ShopContext): Promise<boolean> {
  return inShop((db) => isOffering(db, shop));
}
