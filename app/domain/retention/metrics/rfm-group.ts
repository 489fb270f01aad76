import type { RfmGroup } from '../report/report.ts';

/** Each 1 to 5, 5 the best: bought lately, often, much. */
export interface RfmScores {
  r: number;
  f: number;
  m: number;
}

/**
 * The group of a customer who has ordered, with Shopify's names and meanings (CustomerRfmGroup). Shopify does not
 * publish its cuts; these are ours (METRICS section 4), on R and FM = (F + M) / 2. Every combination has one group.
 */
export function deriveRfmGroup({ r, f, m }: RfmScores): RfmGroup {
  const fm = (f + m) / 2;
  if (r >= 4 && fm < 4) {
    if (fm > 2) return 'ACTIVE';
    return r === 5 ? 'NEW' : 'PROMISING';
  }
  if (r === 5) return 'CHAMPIONS';
  if (r >= 3) return fm >= 4 ? 'LOYAL' : 'NEEDS_ATTENTION';
  if (r === 2) return fm >= 3 ? 'AT_RISK' : 'ALMOST_LOST';
  return fm >= 4 ? 'PREVIOUSLY_LOYAL' : 'DORMANT';
}
