import { numberAt } from './number-column.ts';
import { secondsOfMs } from './order-columns.ts';
import type { OrderColumns } from './order-columns.ts';
import type { AsOf } from './time-window.ts';
import { uint32At } from './typed-array-access.ts';

/** One entry a customer who has ordered by the as-of day, in the order of the columns. */
export interface CustomerSummaries {
  readonly count: number;
  /** Index into the columns' customers. */
  readonly customers: Uint32Array;
  readonly orders: Int32Array;
  readonly revenueMinor: Float64Array;
  readonly firstDays: Int32Array;
  readonly lastDays: Int32Array;
}

export function summarizeCustomers(columns: OrderColumns, asOf: AsOf): CustomerSummaries {
  const { customerCount, customerOffsets, days, instantSeconds, valuesMinor } = columns;
  const customers = new Uint32Array(customerCount);
  const orders = new Int32Array(customerCount);
  const revenueMinor = new Float64Array(customerCount);
  const firstDays = new Int32Array(customerCount);
  const lastDays = new Int32Array(customerCount);
  const endSeconds = secondsOfMs(asOf.endMs);
  let count = 0;
  for (let customer = 0; customer < customerCount; customer += 1) {
    const first = uint32At(customerOffsets, customer);
    const end = uint32At(customerOffsets, customer + 1);
    let sumMinor = 0;
    let i = first;
    for (; i < end && numberAt(instantSeconds, i) < endSeconds; i += 1) sumMinor += numberAt(valuesMinor, i);
    if (i === first) continue;
    customers[count] = customer;
    orders[count] = i - first;
    revenueMinor[count] = sumMinor;
    firstDays[count] = numberAt(days, first);
    lastDays[count] = numberAt(days, i - 1);
    count += 1;
  }
  return {
    count,
    customers: customers.subarray(0, count),
    orders: orders.subarray(0, count),
    revenueMinor: revenueMinor.subarray(0, count),
    firstDays: firstDays.subarray(0, count),
    lastDays: lastDays.subarray(0, count),
  };
}
