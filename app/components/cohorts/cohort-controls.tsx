import { Card, InlineGrid, Select } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { cutFromQuery, cutToQuery } from '#app/domain/retention/columns/cut-query.ts';
import type { OrderDimension } from '#app/domain/retention/columns/order-columns.ts';
import { useCutWords } from './use-cut-words.ts';

const PERIODS = ['month', 'quarter', 'week', 'rolling30Days'] as const;

export interface CohortControlsProps {
  period: (typeof PERIODS)[number];
  cut: string | null;
  compare: OrderDimension | null;
  cuts: readonly { dimension: OrderDimension; values: readonly { value: string | null; customers: number }[] }[];
  onChange: (changes: { period?: string; cut?: string | null; compare?: string | null }) => void;
}

const NONE = '';

/** Which periods, whose cohorts, and what is compared with what. */
export function CohortControls({ period, cut, compare, cuts, onChange }: CohortControlsProps) {
  const { t } = useTranslation('cohorts');
  const formats = useFormats();
  const words = useCutWords();
  const chosen = cutFromQuery(cut);
  const cutDimension = cuts.find(({ dimension }) => dimension === chosen?.dimension);
  const dimensions: { label: string; value: string }[] = [
    { label: t('page.everybody'), value: NONE },
    ...cuts.map(({ dimension }) => ({ label: words.dimension(dimension), value: dimension })),
  ];
  const chooseDimension = (name: string) => {
    const [largest] = cuts.find(({ dimension }) => dimension === name)?.values ?? [];
    const dimension = cuts.find((known) => known.dimension === name)?.dimension;
    onChange({ cut: dimension === undefined || largest === undefined ? null : cutToQuery({ dimension, value: largest.value }) });
  };
  return (
    <Card>
      <InlineGrid columns={{ xs: 1, sm: 2, lg: 4 }} gap="300">
        <Select
          label={t('page.period')}
          value={period}
          options={PERIODS.map((value) => ({ value, label: t(`page.periods.${value}`) }))}
          onChange={(value) => onChange({ period: value })}
        />
        <Select
          label={t('page.cut')}
          value={cutDimension?.dimension ?? NONE}
          disabled={cuts.length === 0}
          options={dimensions}
          onChange={chooseDimension}
        />
        <Select
          label={t('page.cutValue')}
          value={cut ?? NONE}
          disabled={cutDimension === undefined}
          options={(cutDimension?.values ?? []).map(({ value, customers }) => ({
            value: cutToQuery({ dimension: cutDimension?.dimension ?? 'country', value }),
            label: `${words.value(cutDimension?.dimension ?? 'country', value)} (${formats.count(customers)})`,
          }))}
          onChange={(value) => onChange({ cut: value })}
        />
        <Select
          label={t('page.compare')}
          value={compare ?? NONE}
          disabled={cuts.length === 0}
          options={[{ label: t('page.compareNothing'), value: NONE }, ...dimensions.slice(1)]}
          onChange={(value) => onChange({ compare: value === NONE ? null : value })}
        />
      </InlineGrid>
    </Card>
  );
}
