import { cutToQuery } from '#app/domain/retention/columns/cut-query.ts';
import type { Cut } from '#app/domain/retention/columns/cut-query.ts';
import { countCutValues } from '#app/domain/retention/columns/cut-values.ts';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import type { OrderColumns, OrderDimension } from '#app/domain/retention/columns/order-columns.ts';
import { selectByFirstOrder } from '#app/domain/retention/columns/selection.ts';
import type { Selection } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import type { AsOf } from '#app/domain/retention/columns/time-window.ts';
import { averageByOffset } from '#app/domain/retention/metrics/cohort-averages.ts';
import type { AveragedMeasure } from '#app/domain/retention/metrics/cohort-averages.ts';
import { computeCohorts } from '#app/domain/retention/metrics/cohorts.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { computeRollingCohorts } from '#app/domain/retention/metrics/rolling-cohorts.ts';
import { chooseAsOfDay } from '#app/domain/retention/report/choose-as-of-day.ts';
import type { CalendarPeriod, Cohorts, RollingCohorts, WeightedCurvePoint } from '#app/domain/retention/report/report.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadCutScope } from '#app/services/retention/cut-scope.server.ts';
import { KeptAnswers } from '#app/services/retention/kept-answers.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export const COHORT_PERIODS = ['month', 'quarter', 'week', 'rolling30Days'] as const;

export type CohortPeriod = (typeof COHORT_PERIODS)[number];

/** As many lines as a chart can tell apart. */
const VALUES_COMPARED = 4;

export interface CohortsOfShop {
  asOf: string;
  today: string;
  timeZone: string;
  currency: string;
  counting: OrderCounting;
  /** When our copy last took in a change or found that there was none; epoch milliseconds. */
  freshAtMs: number | null;
  /** How many days of orders Shopify lets us read; null for all of them. */
  historyDays: number | null;
  customers: number;
  cohorts: Cohorts<CalendarPeriod> | RollingCohorts;
  /** As addresses carry it, a product by its key; null for everybody. */
  cut: string | null;
  cuts: OfferedCut[];
  /** The curves of the largest parts of the dimension that was asked for. */
  compared: ComparedPart[];
}

export interface ComparedPart {
  value: string | null;
  customers: number;
  weightedCurve: WeightedCurvePoint[];
  /** By offset, as the curve is. */
  averages: Record<AveragedMeasure, (number | null)[]>;
}

export interface CohortsQuestion {
  /** `YYYY-MM-DD`; null or anything else leaves the choice to `chooseAsOfDay`. */
  asOf: string | null;
  period: CohortPeriod;
  cut: Cut | null;
  /** Whose parts are compared. */
  compare: OrderDimension | null;
}

/** Null while currency and time zone are not known. */
export const getCohorts = computedApart('cohorts', computeCohortsOfShop);

async function computeCohortsOfShop(context: ShopContext, question: CohortsQuestion): Promise<CohortsOfShop | null> {
  const scope = await loadCutScope(context, question.cut);
  if (scope === null) return null;
  const { columns, lastOrderDay } = scope.orders;
  const today = dayOfInstant(context.now().getTime(), columns.timeZone);
  const askedDay = question.asOf === null ? null : parseDay(question.asOf);
  const asOfDay = chooseAsOfDay({ today, lastOrderDay, askedDay });
  const asOf = asOfDayIn(columns.timeZone, asOfDay);
  const { period, compare } = question;
  const when = `${asOfDay} ${period}`;
  const cohorts = keptCohorts.of(scope.source, `${when} ${scope.key}`, () => cohortsOf(columns, scope.select(), { asOf, period }));
  return {
    asOf: formatDay(asOfDay),
    today: formatDay(today),
    timeZone: columns.timeZone,
    currency: columns.currency,
    counting: columns.counting,
    freshAtMs: scope.facts.freshAtMs,
    historyDays: scope.facts.historyDays,
    customers: cohorts.rows.reduce((sum, { size }) => sum + size, 0),
    cohorts,
    cut: scope.cut === null ? null : cutToQuery(scope.cut),
    cuts: scope.offer(),
    compared: compare === null ? [] : keptParts.of(columns, `${when} ${compare}`, () => comparedParts(columns, { asOf, period, dimension: compare })),
  };
}

/** Whoever compares one country with another goes to and fro between them. */
const CUTS_KEPT = 20;
const keptCohorts = new KeptAnswers<object, CohortsOfShop['cohorts']>(CUTS_KEPT);
const keptParts = new KeptAnswers<OrderColumns, CohortsOfShop['compared']>(CUTS_KEPT);

interface CohortsScope {
  asOf: AsOf;
  period: CohortPeriod;
}

function cohortsOf(columns: OrderColumns, selection: Selection, { asOf, period }: CohortsScope) {
  return period === 'rolling30Days' ? computeRollingCohorts(columns, selection, asOf) : computeCohorts(columns, selection, asOf, period);
}

function comparedParts(columns: OrderColumns, { dimension, ...scope }: CohortsScope & { dimension: OrderDimension }): ComparedPart[] {
  return countCutValues(columns, dimension)
    .slice(0, VALUES_COMPARED)
    .map(({ value, customers }) => {
      const cohorts = cohortsOf(columns, selectByFirstOrder(columns, { dimension, value }), scope);
      const averages = { orders: averageByOffset(cohorts, 'orders'), revenue: averageByOffset(cohorts, 'revenue') };
      return { value, customers, weightedCurve: cohorts.weightedCurve, averages };
    });
}
