import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { Reward } from '#app/domain/loyalty/program/program.ts';
import { leastAmountOf } from '#app/domain/loyalty/program/reward-worth.ts';

/** What a reward is called: by the merchant, or by what it gives in a currency. */
export function useRewardWords(currency: string): (reward: Pick<Reward, 'name' | 'gives'>) => string {
  const { t } = useTranslation('loyalty');
  const formats = useFormats();
  return ({ name, gives }) => {
    if (name !== '') return name;
    const minor = leastAmountOf(gives, currency);
    const amount = minor === null ? '' : formats.money(minor, currency);
    switch (gives.kind) {
      case 'amount':
        return amount === '' ? t('rewardNames.amountUnknown') : t('rewardNames.amount', { amount });
      case 'any-amount':
        return t('rewardNames.any-amount');
      case 'store-credit':
        return amount === '' ? t('rewardNames.creditUnknown') : t('rewardNames.store-credit', { amount });
      case 'percent':
        return t('rewardNames.percent', { percent: String(gives.percentBasisPoints / 100) });
      case 'free-shipping':
        return t('rewardNames.free-shipping');
      case 'free-product':
        return gives.title === '' ? t('rewardNames.productUnknown') : t('rewardNames.free-product', { title: gives.title });
    }
  };
}
