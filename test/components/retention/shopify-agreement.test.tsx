import { AppProvider } from '@shopify/polaris';
import polarisEnglish from '@shopify/polaris/locales/en.json' with { type: 'json' };
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider } from 'react-i18next';
import { expect, it } from 'vitest';

import { FormatsProvider } from '#app/components/formats.tsx';
import { AgreementTable, ShopifyAgreement } from '#app/components/retention/shopify-agreement.tsx';
import type { RfmAgreement } from '#app/domain/retention/metrics/rfm-agreement.ts';
import { i18nIn } from '#app/i18n/i18n.ts';
import type { Language } from '#app/i18n/languages.ts';

const AGREEMENT: RfmAgreement = {
  customers: 4_120,
  agreeing: 3_420,
  share: 3_420 / 4_120,
  pairs: [
    { ours: 'CHAMPIONS', theirs: 'CHAMPIONS', customers: 3_420 },
    { ours: 'LOYAL', theirs: 'CHAMPIONS', customers: 600 },
    { ours: 'LOYAL', theirs: 'SUPER_FANS', customers: 100 },
  ],
};

const textOf = (agreement: RfmAgreement | null | undefined, language: Language = 'en') => wordsOf(<ShopifyAgreement agreement={agreement} />, language);

function wordsOf(shown: ReactNode, language: Language): string {
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18nIn(language)}>
      <FormatsProvider locale={language}>
        <AppProvider i18n={polarisEnglish}>
          {shown}
        </AppProvider>
      </FormatsProvider>
    </I18nextProvider>,
  ).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

it('says for how many customers Shopify agrees', () => {
  expect(textOf(AGREEMENT)).toContain('Shopify agrees for 83% of 4,120 customers.');
  expect(textOf(AGREEMENT, 'zh-CN')).toContain('4,120 位客户中，83% 与 Shopify 的分组一致。');
});

it('has a table of our groups by Shopify’s, one that nobody has heard of among them', () => {
  const text = wordsOf(<AgreementTable pairs={AGREEMENT.pairs} />, 'en');
  expect(text).toContain('by the group in Shopify Champions SUPER_FANS');
  expect(text).toContain('Champions 3,420 0');
  expect(text).toContain('Loyal 600 100');
});

it('says nothing before it is known, and why where there is nothing to compare', () => {
  expect(textOf(undefined)).not.toContain('Shopify');
  expect(textOf(null)).toContain('compared on the current day only');
  expect(textOf({ customers: 0, agreeing: 0, share: null, pairs: [] })).toContain('Shopify has not told');
});
