import { useTranslation } from 'react-i18next';

import { customersLink } from '#app/components/customers-link.ts';
import { useFormats } from '#app/components/formats.tsx';
import type { RefillAction, SecondOrderAction, WeeklyAction } from '#app/domain/retention/advice/weekly-action.ts';
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
  const products = { label: t('showProducts'), url: `/app/products?${new URLSearchParams({ asOf })}` };
  const people = (count: number) => ({ count, number: formats.count(count) });
  const cases = (of: { earlier: number; usualShare: number }) => ({ earlier: formats.count(of.earlier), share: formats.wholePercent(of.usualShare) });
  const past = (action: SecondOrderAction | RefillAction) => ({ from: action.fromDays, to: action.toDays, ...cases(action) });

  return (action) => {
    switch (action.kind) {
      case 'secondOrder':
        return {
          title: t('secondOrder.title', people(action.customers)),
          text: t('secondOrder.text', past(action)),
          stake: t('secondOrder.stake', money(action.atStakeMinor)),
          link: customers(action.segment),
        };
      case 'lateRegulars': {
        const facts = { since: formats.count(action.sinceDays), until: formats.count(action.untilDays), ...cases(action) };
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
          text: t('refill.text', past(action)),
          stake: t('refill.stake', money(action.atStakeMinor)),
          link: products,
        };
      case 'firstProduct': {
        const shares = { rate: formats.percent(action.rate), before: formats.percent(action.rateOfShop) };
        return {
          title: t('firstProduct.title', { product: action.productTitle }),
          text: t('firstProduct.text', { ...shares, number: formats.count(action.customers), days: action.days }),
          stake: t('firstProduct.stake', money(action.atStakeMinor)),
          link: products,
        };
      }
    }
  };
}
