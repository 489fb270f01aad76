import { useTranslation } from 'react-i18next';

import { RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import type { ReadyMadeId } from '#app/domain/segments/ready-made-segments.ts';

/** Those with words of their own; the others are called what their RFM group is. */
export const OWN_SEGMENTS = [
  'vip', 'vip-away', 'first-time', 'returning',
  'stage-onboarding', 'stage-nurture', 'stage-activation', 'stage-oneTime', 'stage-building', 'stage-loyal',
  'state-active', 'state-cooling', 'state-atRisk', 'state-lapsed', 'refill-due', 'refill-late',
] as const satisfies readonly ReadyMadeId[]; // prettier-ignore

/** What the ready-made segments are called. */
export function useSegmentNames(): (id: ReadyMadeId) => string {
  const { t } = useTranslation(['segments', 'groups']);
  return (id) => {
    const group = RFM_GROUPS.find((known) => id === `group-${known}`);
    if (group !== undefined) return t(`groups:${group}.name`);
    const own = OWN_SEGMENTS.find((known) => known === id);
    return own === undefined ? id : t(`ready.${own}.name`);
  };
}
