import { numberAt } from '#app/domain/retention/columns/number-column.ts';
import type { CustomerKey } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { scoresOfRow } from '#app/domain/retention/metrics/customer-rows.ts';
import type { Rhythm } from '#app/domain/retention/metrics/lifecycle.ts';
import type { PredictionTotals } from '#app/domain/retention/report/predictions-report.ts';
import type { RfmReport } from '#app/domain/retention/report/report.ts';
import { lowerBound } from '#app/domain/retention/columns/customer-keys.ts';
import { rowOfCustomer } from '#app/domain/segments/select-members.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadCustomers } from '#app/services/retention/customer-scope.server.ts';
import type { CustomersOfShop } from '#app/services/retention/customer-scope.server.ts';
import { customerRowOf } from '#app/services/retention/list-customers.server.ts';
import type { CustomerRow } from '#app/services/retention/list-customers.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What is known of one customer by the as-of day, and from what it follows. */
export interface CustomerFacts {
  asOf: string;
  today: string;
  currency: string;
  timeZone: string;
  counting: OrderCounting;
  /** Null for who has no order that counts by then. */
  row: (CustomerRow & { rDays: number; r: number; f: number; m: number }) | null;
  breaks: RfmReport['breaks'];
  rhythm: Rhythm;
  isPredicting: boolean;
  /** Why the state stands in for the chance to be still a customer. */
  noPAlive: CustomersOfShop['noPAlive'];
  /** x, t_x and T in days, and what follows from them. */
  prediction: { inUse: PredictionTotals['inUse']; x: number; tX: number; T: number; expectedOrders365: number } | null;
}

interface FactsQuestion {
  customerKey: CustomerKey;
  asOf: string | null;
}

/** Null while currency and time zone of the shop are not known. */
export const getCustomerFacts = computedApart('customer', computeFacts, { fromOrders: 20_000 });

async function computeFacts(context: ShopContext, { customerKey, asOf }: FactsQuestion): Promise<CustomerFacts | null> {
  const loaded = await loadCustomers(context, { asOf, needs: { lines: false, urgencies: false, tiers: false, predictions: false } });
  if (loaded === null) return null;
  const { scope, isPredicting, noPAlive, today } = loaded;
  const { columns, rows, predictions } = scope;
  const customer = lowerBound(columns.customerKeys, customerKey);
  const row = columns.customerKeys[customer] === customerKey ? rowOfCustomer(rows, customer) : -1;
  const about = {
    ...{ asOf: loaded.asOf, today, currency: columns.currency, timeZone: columns.timeZone, counting: columns.counting },
    ...{ breaks: rows.breaks, rhythm: rows.rhythm, isPredicting, noPAlive },
  };
  if (row === -1) return { ...about, row: null, prediction: null };
  const expectedOrders365 = predictions === null ? NaN : numberAt(predictions.expectedOrders365, row);
  const isPredicted = predictions !== null && !Number.isNaN(expectedOrders365);
  return {
    ...about,
    row: { ...customerRowOf(scope, row), ...scoresOfRow(rows, row) },
    prediction: isPredicted
      ? {
          ...{ inUse: predictions.inUse, expectedOrders365 },
          ...{ x: numberAt(predictions.frequency, row), tX: numberAt(predictions.recency, row), T: numberAt(predictions.age, row) },
        }
      : null,
  };
}
