import { compareKeys } from '../columns/customer-keys.ts';
import { customerKeyAt } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import { customerOfRow } from '../metrics/customer-rows.ts';
import type { CustomerRows } from '../metrics/customer-rows.ts';
import { NO_ORDER_DAY } from './customer-predictions.ts';
import type { PredictionsInUse } from './predictions-in-use.ts';

interface Rows {
  readonly columns: OrderColumns;
  readonly rows: Pick<CustomerRows, 'count' | 'customers'>;
}

/**
 * Predictions of earlier columns for the rows of later ones of the same shop: customers keep what was predicted of them,
 * and of new ones nothing is known, which is NaN. One walk over both lists of keys.
 */
export function alignPredictions(of: PredictionsInUse, earlier: OrderColumns, { columns, rows }: Rows): PredictionsInUse {
  const { count } = rows;
  const customers = Uint32Array.from({ length: count }, (_, row) => customerOfRow(rows, row));
  const places = new Int32Array(count).fill(-1);
  let place = 0;
  for (let row = 0; row < count; row += 1) {
    const key = customerKeyAt(columns, customers[row] ?? NaN);
    while (place < of.count && compareKeys(customerKeyAt(earlier, of.customers[place] ?? NaN), key) < 0) place += 1;
    if (place < of.count && customerKeyAt(earlier, of.customers[place] ?? NaN) === key) places[row] = place;
  }
  const reals = (values: Float64Array) => Float64Array.from(places, (from) => values[from] ?? NaN);
  const wholes = (values: Uint32Array) => Uint32Array.from(places, (from) => values[from] ?? 0);
  const { pAlive, predictedClv365Minor, nextOrderDay } = of;
  return {
    ...{ count, customers, inUse: of.inUse },
    frequency: wholes(of.frequency),
    recency: wholes(of.recency),
    age: wholes(of.age),
    expectedOrders365: reals(of.expectedOrders365),
    pAlive: pAlive === null ? null : reals(pAlive),
    predictedClv365Minor: predictedClv365Minor === null ? null : reals(predictedClv365Minor),
    nextOrderDay: nextOrderDay === null ? null : Int32Array.from(places, (from) => nextOrderDay[from] ?? NO_ORDER_DAY),
  };
}
