import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import type { AsOf } from '../columns/time-window.ts';
import { MIN_CONCERNED } from './enough.ts';
import type { ShopSilences } from './shop-silences.ts';
import { AHEAD_DAYS } from './silence-cases.ts';
import { stakeOf } from './stake.ts';
import type { SwitchOnOfferAction } from './weekly-action.ts';

/**
 * The first-time buyers of the last days, who saw no code: as many will come in the next ones. What such buyers bring
 * anyway is at stake; what a code adds only a share of buyers without one can tell.
 */
export function deriveSwitchOnOfferAction(
  { count, firstDays }: CustomerSummaries,
  { afterFirst }: ShopSilences,
  { asOf, secondOrderMinor }: { asOf: AsOf; secondOrderMinor: number },
): SwitchOnOfferAction | null {
  let customers = 0;
  for (let i = 0; i < count; i += 1) if (asOf.day - (firstDays[i] ?? NaN) < AHEAD_DAYS) customers += 1;
  if (customers < MIN_CONCERNED) return null;
  // The code is shown when the first order has just been placed.
  const usual = afterFirst.usualReturn(Array.from({ length: customers }, () => 0));
  return {
    kind: 'switchOnOffer',
    customers,
    segment: { match: 'all', conditions: [{ kind: 'range', field: 'daysSinceFirstOrder', from: 0, to: AHEAD_DAYS - 1 }] },
    days: AHEAD_DAYS,
    stake: usual === null ? null : stakeOf({ number: customers, chance: usual.usualShare, orderMinor: secondOrderMinor }),
  };
}
