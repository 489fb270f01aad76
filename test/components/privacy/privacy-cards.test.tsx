import { AppProvider } from '@shopify/polaris';
import polarisEnglish from '@shopify/polaris/locales/en.json' with { type: 'json' };
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider } from 'react-i18next';
import { describe, expect, it } from 'vitest';

import { FormatsProvider } from '#app/components/formats.tsx';
import { AccessesCard } from '#app/components/privacy/accesses-card.tsx';
import { DataRequestsCard, type DataRequestFacts } from '#app/components/privacy/data-requests-card.tsx';
import { KeptCard } from '#app/components/privacy/kept-card.tsx';
import { privacy } from '#app/i18n/en/privacy.ts';
import { i18nIn } from '#app/i18n/i18n.ts';
import type { Language } from '#app/i18n/languages.ts';
import { ACCESS_ACTIONS } from '#app/services/privacy/note-access.server.ts';

function render(card: ReactNode, language: Language = 'en'): string {
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18nIn(language)}>
      <FormatsProvider locale={language}>
        <AppProvider i18n={polarisEnglish}>{card}</AppProvider>
      </FormatsProvider>
    </I18nextProvider>,
  );
}

const textOf = (markup: string) => markup.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

const READY: DataRequestFacts = {
  webhookId: 'w',
  requestedAtMs: Date.parse('2026-11-01T10:00:00Z'),
  dueAtMs: Date.parse('2026-12-01T10:00:00Z'),
  state: 'ready',
  handedOnAtMs: null,
  isOpen: true,
};

function requestsCard(requests: DataRequestFacts[], language: Language = 'en'): string {
  const card = <DataRequestsCard requests={requests} timeZone="UTC" keptDays={30} underWay={null} hasFailed={false} onDownload={() => {}} />;
  return render(card, language);
}

describe('the requests for a copy of the data', () => {
  it('say by when to hand one on, and offer it in both forms', () => {
    const text = textOf(requestsCard([READY]));
    expect(text).toContain('Asked on Nov 1, 2026');
    expect(text).toContain('Hand it on by Dec 1, 2026');
    expect(text).toContain('Download to read');
    expect(text).toContain('Download as JSON');
  });

  it('offer nothing that is held no longer, and say why', () => {
    const text = textOf(requestsCard([{ ...READY, state: 'expired', isOpen: false }]));
    expect(text).toContain('Copies are kept for 30 days');
    expect(text).not.toContain('Download to read');
  });

  it('say what it means that nothing is held', () => {
    expect(textOf(requestsCard([{ ...READY, state: 'nothing-held', isOpen: false }]))).toContain('keeps no name, e-mail, phone or address');
    expect(textOf(requestsCard([{ ...READY, state: 'nothing-held', isOpen: false }], 'zh-CN'))).toContain('Perennial 没有任何数据');
  });

  it('name each button for the request that it belongs to', () => {
    expect(requestsCard([READY])).toMatch(/aria-label="Download as JSON \(Asked on Nov 1, 2026[^"]*\)"/);
  });

  it('say so when there are none', () => {
    expect(textOf(requestsCard([]))).toContain('No customer has asked for their data.');
  });
});

describe('who opened personal data', () => {
  it('is told in words', () => {
    const access = { accessId: 'a', accessedAtMs: READY.requestedAtMs, records: 14 };
    const accesses = [
      { ...access, actor: 'staff:7', action: 'data-request-page' },
      { ...access, accessId: 'b', actor: 'operator', action: 'data-request-terminal' },
    ];
    const text = textOf(render(<AccessesCard accesses={accesses} timeZone="UTC" />));
    expect(text).toContain('Member of staff 7');
    expect(text).toContain('Perennial support');
    expect(text).toContain('Opened a copy at your request');
  });

  it('has a word for everything that is noted', () => {
    expect(Object.keys(privacy.accesses.actions).sort()).toEqual([...ACCESS_ACTIONS].sort());
  });

  it('says so when nobody did', () => {
    expect(textOf(render(<AccessesCard accesses={[]} timeZone={undefined} />))).toContain('Nobody has opened');
  });
});

describe('what is kept', () => {
  it('gives the days that the upkeep goes by', () => {
    const days = { answer: 31, handledWebhook: 32, deadWebhook: 33, importProblems: 34, access: 365, segmentUndo: 366, shopThatLeft: 36 };
    const text = textOf(render(<KeptCard keptDays={days} />));
    for (const value of Object.values(days)) expect(text).toContain(`${value} days`);
  });
});
