import { Card, InlineGrid, Select } from '@shopify/polaris';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { FIRST_PRODUCT, TIER } from '#app/domain/retention/columns/cut-query.ts';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import type { OrderDimension } from '#app/domain/retention/columns/order-columns.ts';
import { CutFields } from './cut-fields.tsx';
import { useCutWords } from './use-cut-words.ts';

const PERIODS = ['month', 'quarter', 'week', 'rolling30Days'] as const;

export interface CohortControlsProps {
  period: (typeof PERIODS)[number];
  cut: string | null;
  compare: OrderDimension | null;
  cuts: readonly OfferedCut[];
  /** By code, as `countryNamesOf` made them. */
  countryNames: Readonly<Record<string, string>>;
  onChange: (changes: { period?: string; cut?: string | null; compare?: string | null }) => void;
}

const NONE = '';

/** Which periods, whose cohorts, and what is compared with what. */
export const CohortControls = memo(function CohortControls({ period, cut, compare, cuts, countryNames, onChange }: CohortControlsProps) {
  const { t } = useTranslation('cohorts');
  const words = useCutWords(countryNames);
  return (
    <Card>
      <InlineGrid columns={{ xs: 1, sm: 2, lg: 4 }} gap="300">
        <Select
          label={t('page.period')}
          value={period}
          options={PERIODS.map((value) => ({ value, label: t(`page.periods.${value}`) }))}
          onChange={(value) => onChange({ period: value })}
        />
        <CutFields label={t('page.cut')} {...{ cut, cuts, countryNames }} onChange={(chosen) => onChange({ cut: chosen })} />
        <Select
          label={t('page.compare')}
          value={compare ?? NONE}
          disabled={cuts.length === 0}
          options={[
            { label: t('page.compareNothing'), value: NONE },
            // The parts of products overlap, and a chart of parts is read as one of a whole. Who orders much is in a high tier
            // for it, so curves of tiers would show as their effect what is their cause.
            ...cuts.filter(({ dimension }) => dimension !== FIRST_PRODUCT && dimension !== TIER).map(({ dimension }) => ({ label: words.dimension(dimension), value: dimension })),
          ]}
          onChange={(value) => onChange({ compare: value === NONE ? null : value })}
        />
      </InlineGrid>
    </Card>
  );
});
