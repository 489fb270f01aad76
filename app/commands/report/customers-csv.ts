import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import type { CsvCell } from '#app/adapters/csv/write-csv.ts';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import type { Selection } from '#app/domain/retention/columns/selection.ts';
import type { AsOf } from '#app/domain/retention/columns/time-window.ts';
import { computeCustomerRows, customerOfRow } from '#app/domain/retention/metrics/customer-rows.ts';
import { CUSTOMERS_FILE_HEADER, cellsOfCustomer } from '#app/domain/retention/predictions/customers-file.ts';
import type { PredictionsInUse } from '#app/domain/retention/predictions/predictions-in-use.ts';

interface CustomersFile {
  columns: OrderColumns;
  selection: Selection;
  asOf: AsOf;
  predictions: PredictionsInUse;
}

/** One row a customer who has ordered by the as-of day. */
export async function writeCustomersCsv(path: string, file: CustomersFile): Promise<void> {
  await pipeline(writeCsv(CUSTOMERS_FILE_HEADER, customerRows(file), { byteOrderMark: false }), createWriteStream(path));
}

function* customerRows({ columns, selection, asOf, predictions }: CustomersFile): Generator<CsvCell[]> {
  const rows = computeCustomerRows(columns, selection, asOf);
  const placeOf = placesOfCustomers(columns.customerCount, predictions.customers);
  for (let row = 0; row < rows.count; row += 1) {
    const customer = customerOfRow(rows, row);
    yield [customerKeyAt(columns, customer), ...cellsOfCustomer({ columns, rows, row, predictions, place: placeOf[customer] ?? NaN })];
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
