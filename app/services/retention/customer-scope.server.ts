import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import type { AsOf } from '#app/domain/retention/columns/time-window.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { computeCustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import type { CustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import { alignPredictions } from '#app/domain/retention/predictions/align-predictions.ts';
import { predictionsInUse } from '#app/domain/retention/predictions/predictions-in-use.ts';
import type { PredictionsInUse } from '#app/domain/retention/predictions/predictions-in-use.ts';
import { chooseAsOfDay } from '#app/domain/retention/report/choose-as-of-day.ts';
import { computeUrgencies } from '#app/domain/retention/products/replenishment-urgency.ts';
import type { Urgencies } from '#app/domain/retention/products/replenishment-urgency.ts';
import type { LineColumns } from '#app/domain/retention/products/line-columns.ts';
import type { ChurnReport } from '#app/domain/retention/report/predictions-report.ts';
import type { CustomerSort } from '#app/domain/segments/page-of-customers.ts';
import type { SegmentScope } from '#app/domain/segments/segment-scope.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { loadCustomerTiers } from '#app/services/retention/customer-tiers.server.ts';
import { loadShopColumns } from '#app/services/retention/shop-columns.server.ts';
import type { ShopFacts } from '#app/services/retention/shop-columns.server.ts';
import { loadShopPredictions } from '#app/services/retention/shop-predictions.server.ts';
import type { ShopPredictions } from '#app/services/retention/shop-predictions.server.ts';
import { loadShopLines } from '#app/services/retention/shop-lines.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface CustomersOfShop {
  readonly scope: SegmentScope;
  readonly facts: ShopFacts;
  /** `YYYY-MM-DD`, in shop time. */
  readonly asOf: string;
  readonly today: string;
  /** Predictions are being computed. */
  readonly isPredicting: boolean;
  /** Why the state stands in for the chance to be still a customer; null where it does not, or nothing is known yet. */
  readonly noPAlive: NonNullable<ChurnReport['fallback']>['reason'] | null;
}

export interface CustomersQuestion {
  /** `YYYY-MM-DD`; null or anything else leaves the choice to `chooseAsOfDay`. */
  readonly asOf: string | null;
  /** What conditions and order ask for that is read or computed apart. */
  readonly needs: CustomersNeeds;
}

export interface CustomersNeeds {
  /** The products of orders. */
  readonly lines: boolean;
  /** How customers stand to their products' rhythms, which is computed of the lines. */
  readonly urgencies: boolean;
  /** The loyalty program's tiers, for which all its members are read. */
  readonly tiers: boolean;
  /** Where they are not needed they are there from the second question on. */
  readonly predictions: boolean;
}

/** The table of all customers of the shop as of a day; null while currency and time zone are not known. */
export async function loadCustomers(context: ShopContext, { asOf, needs }: CustomersQuestion): Promise<CustomersOfShop | null> {
  const loaded = needs.lines || needs.urgencies ? await loadWithLines(context) : await loadWithoutLines(context);
  if (loaded === null) return null;
  const { orders, facts, lines } = loaded;
  const { columns, lastOrderDay } = orders;
  const today = dayOfInstant(context.now().getTime(), columns.timeZone);
  const asOfDay = chooseAsOfDay({ today, lastOrderDay, askedDay: asOf === null ? null : parseDay(asOf) });
  const moment = asOfDayIn(columns.timeZone, asOfDay);
  const rows = customerRowsOf(columns, moment);
  const found = rows.count === 0 ? null : await loadShopPredictions(context, { orders, asOf: moment, isNeeded: needs.predictions });
  const predictions = found === null ? null : predictionsOf(found, columns, rows);
  const urgencies = needs.urgencies && lines !== null ? urgenciesOf({ columns, lines, asOf: moment }) : null;
  const tiers = needs.tiers ? await loadCustomerTiers(context, columns) : null;
  const scope = { columns, rows, asOf: moment, predictions, lines, urgencies, tiers };
  const days = { asOf: formatDay(asOfDay), today: formatDay(today) };
  return { scope, facts, ...days, isPredicting: rows.count > 0 && found === null, noPAlive: found?.predictions.report.churn.fallback?.reason ?? null };
}

const PREDICTED = new Set<string>(['pAlive', 'expectedOrders365', 'predictedClv365Minor', 'predictedValue']);

export function needsOf({ conditions }: Segment, sort: CustomerSort | null): CustomersNeeds {
  return {
    lines: conditions.some(({ field }) => field === 'firstProduct'),
    urgencies: conditions.some(({ field }) => field === 'replenishment'),
    tiers: conditions.some(({ field }) => field === 'tier'),
    predictions: conditions.some(({ field }) => PREDICTED.has(field)) || (sort !== null && PREDICTED.has(sort)),
  };
}

async function loadWithoutLines(context: ShopContext) {
  const loaded = await loadShopColumns(context);
  return loaded === null ? null : { ...loaded, lines: null };
}

async function loadWithLines(context: ShopContext) {
  const loaded = await loadShopLines(context);
  if (loaded === null) return null;
  const { facts, kept } = loaded;
  // Lines, and the orders that belong to them, may be some minutes older than what is fresh.
  const freshAtMs = facts.freshAtMs === null ? null : Math.min(facts.freshAtMs, kept.readAtMs);
  return { facts: { ...facts, freshAtMs }, orders: kept.orders, lines: kept.lines };
}

/** Of each columns the rows of the day that was asked for last: they go when the columns do. */
const keptRows = new WeakMap<OrderColumns, { day: number; rows: CustomerRows }>();

export function customerRowsOf(columns: OrderColumns, asOf: AsOf): CustomerRows {
  const kept = keptRows.get(columns);
  if (kept?.day === asOf.day) return kept.rows;
  const rows = computeCustomerRows(columns, everyone(columns), asOf);
  keptRows.set(columns, { day: asOf.day, rows });
  return rows;
}

/** Of each rows the predictions that were put beside them last. */
const keptAligned = new WeakMap<CustomerRows, { of: ShopPredictions; aligned: PredictionsInUse }>();

function predictionsOf(of: ShopPredictions, columns: OrderColumns, rows: CustomerRows): PredictionsInUse {
  const kept = keptAligned.get(rows);
  if (kept?.of === of) return kept.aligned;
  const { customers, report } = of.predictions;
  const inUse = predictionsInUse(customers, report.predictions.inUse);
  const isSame = of.orders.columns === columns;
  const aligned = isSame ? inUse : alignPredictions(inUse, of.orders.columns, { columns, rows });
  keptAligned.set(rows, { of, aligned });
  return aligned;
}

/** Of each lines the urgencies of the day that was asked for last: all purchases are gone through to find them. */
const keptUrgencies = new WeakMap<LineColumns, { day: number; of: OrderColumns; urgencies: Urgencies | null }>();

function urgenciesOf({ columns, lines, asOf }: { columns: OrderColumns; lines: LineColumns; asOf: AsOf }): Urgencies | null {
  const kept = keptUrgencies.get(lines);
  if (kept?.day === asOf.day && kept.of === columns) return kept.urgencies;
  const urgencies = computeUrgencies({ columns, lines, asOf });
  keptUrgencies.set(lines, { day: asOf.day, of: columns, urgencies });
  return urgencies;
}
