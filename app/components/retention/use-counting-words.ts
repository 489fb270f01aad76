import { useTranslation } from 'react-i18next';

import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';

export interface CountingWords {
  /** What an amount is: "after discounts and refunds, without tax ...". */
  worth: string;
  /** Which orders count for nothing: a sentence. */
  leftOut: string;
  /** What a reader must know who expects our own way of counting; null where it is that. */
  notice: string | null;
  /** In an explanation of a number. */
  fact: string;
}

/** How the merchant has orders counted, in words. */
export function useCountingWords({ preset, value }: OrderCounting): CountingWords {
  const { t } = useTranslation('metrics');
  const worth = t(`counting.worth.${value}`);
  const first = preset === 'perennial' ? null : t('counting.asShopifyCounts');
  const second = value === 'goods' ? null : t('counting.revenue', { worth });
  return {
    worth,
    leftOut: t(`counting.leftOut.${preset}`),
    notice: first === null || second === null ? (first ?? second) : t('counting.both', { first, second }),
    fact: t(`counting.fact.${preset}`),
  };
}
