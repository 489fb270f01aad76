import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import type { AsOf } from '../columns/time-window.ts';
import { rfmGroupCodes } from '../metrics/rfm.ts';
import type { RfmScoring } from '../metrics/rfm.ts';
import { RFM_GROUPS } from '../report/report.ts';
import type { ShopSilences } from './shop-silences.ts';
import { stakeOf } from './stake.ts';
import type { LostBestAction } from './weekly-action.ts';

/** The RFM group of those who bought often and much and are in the fifth that has been silent the longest. */
export function deriveLostBestAction(
  { count, orders, lastDays, revenueMinor }: CustomerSummaries,
  { ofRepeatCustomers }: ShopSilences,
  { asOf, scoring }: { asOf: AsOf; scoring: RfmScoring },
): LostBestAction | null {
  const codes = rfmGroupCodes(scoring);
  const lost = RFM_GROUPS.indexOf('PREVIOUSLY_LOYAL');
  const silent: number[] = [];
  let meansMinor = 0;
  for (let i = 0; i < count; i += 1) {
    if (codes[i] !== lost) continue;
    silent.push(asOf.day - (lastDays[i] ?? NaN));
    meansMinor += (revenueMinor[i] ?? NaN) / (orders[i] ?? NaN);
  }
  const usual = ofRepeatCustomers.usualReturn(silent);
  if (usual === null) return null;
  return {
    kind: 'lostBest',
    ...usual,
    segment: { match: 'all', conditions: [{ kind: 'choice', field: 'rfmGroup', anyOf: ['PREVIOUSLY_LOYAL'] }] },
    stake: stakeOf({ number: usual.customers, chance: usual.usualShare, orderMinor: meansMinor / usual.customers }),
  };
}
