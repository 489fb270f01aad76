import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns, OrderDimension } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { TimeWindow } from '../columns/time-window.ts';
import { ratio } from './ratio.ts';

export interface ReferralRate {
  /** First orders ever of their customers that are in the window. */
  firstOrders: number;
  /** Those of them that a referral led to. */
  referred: number;
  rate: number | null;
}

/** How an order shows that it was referred: by the codes that referrers hand out, or by a channel of its own. */
export interface ReferralMark {
  dimension: OrderDimension;
  values: ReadonlySet<string>;
}

/** First orders attributed to a referral / first orders. */
export function computeReferralRate(
  { customerOffsets, dimensions, instantSeconds }: OrderColumns,
  { customers }: Selection,
  { window, mark }: { window: TimeWindow; mark: ReferralMark },
): ReferralRate {
  const { values, codes } = dimensions[mark.dimension];
  const isReferral = Uint8Array.from(values, (value) => (value !== null && mark.values.has(value) ? 1 : 0));
  const startSeconds = secondsOfMs(window.startMs);
  const endSeconds = secondsOfMs(window.endMs);
  let firstOrders = 0;
  let referred = 0;
  for (let k = 0; k < customers.length; k += 1) {
    const first = customerOffsets[customers[k] ?? NaN] ?? NaN;
    const seconds = instantSeconds[first] ?? NaN;
    if (seconds < startSeconds || seconds >= endSeconds) continue;
    firstOrders += 1;
    referred += isReferral[codes[first] ?? NaN] ?? NaN;
  }
  return { firstOrders, referred, rate: ratio(referred, firstOrders) };
}
