import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { TIER } from '#app/domain/retention/columns/cut-query.ts';
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
        if (value === null) return t(dimension === TIER ? 'page.noMember' : dimension === 'discountCode' ? 'page.noDiscount' : 'page.unknown');
        if (dimension === 'channel') return channelName(value, t);
        if (dimension === 'region') return regionName(value, countryNames);
        return dimension === 'country' ? (countryNames[value] ?? value) : value;
      },
    }),
    [t, countryNames],
  );
}

/** What Shopify calls the sources of orders that every shop can have. */
const CHANNELS = ['web', 'pos', 'shopify_draft_order', 'iphone', 'android', 'subscription_contract'] as const;
const NUMBER = /^\d+$/;

/** Other apps' orders come under the app's number, which Shopify names nowhere for us, or under a name of their own. */
function channelName(value: string, t: TFunction<'cohorts'>): string {
  const channel = CHANNELS.find((known) => known === value);
  if (channel !== undefined) return t(`page.channels.${channel}`);
  return NUMBER.test(value) ? t('page.appChannel', { number: value }) : value;
}

/** Nobody here has the names of all provinces: their letters are what addresses are written with. */
function regionName(value: string, countryNames: Readonly<Record<string, string>>): string {
  const dash = value.indexOf('-');
  const country = countryNames[value.slice(0, dash)];
  return dash === -1 || country === undefined ? value : `${country} · ${value.slice(dash + 1)}`;
}
