import { summarizeCustomers } from '../columns/customer-summaries.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import { orderGapsOf } from '../metrics/days-between-orders.ts';
import { deriveRhythm } from '../metrics/lifecycle.ts';
import { scoreRfm } from '../metrics/rfm.ts';
import { deriveLateRegularsAction } from './late-regulars-action.ts';
import { deriveLostBestAction } from './lost-best-action.ts';
import { deriveNewestCohortAction } from './newest-cohort-action.ts';
import { meanSecondOrderMinor } from './mean-second-order.ts';
import type { ProductAction } from './derive-product-actions.ts';
import { deriveSecondOrderAction } from './second-order-action.ts';
import { countSilences } from './shop-silences.ts';
import { deriveSwitchOnOfferAction } from './switch-on-offer-action.ts';
import type { WeeklyAction } from './weekly-action.ts';

/** More are a list that nobody works through. */
const ACTIONS_A_WEEK = 3;

export interface WeeklyActionsOptions {
  asOf: AsOf;
  /** Whether buyers are shown a code for their next order. */
  isOfferOn: boolean;
  /** What the lines of the orders tell, where they have been read. */
  ofProducts?: readonly ProductAction[];
}

/**
 * The things to do this week, those with the most at stake first; what is at stake is the same product in all of them.
 * Fewer than three, or none, where the shop's past does not carry a statement.
 */
export function chooseWeeklyActions(
  columns: OrderColumns,
  selection: Selection,
  { asOf, isOfferOn, ofProducts = [] }: WeeklyActionsOptions,
): WeeklyAction[] {
  const summaries = summarizeCustomers(columns, selection, asOf);
  const gaps = orderGapsOf(summaries);
  const silences = countSilences(columns, selection, asOf);
  const secondOrderMinor = meanSecondOrderMinor(columns, selection, asOf);
  return [
    deriveSecondOrderAction(summaries, silences, { asOf, firstToSecond: gaps.firstToSecond, secondOrderMinor }),
    deriveLateRegularsAction(summaries, silences, { asOf, rhythm: deriveRhythm(gaps) }),
    deriveLostBestAction(summaries, silences, { asOf, scoring: scoreRfm(summaries, asOf) }),
    deriveNewestCohortAction(columns, selection, { asOf, secondOrderMinor }),
    isOfferOn ? null : deriveSwitchOnOfferAction(summaries, silences, { asOf, secondOrderMinor }),
    ...ofProducts,
  ]
    .filter((action) => action !== null)
    .sort((a, b) => worthOf(b) - worthOf(a))
    .slice(0, ACTIONS_A_WEEK);
}

/** Where the past does not say what is at stake, others come first. */
function worthOf({ stake }: WeeklyAction): number {
  return stake === null ? 0 : stake.worthMinor;
}
