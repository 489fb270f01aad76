import type { OrderRow } from './order-columns.ts';

/** The first instants of the years 1 and 10000: a time beyond is a mistake, and tables by day would grow with it. */
const EARLIEST_MS = -62_135_596_800_000;
const LATEST_MS = 253_402_300_800_000;

/** @throws RangeError when the instant, the id or the value is not what `OrderRow` says */
export function requireOrderRow({ orderId, processedAtMs, valueMinor }: OrderRow): void {
  if (!Number.isInteger(orderId)) throw new RangeError(`${orderId} is not an order id`);
  if (!Number.isInteger(processedAtMs) || processedAtMs < EARLIEST_MS || processedAtMs >= LATEST_MS) {
    throw new RangeError(`order ${orderId} was processed at ${processedAtMs}`);
  }
  if (!Number.isSafeInteger(valueMinor) || valueMinor < 0) {
    throw new RangeError(`order ${orderId} has the value ${valueMinor}`);
  }
}
