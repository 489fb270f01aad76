import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import type { AsOf } from '../columns/time-window.ts';
import { lastDaysOfStates } from '../metrics/lifecycle.ts';
import type { Rhythm } from '../metrics/lifecycle.ts';
import { REGULAR_ORDERS } from './shop-silences.ts';
import type { ShopSilences } from './shop-silences.ts';
import { stakeOf } from './stake.ts';
import type { LateRegularsAction } from './weekly-action.ts';

/** Regulars who are in the state "at risk" now. */
export function deriveLateRegularsAction(
  { count, orders, lastDays, revenueMinor }: CustomerSummaries,
  { ofRegulars }: ShopSilences,
  { asOf, rhythm }: { asOf: AsOf; rhythm: Rhythm },
): LateRegularsAction | null {
  const { cooling, atRisk } = rhythm.upToDays;
  const silent: number[] = [];
  let meansMinor = 0;
  for (let i = 0; i < count; i += 1) {
    const days = asOf.day - (lastDays[i] ?? NaN);
    if ((orders[i] ?? NaN) < REGULAR_ORDERS || days <= cooling || days > atRisk) continue;
    silent.push(days);
    meansMinor += (revenueMinor[i] ?? NaN) / (orders[i] ?? NaN);
  }
  const usual = ofRegulars.usualReturn(silent);
  if (usual === null) return null;
  const ends = lastDaysOfStates(rhythm.upToDays);
  return {
    kind: 'lateRegulars',
    ...usual,
    segment: {
      match: 'all',
      conditions: [
        { kind: 'range', field: 'orders', from: REGULAR_ORDERS, to: null },
        { kind: 'choice', field: 'state', anyOf: ['atRisk'] },
      ],
    },
    sinceDays: ends.cooling + 1,
    untilDays: ends.atRisk,
    stake: stakeOf({ number: usual.customers, chance: usual.usualShare, orderMinor: meansMinor / usual.customers }),
  };
}
