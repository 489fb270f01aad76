import { useTranslation } from 'react-i18next';

import { customersLink } from '#app/components/customers-link.ts';
import { useFormats } from '#app/components/formats.tsx';
import { AHEAD_DAYS } from '#app/domain/retention/advice/silence-cases.ts';
import type { UsualReturn } from '#app/domain/retention/advice/silence-cases.ts';
import type { Stake } from '#app/domain/retention/advice/stake.ts';
import type { WeeklyAction } from '#app/domain/retention/advice/weekly-action.ts';
import type { Segment } from '#app/domain/segments/segment.ts';

export interface ActionWords {
  title: string;
  text: string;
  /** Null where the past does not say what is at stake. */
  stake: string | null;
  /** The first is what there is to do first. */
  links: readonly ActionLink[];
}

interface ActionLink {
  label: string;
  url: string;
}

/** The product in words, so that a merchant can follow how it comes about. */
function useStakeWords(currency: string) {
  const { t } = useTranslation('advice');
  const formats = useFormats();
  return (key: 'usual' | 'difference' | 'differenceAMonth', { number, chance, orderMinor, worthMinor }: Stake): string =>
    t(`stake.${key}`, {
      ...{ number: formats.count(number), days: AHEAD_DAYS, chance: formats.percent(chance) },
      ...{ order: formats.money(orderMinor, currency), money: formats.money(worthMinor, currency) },
    });
}

/** An action in the merchant's language, and where it leads. */
export function useActionWords({ currency, asOf }: { currency: string; asOf: string }): (action: WeeklyAction) => ActionWords {
  const { t } = useTranslation('advice');
  const formats = useFormats();
  const stakeWords = useStakeWords(currency);
  const customers = ({ conditions }: Segment) => ({ label: t('showCustomers'), url: customersLink({ asOf }, conditions) });
  const products = { label: t('showProducts'), url: `/app/products?${new URLSearchParams({ asOf })}` };
  const people = (count: number) => ({ count, number: formats.count(count) });
  const usual = ({ earlier, usualShare }: UsualReturn) => ({ earlier: formats.count(earlier), share: formats.percent(usualShare), days: AHEAD_DAYS });

  return (action) => {
    switch (action.kind) {
      case 'secondOrder':
        return {
          title: t('secondOrder.title', people(action.customers)),
          text: t('secondOrder.text', { from: action.fromDays, to: action.toDays, ...usual(action) }),
          stake: stakeWords('usual', action.stake),
          links: [customers(action.segment)],
        };
      case 'lateRegulars': {
        const since = { since: formats.count(action.sinceDays), until: formats.count(action.untilDays) };
        return {
          title: t('lateRegulars.title', people(action.customers)),
          text: t('lateRegulars.text', { ...since, ...usual(action) }),
          stake: stakeWords('usual', action.stake),
          links: [customers(action.segment)],
        };
      }
      case 'lostBest':
        return {
          title: t('lostBest.title', people(action.customers)),
          text: t('lostBest.text', usual(action)),
          stake: stakeWords('usual', action.stake),
          links: [customers(action.segment)],
        };
      case 'newestCohort': {
        const key = action.zScore < 0 ? 'newestCohortLess' : 'newestCohortMore';
        const shares = { rate: formats.percent(action.rate), before: formats.percent(action.rateBefore) };
        const cohorts = { label: t('showCohorts'), url: `/app/cohorts?${new URLSearchParams({ asOf, compare: 'country' })}` };
        return {
          title: t(`${key}.title`, { month: formats.month(action.cohort) }),
          text: t(`${key}.text`, { ...shares, size: formats.count(action.customers), days: action.days }),
          stake: stakeWords('difference', action.stake),
          links: [customers(action.segment), cohorts],
        };
      }
      case 'switchOnOffer':
        return {
          title: t('switchOnOffer.title', people(action.customers)),
          text: t('switchOnOffer.text', { days: action.days }),
          stake: action.stake === null ? null : stakeWords('usual', action.stake),
          links: [{ label: t('showOffers'), url: '/app/offers' }, customers(action.segment)],
        };
      case 'refill':
        return {
          title: t('refill.title', { ...people(action.customers), product: action.productTitle }),
          text: t('refill.text', { from: action.fromDays, to: action.toDays, ...usual(action) }),
          stake: stakeWords('usual', action.stake),
          links: [customers(action.segment), products],
        };
      case 'firstProduct': {
        const shares = { rate: formats.percent(action.rate), before: formats.percent(action.rateOfShop) };
        return {
          title: t('firstProduct.title', { product: action.productTitle }),
          text: t('firstProduct.text', { ...shares, number: formats.count(action.customers), days: action.days }),
          stake: stakeWords('differenceAMonth', action.stake),
          links: [customers(action.segment), products],
        };
      }
    }
  };
}
