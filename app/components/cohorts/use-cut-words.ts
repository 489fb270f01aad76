import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { CutDimension } from '#app/domain/retention/columns/cut-query.ts';

const NO_NAMES: Readonly<Record<string, string>> = {};

export interface CutWords {
  dimension: (dimension: CutDimension) => string;
  value: (dimension: CutDimension, value: string | null) => string;
}

/**
 * What parts of a shop's customers are called.
 *
 * @param countryNames by code, as `countryNamesOf` made them on the server; without them the codes are shown
 */
export function useCutWords(countryNames: Readonly<Record<string, string>> = NO_NAMES): CutWords {
  const { t } = useTranslation('cohorts');
  return useMemo(
    () => ({
      dimension: (dimension) => t(`page.dimensions.${dimension}`),
      value: (dimension, value) => {
        if (value === null) return t(dimension === 'discountCode' ? 'page.noDiscount' : 'page.unknown');
        return dimension === 'country' ? (countryNames[value] ?? value) : value;
      },
    }),
    [t, countryNames],
  );
}
