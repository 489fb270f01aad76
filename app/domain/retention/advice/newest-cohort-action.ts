import { firstDayOfMonth, formatMonth, monthOfDay } from '../../time/calendar-day.ts';
import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { RangeCondition } from '../../segments/segment.ts';
import { AHEAD_DAYS } from './silence-cases.ts';
import { stakeOf } from './stake.ts';
import type { NewestCohortAction } from './weekly-action.ts';

const MONTHS_BEFORE = 12;
/** One month in twenty would differ by two standard errors by chance alone: fewer are told, so that news is news. */
const CLEAR_Z_SCORE = 2.5;
/** Below this the normal approximation of the two rates is poor. */
const MIN_RETURNED = 10;

interface Month {
  size: number;
  returned: number;
}

/**
 * The newest calendar month of first-time buyers of whom all have had 30 days to come back, against the twelve months
 * before it taken together: a test of two proportions with the pooled standard error.
 */
export function deriveNewestCohortAction(
  columns: OrderColumns,
  selection: Selection,
  { asOf, secondOrderMinor }: { asOf: AsOf; secondOrderMinor: number },
): NewestCohortAction | null {
  // Its last day plus the days to return must be over.
  const newest = monthOfDay(asOf.day - AHEAD_DAYS + 1) - 1;
  const months = countMonths(columns, selection, { asOf, newest });
  const own = months[MONTHS_BEFORE] ?? { size: 0, returned: 0 };
  const before = months.slice(0, MONTHS_BEFORE).reduce(addUp, { size: 0, returned: 0 });
  if (own.size === 0 || before.size === 0 || own.returned + before.returned < MIN_RETURNED) return null;
  const [rate, rateBefore] = [own.returned / own.size, before.returned / before.size];
  const pooled = (own.returned + before.returned) / (own.size + before.size);
  const standardError = Math.sqrt(pooled * (1 - pooled) * (1 / own.size + 1 / before.size));
  const zScore = (rate - rateBefore) / standardError;
  if (!(Math.abs(zScore) >= CLEAR_Z_SCORE)) return null;
  return {
    kind: 'newestCohort',
    cohort: formatMonth(newest),
    days: AHEAD_DAYS,
    customers: own.size,
    segment: { match: 'all', conditions: [firstOrderedIn(newest, asOf)] },
    rate,
    rateBefore,
    zScore,
    stake: stakeOf({ number: own.size, chance: Math.abs(rate - rateBefore), orderMinor: secondOrderMinor }),
  };
}

function firstOrderedIn(month: number, asOf: AsOf): RangeCondition {
  return { kind: 'range', field: 'daysSinceFirstOrder', from: asOf.day - firstDayOfMonth(month + 1) + 1, to: asOf.day - firstDayOfMonth(month) };
}

/** The newest month is the last entry, those before it come oldest first. */
function countMonths(
  { customerOffsets, days, instantSeconds }: OrderColumns,
  { customers }: Selection,
  { asOf, newest }: { asOf: AsOf; newest: number },
): Month[] {
  const oldest = newest - MONTHS_BEFORE;
  const months = Array.from({ length: MONTHS_BEFORE + 1 }, () => ({ size: 0, returned: 0 }));
  const endSeconds = secondsOfMs(asOf.endMs);
  const [fromDay, endDay] = [firstDayOfMonth(oldest), firstDayOfMonth(newest + 1)];
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    const firstDay = days[first] ?? NaN;
    if (firstDay < fromDay || firstDay >= endDay) continue;
    const month = months[monthOfDay(firstDay) - oldest];
    if (month === undefined) continue;
    month.size += 1;
    const second = first + 1;
    if (second >= (customerOffsets[customer + 1] ?? NaN) || (instantSeconds[second] ?? NaN) >= endSeconds) continue;
    if ((days[second] ?? NaN) - firstDay <= AHEAD_DAYS) month.returned += 1;
  }
  return months;
}

function addUp(sum: Month, { size, returned }: Month): Month {
  return { size: sum.size + size, returned: sum.returned + returned };
}
