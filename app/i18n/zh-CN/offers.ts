import type { offers as english } from '../en/offers.ts';
import type { TranslationOf } from '../translation.ts';

export const offers: TranslationOf<typeof english> = {
  title: '优惠',
};
