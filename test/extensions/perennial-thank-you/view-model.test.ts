import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { NextOrderOfferReady } from '#app/contracts/next-order-offer.ts';
import { sampleOffer, viewOffer } from '../../../extensions/perennial-thank-you/src/view-model.ts';

const LOCALES = 'extensions/perennial-thank-you/locales';
type Words = Record<string, string>;

function readWords(file: string): Words {
  return JSON.parse(readFileSync(`${LOCALES}/${file}`, 'utf8'));
}

function view(changes: Partial<NextOrderOfferReady> = {}, { file = 'en.default.json', timeZone = 'UTC' } = {}) {
  const words = readWords(file);
  const locale = file.split('.')[0] ?? 'en';
  const offer: NextOrderOfferReady = {
    state: 'ready',
    code: 'BACK-ABCD2345',
    percentBasisPoints: 1500,
    minimumSubtotal: null,
    endsAt: '2026-12-21T23:59:59Z',
    isPersonal: false,
    ...changes,
  };
  const intl = <Options extends { inExtensionLocale: true }>({ inExtensionLocale: _, ...options }: Options) => options;
  return viewOffer(offer, {
    translate: (key, values = {}) => (words[key] ?? key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '?'),
    formatNumber: (value, options) => new Intl.NumberFormat(locale, intl(options)).format(value),
    formatCurrency: (value, options) => new Intl.NumberFormat(locale, { style: 'currency', ...intl(options) }).format(value),
    formatDate: (value, options) => new Intl.DateTimeFormat(locale, intl(options)).format(value),
    timeZone,
  });
}

describe('the words of an offer', () => {
  it('say how much, until when and how often', () => {
    expect(view()).toEqual({
      heading: 'A thank-you for your next order',
      sentence: 'Take 15% off your next order with this code.',
      terms: ['Valid until December 21, 2026.', 'Works once.'],
      code: 'BACK-ABCD2345',
    });
    expect(view({ isPersonal: true })?.terms).toContain('Works once, for you only.');
    expect(view({ percentBasisPoints: 1250 })?.sentence).toContain('12.5%');
  });

  it('say the hour too where the day of the shop ends at another hour of the buyer', () => {
    expect(view({ endsAt: '2026-12-21T22:59:59Z' }, { timeZone: 'Europe/Berlin' })?.terms[0]).toBe('Valid until December 21, 2026.');
    const elsewhere = view({ endsAt: '2026-12-21T22:59:59Z' }, { timeZone: 'Asia/Shanghai' })?.terms[0];
    expect(elsewhere?.replace(/\s/g, ' ')).toBe('Valid until December 22, 2026 at 6:59 AM.');
  });

  it.each([
    [{ amountMinor: 2500, currency: 'EUR', decimals: 2 }, 'For orders of €25 or more.'],
    [{ amountMinor: 1999, currency: 'EUR', decimals: 2 }, 'For orders of €19.99 or more.'],
    [{ amountMinor: 3000, currency: 'JPY', decimals: 0 }, 'For orders of ¥3,000 or more.'],
    [{ amountMinor: 1500, currency: 'KWD', decimals: 3 }, 'For orders of KWD 1.500 or more.'],
  ])('say the minimum exactly', (minimumSubtotal, sentence) => {
    expect(view({ minimumSubtotal })?.terms.map((term) => term.replace(/\s/g, ' '))).toContain(sentence);
  });

  it('are none when the end is no date', () => {
    expect(view({ endsAt: 'soon' })).toBeNull();
  });

  it('stand in the language of the sentence', () => {
    const german = view({ minimumSubtotal: { amountMinor: 2500, currency: 'EUR', decimals: 2 } }, { file: 'de.json' });
    expect(german?.terms.map((term) => term.replace(/\s/g, ' '))).toEqual([
      'Gültig bis 21. Dezember 2026.',
      'Ab einem Bestellwert von 25 €.',
      'Einmal einlösbar.',
    ]);
  });

  it('have a sample for the checkout editor', () => {
    expect(sampleOffer(new Date('2026-11-21T12:00:00Z'))).toMatchObject({ state: 'ready', percentBasisPoints: 1500 });
  });
});

describe('the languages of the block', () => {
  const files = readdirSync(LOCALES);
  const english = readWords('en.default.json');
  const placeholders = (text: string | undefined) => [...(text ?? '').matchAll(/\{\{\w+\}\}/g)].map(String).sort();

  it('are the seven largest and more', () => {
    const found = files.map((file) => file.replace(/(\.default)?\.json$/, '')).sort();
    expect(found).toEqual(['ar', 'de', 'en', 'es', 'fr', 'it', 'ja', 'ko', 'nl', 'pt-BR', 'zh-CN', 'zh-TW']);
  });

  it.each(files)('%s says everything that English says, with the same gaps', (file) => {
    const words = readWords(file);
    expect(Object.keys(words)).toEqual(Object.keys(english));
    for (const [key, text] of Object.entries(words)) {
      expect([key, text.trim() === '', placeholders(text)]).toEqual([key, false, placeholders(english[key])]);
    }
  });
});
