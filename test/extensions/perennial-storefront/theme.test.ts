// @vitest-environment jsdom
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

import { themeCheckRun } from '@shopify/theme-check-node';
import { describe, expect, it } from 'vitest';

import { WORDS_OF_THE_THEME } from '#app/domain/texts/theme-texts.ts';
import { renderBlocks } from '#test/simulator/storefront/theme/theme-extension.ts';

const FOLDER = resolve('extensions/perennial-storefront');
const LOCALES = ['ar', 'de', 'en', 'es', 'fr', 'id', 'it', 'ja', 'ko', 'nl', 'pt-BR', 'th', 'vi', 'zh-CN', 'zh-TW'];
/** What the issue promises of everything that a page loads of ours. */
const MOST_COMPRESSED_BYTES = 10 * 1024;

async function findOffences(folder: string): Promise<string[]> {
  const { offenses } = await themeCheckRun(folder, undefined, () => {});
  return offenses.map(({ check, message }) => `${check}: ${message}`);
}

const member = (fields: Record<string, unknown>) => ({
  customer: { metafields: { '$app:loyalty': Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, { value }])) } },
});

/** What the app has told Shopify for Liquid: the program, and texts of the merchant's own by their language. */
const appOf = (program: unknown, texts: Record<string, unknown> = {}) => {
  const own = Object.entries(texts).map(([locale, value]) => [`texts-${locale}`, { value }]);
  return { app: { metafields: { storefront: { ...(program === undefined ? {} : { program: { value: program } }), ...Object.fromEntries(own) } } } };
};

async function render(target: 'body' | 'section', { locale = 'en', isInEditor = false, ...objects }: { locale?: string; isInEditor?: boolean; customer?: unknown; app?: unknown } = {}) {
  const page = {
    locale,
    objects: { ...appOf({ isShown: true }), request: { origin: 'https://shop.example', locale: { iso_code: locale }, design_mode: isInEditor }, routes: { root_url: '/', account_login_url: '/login' }, cart: { currency: { iso_code: 'EUR' } }, ...objects },
  };
  const html = await renderBlocks({ handle: 'perennial-storefront', folder: FOLDER }, target, page);
  return new DOMParser().parseFromString(html, 'text/html').body;
}

const textOf = (element: Element | null): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

describe('the theme extension', () => {
  it('passes Shopify’s own check of themes, which finds a fault that is put in', async () => {
    expect(await findOffences(FOLDER)).toEqual([]);
    const copy = mkdtempSync(join(tmpdir(), 'theme-'));
    try {
      cpSync(FOLDER, copy, { recursive: true });
      const block = join(copy, 'blocks', 'points-and-tier.liquid');
      writeFileSync(block, readFileSync(block, 'utf8').replace("render 'perennial-standing'", "render 'perennial-nothing'"));
      expect(await findOffences(copy)).toContainEqual(expect.stringContaining('perennial-nothing'));
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  it('loads little: its script, its styles and what stands in the page', async () => {
    const assets = readdirSync(join(FOLDER, 'assets')).map((file) => gzipSync(readFileSync(join(FOLDER, 'assets', file))).length);
    const page = gzipSync((await render('body', member({ points: 1234, tier_name: 'Gold' }))).innerHTML).length;
    console.info(`storefront: ${assets.join(' + ')} bytes of assets, ${page} of the page, compressed`);
    expect([...assets, page].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(MOST_COMPRESSED_BYTES);
  });

  it('has every text in every language, with the same places for numbers', () => {
    const read = (name: string): Record<string, Record<string, string>> => JSON.parse(readFileSync(join(FOLDER, 'locales', name), 'utf8'));
    const flat = (texts: Record<string, Record<string, string>>) =>
      Object.entries(texts).flatMap(([area, entries]) => Object.entries(entries).map(([key, text]) => [`${area}.${key}`, [...text.matchAll(/\{\{ (\w+) \}\}/g)].map(([, name]) => name).sort()]));
    const english = flat(read('en.default.json'));
    for (const locale of LOCALES.filter((one) => one !== 'en')) {
      const texts = read(`${locale}.json`);
      expect(flat(texts), locale).toEqual(english);
      const words = Object.entries(texts).flatMap(([area, entries]) => Object.entries(entries).map(([key, text]) => [area, key, text] as const));
      expect(words.filter(([, , text]) => text.trim() === ''), locale).toEqual([]);
      const left = words.filter(([area, key, text]) => text === read('en.default.json')[area]?.[key]).map(([area, key]) => `${area}.${key}`);
      expect(left, locale).toEqual(locale === 'fr' ? ['standing.points'] : []);
    }
    expect(flat(read('zh-CN.schema.json')['blocks'] as never)).toEqual(flat(read('en.default.schema.json')['blocks'] as never));
  });
});

describe('the button in the corner', () => {
  it('shows the points that the page’s server knows, before any script', async () => {
    const body = await render('body', member({ points: 1234, pending_points: 50, tier_name: 'Gold' }));
    expect(textOf(body.querySelector('summary'))).toBe('Rewards 1234');
    expect(textOf(body.querySelector('section'))).toMatch(/^Points 1234 Gold On their way 50 One moment…$/);
    expect(body.querySelectorAll('script[src]')).toHaveLength(0);
  });

  it('shows a customer who is no member yet 0, and somebody who is not signed in the way in', async () => {
    expect(textOf((await render('body', { customer: { metafields: {} } })).querySelector('summary'))).toBe('Rewards 0');
    const stranger = await render('body');
    expect(textOf(stranger.querySelector('summary'))).toBe('Rewards');
    expect(stranger.querySelector('section a')?.getAttribute('href')).toBe('/login');
  });

  it.each([[undefined], [{ isShown: false }]])('is not there, as the block is not, where the program is %j', async (program) => {
    for (const target of ['body', 'section'] as const) {
      const body = await render(target, { ...appOf(program), ...member({ points: 5 }) });
      expect([textOf(body), body.querySelector('script, details, div')]).toEqual(['', null]);
    }
  });

  it('shows a sample in the theme’s editor, whatever the program is', async () => {
    const bodies = [await render('body', { ...appOf(undefined), isInEditor: true }), await render('section', { isInEditor: true })];
    expect(textOf(bodies[0]?.querySelector('summary') ?? null)).toBe('Rewards 1240');
    expect(textOf(bodies[1]?.querySelector('.perennial-block') ?? null)).toBe('Points 1240');
    const customer = member({ points: 7 });
    expect(textOf((await render('body', { ...customer, isInEditor: true })).querySelector('summary'))).toBe('Rewards 7');
  });

  describe('in the merchant’s words', () => {
    const own = Object.fromEntries(WORDS_OF_THE_THEME.map((key) => [key, `★ ${key} <b>&`]));
    const app = (texts: Record<string, unknown>) => appOf({ isShown: true }, texts);
    const wordsOf = (body: Element): Record<string, string> => JSON.parse(body.querySelector('[data-perennial-words]')?.textContent ?? '');

    it('says all that it draws without the app, as text', async () => {
      const bodies = [
        await render('body', { ...app({ en: own }), ...member({ points: 5, pending_points: 7 }) }),
        await render('body', app({ en: own })),
        await render('section', app({ en: own })),
      ];
      const said = bodies.map((body) => body.textContent).join(' ');
      for (const key of WORDS_OF_THE_THEME) expect(said).toContain(`★ ${key} <b>&`);
      expect(bodies.flatMap((body) => [...body.querySelectorAll('b')])).toEqual([]);
      expect(bodies[0]?.querySelector('section')?.getAttribute('aria-label')).toBe('★ launcher.title <b>&');
      expect(wordsOf(bodies[1] ?? document.body)).toMatchObject({ away: '★ panel.away <b>&', retry: 'Try again' });
    });

    it.each<[string, Record<string, unknown>, string]>([
      ['fr-CA', { fr: { 'launcher.title': 'Feuilles' } }, 'Feuilles'],
      ['pt-BR', { 'pt-BR': { 'launcher.title': 'Folhas' } }, 'Folhas'],
      ['de', { en: { 'launcher.title': 'Leaves' } }, 'Prämien'],
      ['de', { de: {} }, 'Prämien'],
      ['de', { de: { 'standing.join': 'Komm' } }, 'Prämien'],
    ])('speaks %s where it is given %j', async (locale, texts, title) => {
      expect(textOf((await render('body', { locale, ...app(texts) })).querySelector('summary'))).toBe(title);
    });
  });

  it('shows a tier’s name as text, whatever it is', async () => {
    const body = await render('section', member({ points: 1, tier_name: '<img src=x onerror=alert(1)>' }));
    expect(body.querySelector('img')).toBeNull();
    expect(textOf(body)).toContain('<img src=x onerror=alert(1)>');
  });

  it.each(LOCALES)('speaks %s', async (locale) => {
    const body = await render('body', { locale, ...member({ points: 5 }) });
    const words: unknown = JSON.parse(body.querySelector('[data-perennial-words]')?.textContent ?? '');
    expect(JSON.stringify(words)).not.toContain('translation missing');
    expect(words).toMatchObject({ costs: expect.stringContaining('%points%'), earn_order: expect.stringMatching(/%amount%.*%points%|%points%.*%amount%/) });
    expect(textOf(body.querySelector('summary'))).not.toContain('translation missing');
  });
});
