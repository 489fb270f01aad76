import { isOffering } from '#app/adapters/db/offers/offer-settings.repository.server.ts';
import { awaitAdvice } from '#app/domain/retention/advice/advice-awaited.ts';
import type { AdviceAwaited } from '#app/domain/retention/advice/advice-awaited.ts';
import { chooseWeeklyActions } from '#app/domain/retention/advice/choose-weekly-actions.ts';
import { deriveStoreStanding } from '#app/domain/retention/advice/store-standing.ts';
import type { StoreStanding } from '#app/domain/retention/advice/store-standing.ts';
import type { WeeklyAction } from '#app/domain/retention/advice/weekly-action.ts';
import { cutToQuery } from '#app/domain/retention/columns/cut-query.ts';
import type { Cut } from '#app/domain/retention/columns/cut-query.ts';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
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
import { loadCutScope } from '#app/services/retention/cut-scope.server.ts';
import type { CutScope } from '#app/services/retention/cut-scope.server.ts';
import { whoseReport } from '#app/services/retention/get-retention-report.server.ts';
import type { RetentionReportOfShop, RetentionReportRefusal } from '#app/services/retention/get-retention-report.server.ts';
import { KeptAnswers } from '#app/services/retention/kept-answers.server.ts';
import { loadProductActions } from '#app/services/retention/product-actions.server.ts';
import type { ProductActionsOfShop } from '#app/services/retention/product-actions.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export const WINDOW_DAYS = [30, 90, 365] as const;

export type WindowDays = (typeof WINDOW_DAYS)[number];

export interface OverviewOfShop extends RetentionReportOfShop {
  compared: ComparedWindows;
  /** As addresses carry it, a product by its key; null for everybody. */
  cut: string | null;
  cuts: OfferedCut[];
  /** What to do is said of all customers: of a part of them nothing is. */
  actions: WeeklyAction[];
  /** Where there is nothing to do for want of a past; null where nothing is due, or something is said. */
  adviceAwaited: AdviceAwaited | null;
  /** Null of a part of the customers: a store stands as a whole. */
  standing: StoreStanding | null;
}

export interface OverviewQuestion {
  /** `YYYY-MM-DD`; null or anything else leaves the choice to `chooseAsOfDay`. */
  asOf: string | null;
  days: WindowDays;
  cut?: Cut | null;
}

/** What the page asks for where its address says nothing else. */
export const FIRST_LOOK: OverviewQuestion & { readonly cut: null } = { asOf: null, days: 365, cut: null };

/** What a merchant sees first: the report, its numbers beside those of the time before, and what to do this week. */
export const getOverview = computedApart('overview', computeOverview);

async function computeOverview(
  context: ShopContext,
  { asOf, days, cut = null }: OverviewQuestion,
): Promise<Result<OverviewOfShop, RetentionReportRefusal>> {
  const scope = await loadCutScope(context, cut);
  if (scope === null) return { ok: false, reason: 'shop-not-known-yet' };
  const { facts, orders } = scope;
  const { columns, inOtherCurrency, lastOrderDay } = orders;
  const today = dayOfInstant(context.now().getTime(), columns.timeZone);
  const asOfDay = chooseAsOfDay({ today, lastOrderDay, askedDay: asOf === null ? null : parseDay(asOf) });
  const report = reportOf(scope, asOfDay);
  return {
    ok: true,
    value: {
      report,
      counting: columns.counting,
      // Orders that do not count are in no part of a cut.
      inOtherCurrency: scope.cut === null ? inOtherCurrency : 0,
      today: formatDay(today),
      freshAtMs: facts.freshAtMs,
      historyDays: facts.historyDays,
      compared: comparedOf(scope, report, { asOfDay, days }),
      cut: scope.cut === null ? null : cutToQuery(scope.cut),
      cuts: scope.offer(),
      ...(scope.cut === null ? await adviceOf(context, orders, { asOfDay, report }) : { actions: [], adviceAwaited: null, standing: null }),
    },
  };
}

/** The overview looks for new numbers every half minute, and whoever comes back to it from another page does as well. */
const DAYS_KEPT = 8;
const keptReports = new KeptAnswers<object, RetentionReport>(DAYS_KEPT);
const keptWindows = new KeptAnswers<object, ComparedWindows>(DAYS_KEPT * WINDOW_DAYS.length);
const keptStandings = new KeptAnswers<ShopColumns, StoreStanding>(DAYS_KEPT);
const keptActions = new KeptAnswers<ShopColumns, Pick<OverviewOfShop, 'actions' | 'adviceAwaited'>>(DAYS_KEPT);

function reportOf(scope: CutScope, asOfDay: number): RetentionReport {
  const { source, key, orders } = scope;
  return keptReports.of(source, `${asOfDay} ${key}`, () => computeRetentionReport(orders.columns, { asOfDay, ...whoseReport(scope) }));
}

function comparedOf(
  { source, key, select, orders: { columns } }: CutScope,
  { inputs: { firstOrderAt } }: RetentionReport,
  { asOfDay, days }: { asOfDay: number; days: WindowDays },
): ComparedWindows {
  return keptWindows.of(source, `${asOfDay} ${days} ${key}`, () => {
    const firstOrderDay = firstOrderAt === null ? null : dayOfInstant(Date.parse(firstOrderAt), columns.timeZone);
    return compareWindows(columns, select(), { asOfDay, days, firstOrderDay });
  });
}

async function adviceOf(
  context: ShopContext,
  orders: ShopColumns,
  { asOfDay, report }: { asOfDay: number; report: RetentionReport },
): Promise<Pick<OverviewOfShop, 'actions' | 'adviceAwaited' | 'standing'>> {
  const [isOfferOn, ofProducts] = await Promise.all([
    loadIsOfferOn(context),
    loadProductActions(context, { orders, asOf: formatDay(asOfDay) }),
  ]);
  return {
    standing: keptStandings.of(orders, `${asOfDay}`, () => deriveStoreStanding(orders.columns, report, { day: asOfDay })),
    ...actionsOf(orders, { asOfDay, isOfferOn, ofProducts }),
  };
}

function actionsOf(
  orders: ShopColumns,
  { asOfDay, isOfferOn, ofProducts }: { asOfDay: number; isOfferOn: boolean; ofProducts: ProductActionsOfShop | null },
): Pick<OverviewOfShop, 'actions' | 'adviceAwaited'> {
  const { columns } = orders;
  const asOf = asOfDayIn(columns.timeZone, asOfDay);
  return keptActions.of(orders, `${asOfDay} ${isOfferOn} ${ofProducts?.computedAtMs ?? 'none'}`, () => {
    const actions = chooseWeeklyActions(columns, everyone(columns), { asOf, isOfferOn, ofProducts: ofProducts?.actions ?? [] });
    return { actions, adviceAwaited: actions.length > 0 ? null : awaitAdvice(columns, everyone(columns), asOf) };
  });
}

function loadIsOfferOn({ inShop, shop }: ShopContext): Promise<boolean> {
  return inShop((db) => isOffering(db, shop));
}
