import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import { rfmGroupCodes } from '../metrics/rfm.ts';
import type { RfmScoring } from '../metrics/rfm.ts';
import { RFM_GROUPS } from '../report/report.ts';
import { MIN_CONCERNED } from './enough.ts';
import type { LostBestAction } from './weekly-action.ts';

/** The RFM group of those who bought often and much and have been silent the longest. */
export function deriveLostBestAction(summaries: CustomerSummaries, scoring: RfmScoring): LostBestAction | null {
  let [customers, oneOrderEachMinor] = [0, 0];
  const codes = rfmGroupCodes(scoring);
  const lost = RFM_GROUPS.indexOf('PREVIOUSLY_LOYAL');
  for (let i = 0; i < summaries.count; i += 1) {
    if (codes[i] !== lost) continue;
    customers += 1;
    oneOrderEachMinor += (summaries.revenueMinor[i] ?? NaN) / (summaries.orders[i] ?? NaN);
  }
  if (customers < MIN_CONCERNED) return null;
  return {
    kind: 'lostBest',
    customers,
    segment: { match: 'all', conditions: [{ kind: 'choice', field: 'rfmGroup', anyOf: ['PREVIOUSLY_LOYAL'] }] },
    atStakeMinor: Math.round(oneOrderEachMinor),
  };
}
