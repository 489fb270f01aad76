import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';

/** What the second order of a customer comes to on average; 0 when nobody has come back. */
export function meanSecondOrderMinor(
  { customerOffsets, instantSeconds, valuesMinor }: OrderColumns,
  { customers }: Selection,
  asOf: AsOf,
): number {
  const endSeconds = secondsOfMs(asOf.endMs);
  let [seconds, sumMinor] = [0, 0];
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const second = (customerOffsets[customer] ?? NaN) + 1;
    if (second >= (customerOffsets[customer + 1] ?? NaN) || (instantSeconds[second] ?? NaN) >= endSeconds) continue;
    seconds += 1;
    sumMinor += valuesMinor[second] ?? NaN;
  }
  return seconds === 0 ? 0 : sumMinor / seconds;
}
