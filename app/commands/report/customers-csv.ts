import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import type { CsvCell } from '#app/adapters/csv/write-csv.ts';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import type { AsOf } from '#app/domain/retention/columns/time-window.ts';
import { computeCustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import { NO_ORDER_DAY } from '#app/domain/retention/predictions/customer-predictions.ts';
import type { CustomerPredictions } from '#app/domain/retention/predictions/customer-predictions.ts';
import { LIFECYCLE_STAGES, LIFECYCLE_STATES, RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';

/** As METRICS section 8 names them; what was added since stands at the end. */
const HEADER = [
  'id', 'firstOrder', 'lastOrder', 'orders', 'revenueMinor', 'rDays', 'r', 'f', 'm', 'group', 'state', 'x', 't_x', 'T',
  'pAlive', 'expectedOrders365', 'predictedClv365Minor', 'stage', 'nextOrder', 'currency',
];

interface CustomersFile {
  columns: OrderColumns;
  asOf: AsOf;
  predictions: CustomerPredictions;
}

/** One row a customer who has ordered by the as-of day. Days are in shop time, and empty is what is not known. */
export async function writeCustomersCsv(path: string, file: CustomersFile): Promise<void> {
  await pipeline(writeCsv(HEADER, customerRows(file), { byteOrderMark: false }), createWriteStream(path));
}

function* customerRows({ columns, asOf, predictions }: CustomersFile): Generator<CsvCell[]> {
  const rows = computeCustomerRows(columns, everyone(columns), asOf);
  const placeOf = placesOfCustomers(columns.customerCount, predictions.customers);
  for (let i = 0; i < rows.count; i += 1) {
    const customer = rows.customers[i] ?? NaN;
    const place = placeOf[customer] ?? NaN;
    yield [
      customerKeyAt(columns, customer),
      formatDay(rows.firstDays[i] ?? NaN),
      formatDay(rows.lastDays[i] ?? NaN),
      rows.orders[i] ?? null,
      rows.revenueMinor[i] ?? null,
      rows.rDays[i] ?? null,
      rows.r[i] ?? null,
      rows.f[i] ?? null,
      rows.m[i] ?? null,
      RFM_GROUPS[rows.groups[i] ?? NaN] ?? null,
      LIFECYCLE_STATES[rows.states[i] ?? NaN] ?? null,
      predictions.frequency[place] ?? null,
      predictions.recency[place] ?? null,
      predictions.age[place] ?? null,
      predictions.pAlive?.[place] ?? null,
      predictions.expectedOrders365?.[place] ?? null,
      predictions.predictedClv365Minor?.[place] ?? null,
      LIFECYCLE_STAGES[rows.stages[i] ?? NaN] ?? null,
      nextOrderOf(predictions.nextOrderDay?.[place]),
      columns.currency,
    ];
  }
}

/** Where each customer stands among the predictions. */
function placesOfCustomers(customerCount: number, customers: Uint32Array): Uint32Array {
  const places = new Uint32Array(customerCount);
  customers.forEach((customer, place) => {
    places[customer] = place;
  });
  return places;
}

function nextOrderOf(day: number | undefined): string | null {
  return day === undefined || day === NO_ORDER_DAY ? null : formatDay(day);
}
