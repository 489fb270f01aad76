import type { OrderColumns } from '../columns/order-columns.ts';
import { secondsOfMs } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { Rhythm } from '../metrics/lifecycle.ts';
import { MIN_CONCERNED, MIN_EARLIER } from './enough.ts';
import type { LateRegularsAction } from './weekly-action.ts';

/** From the third order on there are two gaps, and somebody can be called late. */
const REGULAR_ORDERS = 3;
const YEAR_DAYS = 365;

/**
 * Regulars who are in the state "at risk" now, and what became of regulars who were that late before: each silence after
 * a third or later order that went past the same day is one earlier case, once the whole time up to "lapsed" is over.
 */
export function deriveLateRegularsAction(
  columns: OrderColumns,
  selection: Selection,
  { asOf, rhythm }: { asOf: AsOf; rhythm: Rhythm },
): LateRegularsAction | null {
  const { cooling, atRisk } = rhythm.upToDays;
  const seen = countRegulars(columns, selection, { asOf, cooling, atRisk });
  if (seen.late < MIN_CONCERNED || seen.earlier < MIN_EARLIER) return null;
  return {
    kind: 'lateRegulars',
    customers: seen.late,
    segment: {
      match: 'all',
      conditions: [
        { kind: 'range', field: 'orders', from: REGULAR_ORDERS, to: null },
        { kind: 'choice', field: 'state', anyOf: ['atRisk'] },
      ],
    },
    sinceDays: cooling,
    untilDays: atRisk,
    earlier: seen.earlier,
    usualShare: seen.cameBack / seen.earlier,
    atStakeMinor: seen.lateYearMinor,
  };
}

interface Regulars {
  late: number;
  lateYearMinor: number;
  earlier: number;
  cameBack: number;
}

function countRegulars(
  { customerOffsets, days, instantSeconds, valuesMinor }: OrderColumns,
  { customers }: Selection,
  { asOf, cooling, atRisk }: { asOf: AsOf; cooling: number; atRisk: number },
): Regulars {
  const endSeconds = secondsOfMs(asOf.endMs);
  const seen = { late: 0, lateYearMinor: 0, earlier: 0, cameBack: 0 };
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    let yearMinor = 0;
    let last = first - 1;
    for (let i = first; i < end && (instantSeconds[i] ?? NaN) < endSeconds; i += 1) {
      last = i;
      const day = days[i] ?? NaN;
      if (day > asOf.day - YEAR_DAYS) yearMinor += valuesMinor[i] ?? NaN;
      if (i < first + REGULAR_ORDERS || asOf.day - (days[i - 1] ?? NaN) <= atRisk) continue;
      const gapDays = day - (days[i - 1] ?? NaN);
      if (gapDays <= cooling) continue;
      seen.earlier += 1;
      if (gapDays <= atRisk) seen.cameBack += 1;
    }
    if (last - first + 1 < REGULAR_ORDERS) continue;
    const silentDays = asOf.day - (days[last] ?? NaN);
    if (silentDays > atRisk) seen.earlier += 1;
    else if (silentDays > cooling) {
      seen.late += 1;
      seen.lateYearMinor += yearMinor;
    }
  }
  return seen;
}
