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

/** The same rule for readers, in symbols that every language reads. Prospects have no scores. */
export const RFM_GROUP_RULES: Readonly<Record<Exclude<RfmGroup, 'PROSPECTS'>, string>> = {
  CHAMPIONS: 'R = 5, FM ≥ 4',
  LOYAL: '3 ≤ R ≤ 4, FM ≥ 4',
  ACTIVE: 'R ≥ 4, 2 < FM < 4',
  NEW: 'R = 5, FM ≤ 2',
  PROMISING: 'R = 4, FM ≤ 2',
  NEEDS_ATTENTION: 'R = 3, FM < 4',
  AT_RISK: 'R = 2, FM ≥ 3',
  PREVIOUSLY_LOYAL: 'R = 1, FM ≥ 4',
  ALMOST_LOST: 'R = 2, FM < 3',
  DORMANT: 'R = 1, FM < 4',
};
