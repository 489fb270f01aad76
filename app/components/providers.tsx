import polarisEnglish from '@shopify/polaris/locales/en.json' with { type: 'json' };
import polarisChinese from '@shopify/polaris/locales/zh-CN.json' with { type: 'json' };
import { AppProvider } from '@shopify/shopify-app-remix/react';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';

import { i18nIn } from '#app/i18n/i18n.ts';
import type { AdminLocale, Language } from '#app/i18n/languages.ts';
import { FormatsProvider } from './formats.tsx';

const POLARIS_WORDS: Record<Language, typeof polarisEnglish | typeof polarisChinese> = {
  en: polarisEnglish,
  'zh-CN': polarisChinese,
};

/** Words, number formats and Polaris for everything below. */
export function Providers({ locale, apiKey, children }: { locale: AdminLocale; apiKey: string; children: ReactNode }) {
  return (
    <I18nextProvider i18n={i18nIn(locale.language)}>
      <FormatsProvider locale={locale.formats}>
        {/* App Bridge stands in the head of every document already; `isEmbeddedApp` would load it a second time. */}
        <AppProvider apiKey={apiKey} isEmbeddedApp={false} i18n={POLARIS_WORDS[locale.language]}>
          {children}
        </AppProvider>
      </FormatsProvider>
    </I18nextProvider>
  );
}
