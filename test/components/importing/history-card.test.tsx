import { AppProvider } from '@shopify/polaris';
import polarisEnglish from '@shopify/polaris/locales/en.json' with { type: 'json' };
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider } from 'react-i18next';
import { describe, expect, it } from 'vitest';

import { FormatsProvider } from '#app/components/formats.tsx';
import { HistoryCard } from '#app/components/importing/history-card.tsx';
import type { ResourceProgress } from '#app/domain/sync/import-progress.ts';
import { i18nIn } from '#app/i18n/i18n.ts';
import type { Language } from '#app/i18n/languages.ts';

const COMPLETED: ResourceProgress = {
  resource: 'orders',
  state: 'completed',
  rootsPrepared: 10,
  rootsExpected: 10,
  objectsReported: 30,
  objectsStored: 30,
  objectsRejected: 0,
  recordsKept: 10,
  requestedAtMs: 0,
  startedAtMs: null,
  finishedAtMs: null,
  errorCode: null,
  errorDetail: null,
};

function textOf(facts: Partial<ResourceProgress>, language: Language = 'en'): string {
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18nIn(language)}>
      <FormatsProvider locale={language}>
        <AppProvider i18n={polarisEnglish}>
          <HistoryCard progress={{ ...COMPLETED, ...facts }} timeZone="UTC" />
        </AppProvider>
      </FormatsProvider>
    </I18nextProvider>,
  )
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('the card of an import', () => {
  it('names the lines that could not be read, and how many more there are', () => {
    const errorDetail = Array.from({ length: 12 }, (_, index) => `line ${index + 1}: id is missing`).join('\n');
    const text = textOf({ objectsRejected: 1_234, errorDetail });
    expect(text).toContain('1,234 records could not be read');
    expect(text).toContain('Line 10: id is missing 1,224 more');
    expect(text).not.toContain('Line 11');
  });

  it.each([
    'access-lost', 'request-refused', 'operation-lost', 'file-cut-short', 'file-gone', 'file-missing',
    'FAILED', 'EXPIRED', 'TIMEOUT', 'INTERNAL_SERVER_ERROR', 'ACCESS_DENIED',
  ])('says in words why it failed with %s', (errorCode) => {
    expect(textOf({ state: 'failed', errorCode })).toMatch(/Reason: \w+/);
    expect(textOf({ state: 'failed', errorCode }, 'zh-CN')).toContain('原因：');
    for (const language of ['en', 'zh-CN'] as const) expect(textOf({ state: 'failed', errorCode }, language)).not.toContain(errorCode);
  });

  it('shows a code of Shopify’s that is new to us as it is', () => {
    expect(textOf({ state: 'failed', errorCode: 'toString' })).toContain('Shopify answered toString.');
  });

  it('tells a stop by an uninstall from one by the merchant', () => {
    expect(textOf({ state: 'cancelled', errorCode: 'uninstalled' })).toContain('Perennial was uninstalled');
    expect(textOf({ state: 'cancelled', errorCode: 'file-gone' })).not.toContain('Reason');
  });
});
