import { everyone } from '#app/domain/retention/columns/selection.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { compareModels } from '#app/domain/retention/predictions/compare-models.ts';
import type { ComparedModels } from '#app/domain/retention/predictions/compare-models.ts';
import { chooseAsOfDay } from '#app/domain/retention/report/choose-as-of-day.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { KeptAnswers } from '#app/services/retention/kept-answers.server.ts';
import { loadShopColumns } from '#app/services/retention/shop-columns.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface ModelsQuestion {
  /** `YYYY-MM-DD`; null or anything else leaves the choice to `chooseAsOfDay`. */
  asOf: string | null;
}

/** As for the predictions: three fits of so few customers take less than a thread does to answer. */
const FROM_ORDERS = 2_000;

/** What other models say of a shop's customers; null where too little is known. Only who asks for it waits for three fits. */
export const getComparedModels = computedApart('models', computeModels, { fromOrders: FROM_ORDERS });

const kept = new KeptAnswers<OrderColumns, ComparedModels | { models: null }>(1);

async function computeModels(context: ShopContext, question: ModelsQuestion): Promise<ComparedModels | null> {
  const loaded = await loadShopColumns(context);
  if (loaded === null) return null;
  const { columns, lastOrderDay } = loaded.orders;
  const today = dayOfInstant(context.now().getTime(), columns.timeZone);
  const askedDay = question.asOf === null ? null : parseDay(question.asOf);
  const asOfDay = chooseAsOfDay({ today, lastOrderDay, askedDay });
  const compare = () => compareModels(columns, everyone(columns), asOfDayIn(columns.timeZone, asOfDay)) ?? { models: null };
  const compared = kept.of(columns, String(asOfDay), compare);
  return compared.models === null ? null : compared;
}
