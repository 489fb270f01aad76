// @vitest-environment jsdom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import { MemoryRouter, useSearchParams } from 'react-router-dom';
import { AppProvider } from '@shopify/polaris';
import polarisEnglish from '@shopify/polaris/locales/en.json' with { type: 'json' };
import { I18nextProvider } from 'react-i18next';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { changeSearch } from '#app/components/change-search.ts';
import { CustomersPage } from '#app/components/customers/customers-page.tsx';
import { FormatsProvider } from '#app/components/formats.tsx';
import { DEFAULT_COUNTING } from '#app/domain/retention/metrics/order-value.ts';
import { customersQuestionOf } from '#app/domain/segments/customers-question.ts';
import { i18nIn } from '#app/i18n/i18n.ts';

// What Polaris asks of a window, some of it as it is loaded, and this one does not have.
vi.hoisted(() => {
  window.matchMedia = () => ({ matches: false, addListener() {}, removeListener() {} }) as unknown as MediaQueryList;
  window.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  // Nothing has a place here, and what has none opens no box.
  Object.defineProperty(HTMLElement.prototype, 'offsetParent', { get: () => document.body });
});

const NO_CHOICES = { country: [], region: [], channel: [], discountCode: [], presentmentCurrency: [], tier: [] };

const BASICS = {
  ...{ asOf: '2026-11-21', today: '2026-11-21', currency: 'EUR', timeZone: 'UTC', counting: DEFAULT_COUNTING, freshAtMs: null, nowMs: 0, choices: NO_CHOICES },
  ...{ rows: [], count: 0, precedingCount: 0, customers: 10, next: null, previous: null, notKnown: [], search: null, tierNames: {}, countryNames: {}, names: {} },
  ...{ productTitles: { 1: 'Soap', 2: 'Mug' }, hasPredictions: false, isRuleInUse: false, isPredicting: false, isLoading: false, q: '' },
};

let shown: string;

/** The page with an address of its own. */
function Page() {
  const [search, setSearch] = useSearchParams();
  shown = String(search);
  const { segment, unread, sortName } = customersQuestionOf(search);
  return <CustomersPage {...BASICS} {...{ segment, unread }} sort={sortName} addressOf={(id) => id} onChange={(changes) => setSearch((known) => changeSearch(known, changes))} />;
}

let root: Root;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
});

afterEach(async () => {
  await act(async () => root.unmount());
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function open(address: string) {
  root = createRoot(document.body.appendChild(document.createElement('div')));
  await act(async () =>
    root.render(
      <MemoryRouter initialEntries={[address]} future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
        <I18nextProvider i18n={i18nIn('en')}>
          <FormatsProvider locale="en">
            <AppProvider i18n={polarisEnglish}>
              <Page />
            </AppProvider>
          </FormatsProvider>
        </I18nextProvider>
      </MemoryRouter>,
    ),
  );
}

const buttons = () => [...document.querySelectorAll('button')];
const pills = () => buttons().filter(({ textContent }) => textContent.startsWith('Product in first order'));

async function press(element: HTMLElement | undefined) {
  if (element === undefined) throw new Error('it is not there to be pressed');
  await act(async () => element.click());
}

/** The cross beside it. */
const removerOf = (pill: HTMLElement | undefined) => [...(pill?.parentElement?.querySelectorAll('button') ?? [])].find((button) => button !== pill);
const pressNamed = (name: string) => press(buttons().find(({ textContent }) => textContent === name));
/** In the box that opens below it, a moment later. */
async function pressChoice(name: string) {
  const label = () => [...document.querySelectorAll('label')].find(({ textContent }) => textContent === name);
  for (let moment = 0; moment < 50 && label() === undefined; moment += 1) await act(async () => new Promise((resolve) => setTimeout(resolve, 10)));
  await press(label());
}

const productsAsked = () => new URLSearchParams(shown).getAll('firstProduct');

const BOTH = '/?asOf=2026-11-21&firstProduct=1&firstProduct=2';

describe('two conditions of one kind, as a number under a cut leads to', () => {
  it('are both shown', async () => {
    await open(BOTH);
    expect(pills().map(({ textContent }) => textContent)).toEqual(['Product in first order: Soap', 'Product in first order: Mug']);
  });

  it('both stay while another filter changes', async () => {
    await open(BOTH);
    await pressNamed('Rhythm');
    await pressChoice('Lapsed');
    expect(new URLSearchParams(shown).get('state')).toBe('lapsed');
    expect(productsAsked()).toEqual(['1', '2']);
  });

  it.each([
    [0, '2'],
    [1, '1'],
  ])('are taken away one by one: without number %s, %s stays', async (taken, left) => {
    await open(BOTH);
    await press(removerOf(pills()[taken]));
    expect(productsAsked()).toEqual([left]);
    expect(pills()).toHaveLength(1);
    await press(removerOf(pills()[0]));
    expect(shown).toBe('asOf=2026-11-21');
  });

  it('change one without the other', async () => {
    await open('/?firstProduct=1&firstProduct=2%2C1&state=lapsed');
    await press(pills()[1]);
    await pressChoice('Mug');
    expect(productsAsked()).toEqual(['1', '1']);
    expect(new URLSearchParams(shown).get('state')).toBe('lapsed');
  });
});
