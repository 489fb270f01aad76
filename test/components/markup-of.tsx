import { AppProvider } from '@shopify/polaris';
import polarisEnglish from '@shopify/polaris/locales/en.json' with { type: 'json' };
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider } from 'react-i18next';
import { StaticRouter } from 'react-router-dom/server';

import { FormatsProvider } from '#app/components/formats.tsx';
import { i18nIn } from '#app/i18n/i18n.ts';
import type { Language } from '#app/i18n/languages.ts';

/** A part of a page as the server writes it. */
export function markupOf(element: ReactElement, language: Language = 'en'): string {
  return renderToStaticMarkup(
    <StaticRouter location="/app" future={{ v7_relativeSplatPath: true }}>
      <I18nextProvider i18n={i18nIn(language)}>
        <FormatsProvider locale={language}>
          <AppProvider i18n={polarisEnglish}>{element}</AppProvider>
        </FormatsProvider>
      </I18nextProvider>
    </StaticRouter>,
  );
}

/** Its words, tags left out. */
export function textOf(element: ReactElement, language: Language = 'en'): string {
  return markupOf(element, language)
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/&amp;/g, '&');
}

/** Where its links lead. */
export function linksIn(element: ReactElement): string[] {
  return [...markupOf(element).matchAll(/href="([^"]*)"/g)].map(([, address = '']) => address.replaceAll('&amp;', '&'));
}
