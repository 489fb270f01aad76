import { secondsOfMs } from '../columns/order-columns.ts';
import type { ProductScope } from './product-scope.ts';

/** From one purchase day of a customer to the next, at least 1 day later. */
export interface PurchaseGap {
  readonly fromDay: number;
  readonly days: number;
  /** Of this customer and product. */
  readonly isFirst: boolean;
}

/** What is told of the days on which customers bought a product; a day on which they did so twice is one. */
export interface PurchaseDayReader {
  /** The gap is the same object each time, with other values: there are as many gaps as orders. */
  readGap: (product: number, gap: PurchaseGap) => void;
  /** The last purchase day of a customer, once for each product they have bought. */
  readLastDay: (product: number, customer: number, day: number) => void;
}

/** Goes through the selection's customers, one after the other, and each one's orders as they came. */
export function readPurchaseDays({ columns, lines, selection, asOf }: ProductScope, reader: PurchaseDayReader): void {
  const { customerOffsets, days, instantSeconds } = columns;
  const { lineOffsets, products, dictionary } = lines;
  const endSeconds = secondsOfMs(asOf.endMs);
  const lastDays = new Int32Array(dictionary.length);
  const lastCustomers = new Int32Array(dictionary.length).fill(-1);
  const lastGapCustomers = new Int32Array(dictionary.length).fill(-1);
  const bought = new Uint32Array(dictionary.length);
  const gap = { fromDay: 0, days: 0, isFirst: false };
  for (let i = 0; i < selection.customers.length; i += 1) {
    const customer = selection.customers[i] ?? NaN;
    const endOrder = customerOffsets[customer + 1] ?? NaN;
    let boughtCount = 0;
    for (let order = customerOffsets[customer] ?? NaN; order < endOrder; order += 1) {
      if ((instantSeconds[order] ?? NaN) >= endSeconds) break;
      const day = days[order] ?? NaN;
      const endLine = lineOffsets[order + 1] ?? NaN;
      for (let line = lineOffsets[order] ?? NaN; line < endLine; line += 1) {
        const product = products[line] ?? NaN;
        const lastDay = lastDays[product] ?? NaN;
        if (lastCustomers[product] !== customer) {
          lastCustomers[product] = customer;
          bought[boughtCount] = product;
          boughtCount += 1;
        } else if (day !== lastDay) {
          gap.fromDay = lastDay;
          gap.days = day - lastDay;
          gap.isFirst = lastGapCustomers[product] !== customer;
          reader.readGap(product, gap);
          lastGapCustomers[product] = customer;
        }
        lastDays[product] = day;
      }
    }
    for (let j = 0; j < boughtCount; j += 1) {
      const product = bought[j] ?? NaN;
      reader.readLastDay(product, customer, lastDays[product] ?? NaN);
    }
  }
}
