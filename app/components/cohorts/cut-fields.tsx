import { Select } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { cutFromQuery, cutToQuery } from '#app/domain/retention/columns/cut-query.ts';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import { useCutWords } from './use-cut-words.ts';

export interface CutFieldsProps {
  /** What is cut, as a question. */
  label: string;
  /** As addresses carry it; null for everybody. */
  cut: string | null;
  cuts: readonly OfferedCut[];
  /** By code, as `countryNamesOf` made them. */
  countryNames: Readonly<Record<string, string>>;
  onChange: (cut: string | null) => void;
}

const NONE = '';

/** Which customers a page speaks of: by which attribute of their first order, and by which value of it. */
export function CutFields({ label, cut, cuts, countryNames, onChange }: CutFieldsProps) {
  const { t } = useTranslation('cohorts');
  const formats = useFormats();
  const words = useCutWords(countryNames);
  const chosen = cutFromQuery(cut);
  const cutDimension = cuts.find(({ dimension }) => dimension === chosen?.dimension);
  const chooseDimension = (name: string) => {
    const known = cuts.find(({ dimension }) => dimension === name);
    const largest = known?.values[0];
    onChange(known === undefined || largest === undefined ? null : cutToQuery({ dimension: known.dimension, value: largest.value }));
  };
  return (
    <>
      <Select
        label={label}
        value={cutDimension?.dimension ?? NONE}
        disabled={cuts.length === 0}
        options={[
          { label: t('page.everybody'), value: NONE },
          ...cuts.map(({ dimension }) => ({ label: words.dimension(dimension), value: dimension })),
        ]}
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
        onChange={onChange}
      />
    </>
  );
}
