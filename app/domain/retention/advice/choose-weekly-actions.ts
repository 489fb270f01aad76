import { summarizeCustomers } from '../columns/customer-summaries.ts';
import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import { windowOfDays } from '../columns/time-window.ts';
import type { AsOf } from '../columns/time-window.ts';
import { orderGapsOf } from '../metrics/days-between-orders.ts';
import { deriveRhythm } from '../metrics/lifecycle.ts';
import { scoreRfm } from '../metrics/rfm.ts';
import { MIN_CONCERNED } from './enough.ts';
import { deriveLateRegularsAction } from './late-regulars-action.ts';
import { deriveLostBestAction } from './lost-best-action.ts';
import { deriveNewestCohortAction } from './newest-cohort-action.ts';
import { meanSecondOrderMinor } from './mean-second-order.ts';
import type { ProductAction } from './derive-product-actions.ts';
import { deriveSecondOrderAction } from './second-order-action.ts';
import type { SwitchOnOfferAction, WeeklyAction } from './weekly-action.ts';

/** More are a list that nobody works through. */
const ACTIONS_A_WEEK = 3;
const OFFER_LOOK_BACK_DAYS = 30;

export interface WeeklyActionsOptions {
  asOf: AsOf;
  /** Whether buyers are shown a code for their next order. */
  isOfferOn: boolean;
  /** What the lines of the orders tell, where they have been read. */
  ofProducts?: readonly ProductAction[];
}

/**
 * The things to do this week, those with the most money at stake first. An offer that is switched off is always among
 * them while first-time buyers come: it is the one thing that helps with each of them, and it is done in a minute.
 * Fewer than three, or none, where the shop's past does not carry a statement.
 */
export function chooseWeeklyActions(
  columns: OrderColumns,
  selection: Selection,
  { asOf, isOfferOn, ofProducts = [] }: WeeklyActionsOptions,
): WeeklyAction[] {
  const summaries = summarizeCustomers(columns, selection, asOf);
  const gaps = orderGapsOf(summaries);
  const secondOrder = deriveSecondOrderAction(columns, selection, { asOf, firstToSecond: gaps.firstToSecond });
  const worth = [
    secondOrder,
    deriveLateRegularsAction(columns, selection, { asOf, rhythm: deriveRhythm(gaps) }),
    deriveLostBestAction(summaries, scoreRfm(summaries, asOf)),
    deriveNewestCohortAction(columns, selection, { asOf, secondOrderMinor: meanSecondOrderMinor(columns, selection, asOf) }),
    ...ofProducts,
  ]
    .filter((action) => action !== null)
    .sort((a, b) => b.atStakeMinor - a.atStakeMinor);
  const switchOn = isOfferOn ? null : deriveSwitchOnOffer(columns, selection, asOf);
  if (switchOn === null) return worth.slice(0, ACTIONS_A_WEEK);
  return [...worth.slice(0, ACTIONS_A_WEEK - 1), switchOn];
}

function deriveSwitchOnOffer(
  { customerOffsets, instantSeconds, timeZone }: OrderColumns,
  { customers }: Selection,
  asOf: AsOf,
): SwitchOnOfferAction | null {
  const window = windowOfDays(asOf.day + 1 - OFFER_LOOK_BACK_DAYS, asOf.day + 1, timeZone);
  const [start, end] = [secondsOfMs(window.startMs), secondsOfMs(window.endMs)];
  let firstOrders = 0;
  for (let k = 0; k < customers.length; k += 1) {
    const seconds = instantSeconds[customerOffsets[customers[k] ?? NaN] ?? NaN] ?? NaN;
    if (seconds >= start && seconds < end) firstOrders += 1;
  }
  return firstOrders < MIN_CONCERNED ? null : { kind: 'switchOnOffer', firstOrders, days: OFFER_LOOK_BACK_DAYS };
}
