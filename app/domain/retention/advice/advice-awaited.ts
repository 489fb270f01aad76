import { numberAt } from '../columns/number-column.ts';
import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import { asOfDayIn } from '../columns/time-window.ts';
import type { AsOf } from '../columns/time-window.ts';
import { dayAhead, daysAtPace, PACE_DAYS } from '../metrics/day-at-pace.ts';
import { countOrderGaps } from '../metrics/days-between-orders.ts';
import { enoughHaveWaitedOn } from '../metrics/enough-have-waited.ts';
import { MIN_EARLIER } from './enough.ts';
import { usualWaitOf } from './second-order-action.ts';
import { AHEAD_DAYS } from './silence-cases.ts';

/** What a store lacks before its past can say what to do. */
export interface AdviceAwaited {
  /** Customers who have ordered a second time; with `fromDays`, those who were not back by then and had `AHEAD_DAYS` more. */
  readonly has: number;
  readonly needed: number;
  /** After how many days customers begin to come back; null where too few have for that to be known. */
  readonly fromDays: number | null;
  /** `YYYY-MM-DD`: when there will be enough, at the pace of the last three months at most; null where that is years away. */
  readonly reachedOn: string | null;
}

/** Null where the past carries advice: then it is for nothing being due that there is none. */
export function awaitAdvice(columns: OrderColumns, selection: Selection, asOf: AsOf): AdviceAwaited | null {
  const waitsOn = (day: AsOf) => countOrderGaps(columns, selection, day).firstToSecond;
  const waits = waitsOn(asOf);
  const usual = usualWaitOf(waits);
  if (usual === null) {
    const gained = waits.total - waitsOn(asOfDayIn(columns.timeZone, asOf.day - PACE_DAYS)).total;
    const daysLeft = daysAtPace({ has: waits.total, needs: MIN_EARLIER, gained });
    return { has: waits.total, needed: MIN_EARLIER, fromDays: null, reachedOn: dayAhead(asOf, daysLeft) };
  }
  const { fromDays } = usual;
  const waitDays = fromDays + AHEAD_DAYS;
  let has = 0;
  for (const day of firstDaysOfWaiting(columns, selection, { asOf, days: fromDays })) if (asOf.day - day >= waitDays) has += 1;
  if (has >= MIN_EARLIER) return null;
  const reached = enoughHaveWaitedOn(firstDaysOfWaiting(columns, selection, { asOf, days: fromDays }), asOf, { needed: MIN_EARLIER, waitDays });
  return { has, needed: MIN_EARLIER, fromDays, reachedOn: reached?.date ?? null };
}

/** Of those who were not back after so many days, or are not yet, when they began: who will begin after the as-of day among them. */
function* firstDaysOfWaiting(
  { customerOffsets, days: dayOf, instantSeconds }: OrderColumns,
  { customers }: Selection,
  { asOf, days }: { asOf: AsOf; days: number },
): Generator<number> {
  const endSeconds = secondsOfMs(asOf.endMs);
  for (const customer of customers) {
    const first = numberAt(customerOffsets, customer);
    const end = numberAt(customerOffsets, customer + 1);
    const isBack = first + 1 < end && numberAt(instantSeconds, first + 1) < endSeconds && numberAt(dayOf, first + 1) - numberAt(dayOf, first) <= days;
    if (!isBack) yield numberAt(dayOf, first);
  }
}
