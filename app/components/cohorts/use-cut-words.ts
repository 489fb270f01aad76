import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { OrderDimension } from '#app/domain/retention/columns/order-columns.ts';

export interface CutWords {
  dimension: (dimension: OrderDimension) => string;
  value: (dimension: OrderDimension, value: string | null) => string;
}

/** What parts of a shop's customers are called. Countries and currencies have names in every language; codes have none. */
export function useCutWords(): CutWords {
  const { t, i18n } = useTranslation('cohorts');
  return useMemo(() => {
    const countries = new Intl.DisplayNames(i18n.language, { type: 'region', fallback: 'code' });
    return {
      dimension: (dimension) => t(`page.dimensions.${dimension}`),
      value: (dimension, value) => {
        if (value === null) return t(dimension === 'discountCode' ? 'page.noDiscount' : 'page.unknown');
        return dimension === 'country' ? nameOf(countries, value) : value;
      },
    };
  }, [t, i18n.language]);
}

/** Shops write what they like into an address: what is no code keeps its letters. */
function nameOf(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
