import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { glanceAtPredictions } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import type { PredictionsAtAGlance } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import { chooseAsOfDay } from '#app/domain/retention/report/choose-as-of-day.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadShopColumns } from '#app/services/retention/shop-columns.server.ts';
import { loadShopPredictions } from '#app/services/retention/shop-predictions.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface PredictionsOfShop extends PredictionsAtAGlance {
  asOf: string;
  today: string;
  timeZone: string;
  currency: string;
  counting: OrderCounting;
  /** When the models were fitted; epoch milliseconds. */
  fittedAtMs: number;
  /** How many days of orders Shopify lets us read; null for all of them. */
  historyDays: number | null;
}

/** `YYYY-MM-DD`; null or anything else leaves the choice to `chooseAsOfDay`. */
export interface PredictionsQuestion {
  asOf: string | null;
}

/** A fit of so few customers takes less than a thread does to answer; of 3,000 it takes a fifth of a second. */
const FROM_ORDERS = 2_000;

/** What a page shows of a shop's predictions; null while currency and time zone are not known. */
export const getPredictions = computedApart('predictions', computePredictionsOfShop, { fromOrders: FROM_ORDERS });

async function computePredictionsOfShop(context: ShopContext, question: PredictionsQuestion): Promise<PredictionsOfShop | null> {
  const loaded = await loadShopColumns(context);
  if (loaded === null) return null;
  const { columns, lastOrderDay } = loaded.orders;
  const today = dayOfInstant(context.now().getTime(), columns.timeZone);
  const askedDay = question.asOf === null ? null : parseDay(question.asOf);
  const asOf = asOfDayIn(columns.timeZone, chooseAsOfDay({ today, lastOrderDay, askedDay }));
  const found = await loadShopPredictions(context, { orders: loaded.orders, asOf, isNeeded: true });
  if (found === null) return null;
  return {
    asOf: formatDay(asOf.day),
    today: formatDay(today),
    timeZone: columns.timeZone,
    currency: columns.currency,
    counting: columns.counting,
    fittedAtMs: found.fittedAtMs,
    historyDays: loaded.facts.historyDays,
    ...glanceAtPredictions(found.orders.columns, asOf, found.predictions),
  };
}
