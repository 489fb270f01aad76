import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider } from 'react-i18next';
import { describe, expect, it } from 'vitest';

import { choicesOf, isOffered } from '#app/components/customers/customer-filters.tsx';
import { useConditionWords } from '#app/components/customers/use-condition-words.ts';
import { FormatsProvider } from '#app/components/formats.tsx';
import type { Condition } from '#app/domain/segments/segment.ts';
import { i18nIn } from '#app/i18n/i18n.ts';

function Sentence({ condition }: { condition: Condition }) {
  return useConditionWords({ currency: 'EUR', countryNames: { US: 'United States' }, productTitles: { 7: 'Tea' }, tierNames: { silver: 'Silver' } }).condition(condition);
}

function wordsOf(condition: Condition, locale: 'en' | 'zh-CN'): string {
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18nIn(locale)}>
      <FormatsProvider locale={locale}>
        <Sentence condition={condition} />
      </FormatsProvider>
    </I18nextProvider>,
  );
}

const NO_CHOICES = { country: [], region: [], channel: [], discountCode: [], presentmentCurrency: [], tier: [] };

describe('a condition in words', () => {
  it('says who is due for a product and who is late, in both languages', () => {
    const condition: Condition = { kind: 'choice', field: 'replenishment', anyOf: ['due', 'late'] };
    expect(wordsOf(condition, 'en')).toBe('Buying a product again: Due, Late');
    expect(wordsOf(condition, 'zh-CN')).toBe('再次购买同一商品：已到期、已逾期');
    expect(choicesOf('replenishment', NO_CHOICES)).toEqual(['due', 'late']);
    const ofTea: Condition = { kind: 'choice', field: 'replenishment', anyOf: ['late:7', 'due:SKU:9'] };
    expect(wordsOf(ofTea, 'en')).toBe('Buying a product again: Late for Tea, Due for SKU:9');
    expect(wordsOf(ofTea, 'zh-CN')).toBe('再次购买同一商品：Tea已逾期、SKU:9已到期');
  });

  it('names channels and regions as people do, and keeps the letters of what has no name', () => {
    const channels: Condition = { kind: 'choice', field: 'channel', anyOf: ['shopify_draft_order', '580111', 'tiktok'] };
    expect(wordsOf(channels, 'en')).toBe('Channel of first order: Draft order, App 580111, tiktok');
    expect(wordsOf(channels, 'zh-CN')).toBe('首单渠道：草稿订单、应用 580111、tiktok');
    const regions: Condition = { kind: 'choice', field: 'region', anyOf: ['US-CA', 'XX-Y', 'Nowhere'] };
    expect(wordsOf(regions, 'en')).toBe('Region of first order: United States · CA, XX-Y, Nowhere');
    expect(wordsOf({ kind: 'choice', field: 'presentmentCurrency', anyOf: ['EUR'] }, 'en')).toBe('Currency of first order: EUR');
  });

  it('names a tier as the program does, and who is in none; rules are offered it where there are tiers', () => {
    const condition: Condition = { kind: 'choice', field: 'tier', anyOf: ['silver', 'gone', null] };
    expect(wordsOf(condition, 'en')).toBe('Tier of the customer: Silver, gone, Not a member');
    expect(wordsOf(condition, 'zh-CN')).toBe('客户等级：Silver、gone、非会员');
    const offering = { hasPredictions: true, choices: NO_CHOICES };
    expect(isOffered('tier', offering)).toBe(false);
    expect(isOffered('tier', { ...offering, choices: { ...NO_CHOICES, tier: ['silver', null] } })).toBe(true);
  });

  it('names a product by its title, and a range by its ends', () => {
    expect(wordsOf({ kind: 'choice', field: 'firstProduct', anyOf: ['7', null] }, 'en')).toBe('Product in first order: Tea, not known');
    expect(wordsOf({ kind: 'range', field: 'spentMinor', from: 5000, to: null }, 'en')).toBe('Spent: €50.00 or more');
  });
});
