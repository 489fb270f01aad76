import { useTranslation } from 'react-i18next';

import { customersLink } from '#app/components/customers-link.ts';
import { useFormats } from '#app/components/formats.tsx';
import type { WeeklyAction } from '#app/domain/retention/advice/weekly-action.ts';
import type { Segment } from '#app/domain/segments/segment.ts';

export interface ActionWords {
  title: string;
  text: string;
  /** Null where no amount of money belongs to it. */
  stake: string | null;
  link: { label: string; url: string };
}

/** An action in the merchant's language, and where it leads. */
export function useActionWords({ currency, asOf }: { currency: string; asOf: string }): (action: WeeklyAction) => ActionWords {
  const { t } = useTranslation('advice');
  const formats = useFormats();
  const money = (minor: number) => ({ money: formats.money(minor, currency) });
  const customers = ({ conditions }: Segment) => ({ label: t('showCustomers'), url: customersLink({ asOf }, conditions) ?? '/app/customers' });
  const people = (count: number) => ({ count, number: formats.count(count) });

  return (action) => {
    switch (action.kind) {
      case 'secondOrder': {
        const facts = { from: action.fromDays, to: action.toDays, earlier: formats.count(action.earlier), share: formats.wholePercent(action.usualShare) };
        return {
          title: t('secondOrder.title', people(action.customers)),
          text: t('secondOrder.text', facts),
          stake: t('secondOrder.stake', money(action.atStakeMinor)),
          link: customers(action.segment),
        };
      }
      case 'lateRegulars': {
        const days = { since: formats.count(action.sinceDays), until: formats.count(action.untilDays) };
        const facts = { ...days, earlier: formats.count(action.earlier), share: formats.wholePercent(action.usualShare) };
        return {
          title: t('lateRegulars.title', people(action.customers)),
          text: t('lateRegulars.text', facts),
          stake: t('lateRegulars.stake', money(action.atStakeMinor)),
          link: customers(action.segment),
        };
      }
      case 'lostBest':
        return {
          title: t('lostBest.title', people(action.customers)),
          text: t('lostBest.text'),
          stake: t('lostBest.stake', money(action.atStakeMinor)),
          link: customers(action.segment),
        };
      case 'newestCohort': {
        const key = action.zScore < 0 ? 'newestCohortLess' : 'newestCohortMore';
        const shares = { rate: formats.percent(action.rate), before: formats.percent(action.rateBefore) };
        return {
          title: t(`${key}.title`, { month: formats.month(action.cohort) }),
          text: t(`${key}.text`, { ...shares, size: formats.count(action.size), days: action.days }),
          stake: t(`${key}.stake`, money(action.atStakeMinor)),
          link: { label: t('showCohorts'), url: `/app/cohorts?${new URLSearchParams({ asOf, compare: 'country' })}` },
        };
      }
      case 'switchOnOffer':
        return {
          title: t('switchOnOffer.title', people(action.firstOrders)),
          text: t('switchOnOffer.text', { days: action.days }),
          stake: null,
          link: { label: t('showOffers'), url: '/app/offers' },
        };
      case 'refill':
        return {
          title: t('refill.title', { ...people(action.customers), product: action.productTitle }),
          text: t('refill.text'),
          stake: t('refill.stake', money(action.atStakeMinor)),
          link: { label: t('showProducts'), url: `/app/products?${new URLSearchParams({ asOf })}` },
        };
      case 'firstProduct': {
        const shares = { rate: formats.percent(action.rate), before: formats.percent(action.rateOfShop) };
        return {
          title: t('firstProduct.title', { product: action.productTitle }),
          text: t('firstProduct.text', { ...shares, number: formats.count(action.customers), days: action.days }),
          stake: t('firstProduct.stake', money(action.atStakeMinor)),
          link: { label: t('showProducts'), url: `/app/products?${new URLSearchParams({ asOf })}` },
        };
      }
    }
  };
}
