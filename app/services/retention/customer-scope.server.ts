import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import type { AsOf } from '#app/domain/retention/columns/time-window.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { computeCustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import type { CustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import { chooseAsOfDay } from '#app/domain/retention/report/choose-as-of-day.ts';
import type { SegmentScope } from '#app/domain/segments/segment-scope.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { loadShopColumns } from '#app/services/retention/shop-columns.server.ts';
import type { ShopFacts } from '#app/services/retention/shop-columns.server.ts';
import { loadShopLines } from '#app/services/retention/shop-lines.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface CustomersOfShop {
  readonly scope: SegmentScope;
  readonly facts: ShopFacts;
  /** `YYYY-MM-DD`, in shop time. */
  readonly asOf: string;
  readonly today: string;
}

export interface CustomersQuestion {
  /** `YYYY-MM-DD`; null or anything else leaves the choice to `chooseAsOfDay`. */
  readonly asOf: string | null;
  /** Whether a condition asks for the products of orders, which are read apart. */
  readonly needsLines: boolean;
}

/** The table of all customers of the shop as of a day; null while currency and time zone are not known. */
export async function loadCustomers(context: ShopContext, { asOf, needsLines }: CustomersQuestion): Promise<CustomersOfShop | null> {
  const loaded = needsLines ? await loadWithLines(context) : await loadWithoutLines(context);
  if (loaded === null) return null;
  const { orders, facts, lines } = loaded;
  const { columns, lastOrderDay } = orders;
  const today = dayOfInstant(context.now().getTime(), columns.timeZone);
  const asOfDay = chooseAsOfDay({ today, lastOrderDay, askedDay: asOf === null ? null : parseDay(asOf) });
  const moment = asOfDayIn(columns.timeZone, asOfDay);
  const scope = { columns, rows: customerRowsOf(columns, moment), asOf: moment, predictions: null, lines };
  return { scope, facts, asOf: formatDay(asOfDay), today: formatDay(today) };
}

export function needsLines({ conditions }: Segment): boolean {
  return conditions.some(({ field }) => field === 'firstProduct');
}

async function loadWithoutLines(context: ShopContext) {
  const loaded = await loadShopColumns(context);
  return loaded === null ? null : { ...loaded, lines: null };
}

async function loadWithLines(context: ShopContext) {
  const loaded = await loadShopLines(context);
  if (loaded === null) return null;
  const { facts, kept } = loaded;
  return { facts, orders: kept.orders, lines: kept.lines };
}

/** Of each columns the rows of the day that was asked for last: they go when the columns do. */
const keptRows = new WeakMap<OrderColumns, { day: number; rows: CustomerRows }>();

function customerRowsOf(columns: OrderColumns, asOf: AsOf): CustomerRows {
  const kept = keptRows.get(columns);
  if (kept?.day === asOf.day) return kept.rows;
  const rows = computeCustomerRows(columns, everyone(columns), asOf);
  keptRows.set(columns, { day: asOf.day, rows });
  return rows;
}
