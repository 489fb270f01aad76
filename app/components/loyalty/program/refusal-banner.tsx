import { Banner } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { WIND_DOWN_DAYS } from '#app/domain/loyalty/program/change-status.ts';
import type { FieldProblems } from '#app/domain/loyalty/program/field-problems.ts';
import type { ProgramRefusal } from './program-answer.ts';

export interface RefusalBannerProps {
  refusal: ProgramRefusal | null;
  problems: FieldProblems;
  /** Beginnings of the paths that this page has fields for. */
  own: readonly ProgramPlace[];
}

export type ProgramPlace = 'earning' | 'expiry' | 'rewards' | 'tiers';

const PLACES: readonly ProgramPlace[] = ['earning', 'expiry', 'rewards', 'tiers'];

/** Why the last try saved nothing. */
export function RefusalBanner({ refusal, problems, own }: RefusalBannerProps) {
  const { t } = useTranslation(['loyalty', 'metrics']);
  if (refusal === null) return null;
  if (refusal === 'wrong-fields') {
    const elsewhere = PLACES.filter((place) => !own.includes(place) && Object.keys(problems).some((path) => path.startsWith(place)));
    const places = elsewhere.map((place) => t(`history.parts.${place}`)).join(t('metrics:separator'));
    if (elsewhere.length > 0) {
      return (
        <Banner tone="critical" title={t('refusals.wrong-elsewhere.title')}>
          {t('refusals.wrong-elsewhere.text', { places })}
        </Banner>
      );
    }
  }
  const isStale = refusal === 'changed-meanwhile' || refusal === 'not-from-here';
  return (
    <Banner
      tone={isStale ? 'warning' : 'critical'}
      title={t(`refusals.${refusal}.title`)}
      {...(isStale ? { action: { content: t('reload'), onAction: () => window.location.reload() } } : {})}
    >
      {t(`refusals.${refusal}.text`, { least: WIND_DOWN_DAYS.leastToSpend, most: WIND_DOWN_DAYS.most })}
    </Banner>
  );
}
