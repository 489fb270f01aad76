import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { useSegmentNames } from '#app/components/segments/use-segment-names.ts';
import type { OfferGrant, OfferRule } from '#app/domain/offers/offer-rule.ts';
import { isProvince } from '#app/domain/offers/province-codes.ts';
import { READY_MADE_SEGMENTS } from '#app/domain/segments/ready-made-segments.ts';
import type { Choice } from './choice-picker.tsx';

export interface RuleChoices {
  segments: readonly Choice[];
  tiers: readonly Choice[];
  countries: readonly Choice[];
}

/** The ready-made segments and then the merchant's own, by name. */
export function useSegmentChoices(saved: readonly Choice[]): Choice[] {
  const nameOf = useSegmentNames();
  return [...READY_MADE_SEGMENTS.map(({ id }) => ({ id, name: nameOf(id) })), ...saved];
}

export interface RuleWords {
  gives(grant: OfferGrant): string;
  /** What it is called: its name, or what it gives. */
  title(rule: OfferRule): string;
  /** Who gets it, what, and for how long, in a line. */
  summary(rule: OfferRule): string;
}

export function useRuleWords(currency: string | null, choices: RuleChoices): RuleWords {
  const { t } = useTranslation('offers');
  const formats = useFormats();
  const money = (amountMinor: number) => (currency === null ? String(amountMinor) : formats.money(amountMinor, currency));
  const gives = (grant: OfferGrant): string => {
    switch (grant.kind) {
      case 'percent':
        return t('summary.percent', { percent: String(grant.basisPoints / 100) });
      case 'amount':
      case 'store-credit':
        return t(`summary.${grant.kind}`, { amount: money(grant.amountMinor) });
      case 'free-shipping':
        return t('summary.free-shipping');
    }
  };
  const counted = (key: 'days' | 'hours' | 'countries' | 'products', count: number) => t(`summary.${key}`, { count, number: formats.count(count) });
  const named = (ids: readonly string[], list: readonly Choice[]) => ids.flatMap((id) => list.find((one) => one.id === id)?.name ?? []);
  const who = ({ conditions }: OfferRule): string[] => {
    const { orders, segments, tiers, countries, products, leastSubtotalMinor, mostSubtotalMinor } = conditions;
    return [
      t(`rule.ordersOf.${orders}`),
      ...named(segments, choices.segments),
      ...named(tiers, choices.tiers),
      // A province is known by its code alone.
      ...(countries.length > 2 ? [counted('countries', countries.length)] : countries.flatMap((place) => (isProvince(place) ? place : named([place], choices.countries)))),
      ...(products.length === 0 ? [] : [counted('products', products.length)]),
      ...(leastSubtotalMinor === null ? [] : [t('summary.from', { amount: money(leastSubtotalMinor) })]),
      ...(mostSubtotalMinor === null ? [] : [t('summary.to', { amount: money(mostSubtotalMinor) })]),
    ];
  };
  const title = (rule: OfferRule) => (rule.name === '' ? gives(rule.grant) : rule.name);
  return {
    gives,
    title,
    summary(rule) {
      const { minimumSubtotalMinor, validity, grant, name } = rule;
      const minimum = minimumSubtotalMinor === 0 ? [] : [t('summary.minimum', { amount: money(minimumSubtotalMinor) })];
      const time = validity.kind === 'days' ? counted('days', validity.days) : counted('hours', validity.hours);
      return [...who(rule), ...(name === '' ? [] : [gives(grant)]), ...minimum, time].join(' · ');
    },
  };
}
