import { Select } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { Formats } from '#app/components/formats.tsx';
import { cutFromQuery, cutToQuery, FIRST_PRODUCT, TIER } from '#app/domain/retention/columns/cut-query.ts';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import { useCutWords } from './use-cut-words.ts';
import type { CutWords } from './use-cut-words.ts';

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
  // What was chosen stands there at once: the lines of many orders take seconds to come.
  const [asked, setAsked] = useState(cut);
  useEffect(() => setAsked(cut), [cut, cuts]);
  const choose = (query: string | null) => {
    setAsked(query);
    onChange(query);
  };
  const chosen = cutFromQuery(asked);
  const cutDimension = cuts.find(({ dimension }) => dimension === chosen?.dimension);
  const chooseDimension = (name: string) => {
    const known = cuts.find(({ dimension }) => dimension === name);
    if (known === undefined) return choose(null);
    if (known.dimension === FIRST_PRODUCT) return choose(cutToQuery({ dimension: FIRST_PRODUCT, value: known.values[0]?.value ?? '' }));
    if (known.dimension === TIER) return choose(cutToQuery({ dimension: TIER, value: known.values[0]?.value ?? '' }));
    return choose(cutToQuery({ dimension: known.dimension, value: known.values[0]?.value ?? null }));
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
        value={asked ?? NONE}
        disabled={cutDimension === undefined || cutDimension.values.length === 0}
        options={cutDimension === undefined ? [] : optionsOf(cutDimension, (value) => words.value(cutDimension.dimension, value), formats)}
        onChange={choose}
        {...(cutDimension?.dimension === TIER ? { helpText: t('page.tierHelp') } : {})}
      />
    </>
  );
}

function optionsOf({ dimension, values }: OfferedCut, wordOf: (value: string | null) => string, { count }: Formats) {
  return values.map(({ value, customers, name }) => ({
    value: dimension === FIRST_PRODUCT ? cutToQuery({ dimension, value: value ?? '' }) : cutToQuery({ dimension, value }),
    label: `${name ?? wordOf(value)} (${count(customers)})`,
  }));
}

/** What a part is called: a product by its name, and all else by the words for it. */
export function nameOfCut(cut: string, cuts: readonly OfferedCut[], words: CutWords): string {
  const chosen = cutFromQuery(cut);
  if (chosen === null) return cut;
  const offered = cuts.find(({ dimension }) => dimension === chosen.dimension)?.values ?? [];
  return offered.find(({ value }) => value === chosen.value)?.name ?? words.value(chosen.dimension, chosen.value);
}
