// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { waitFor } from '#test/support/wait-for.ts';

/** As a storefront loads it: no types, and no other module. */
const SCRIPT: string = pathToFileURL(resolve('extensions/perennial-storefront/assets/perennial-rewards.js')).href;

type Loyalty = Record<string, unknown>;

const AMOUNT = { amountMinor: 500, currency: 'EUR', decimals: 2 };
const REWARD = { rewardId: 'r', name: '', kind: 'amount', leastPoints: 500, shortfallPoints: 0, isWithinReach: true, hindrance: null, worth: AMOUNT, percentBasisPoints: null };
const ON: Loyalty = { state: 'on', balance: { points: 640 }, rewards: [REWARD], redemptions: [], waysToEarn: [{ kind: 'order', points: 5, per: { ...AMOUNT, amountMinor: 100 } }] };

const CODE = { redemptionId: 'c', name: '', kind: 'amount', worth: AMOUNT, percentBasisPoints: null, points: 500, state: 'ready', code: 'PTS-NEW', endsAt: '2026-12-22T22:59:59Z' };
const MAKING = { ...CODE, state: 'making', code: null };

/** The words as the page's server leaves them: numbers are marks, as perennial-words.liquid makes them. */
function wordsOfPage(): string {
  const { panel } = JSON.parse(readFileSync('extensions/perennial-storefront/locales/en.default.json', 'utf8'));
  return JSON.stringify(panel).replace(/\{\{ (\w+) \}\}/g, '%$1%');
}

let asked: string[] = [];
let wishes: Record<string, unknown>[] = [];
/** Until then a code is not there, and nobody is told of it. */
let codeIsMade: Promise<unknown> = Promise.resolve();

/** @param redeemed what each wish is answered; a number is a status */
async function open(loyalty: Loyalty | number, redeemed: (Loyalty | number)[] = []): Promise<HTMLElement> {
  asked = [];
  wishes = [];
  const answer = (value: Loyalty | number) => (typeof value === 'number' ? new Response('{}', { status: value }) : Response.json(value));
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    asked.push(url);
    if (url.includes('/redemption?')) {
      await codeIsMade;
      return answer({ redemption: CODE });
    }
    if (init?.method !== 'POST') return answer(loyalty);
    wishes.push(JSON.parse(String(init.body)));
    return answer(redeemed.shift() ?? 503);
  });
  document.body.innerHTML = `<details data-proxy="https://shop.example/apps/perennial" data-currency="EUR" data-locale="de"><summary><strong data-perennial-points>1240</strong></summary>
    <div data-perennial-rest></div><script type="application/json" data-perennial-words></script></details>`;
  const [panel, words, rest] = ['details', '[data-perennial-words]', '[data-perennial-rest]'].map((selector) => document.querySelector<HTMLElement>(selector));
  if (!panel || !words || !rest) throw new Error('The panel is not whole.');
  words.textContent = wordsOfPage();
  const { openPanel } = await import(SCRIPT);
  openPanel(panel);
  await waitFor('the panel', () => rest.textContent !== '' || undefined);
  return rest;
}

async function press(rest: Element, words: string | RegExp): Promise<void> {
  const find = () => [...rest.querySelectorAll('button')].find(({ textContent }) => (typeof words === 'string' ? textContent === words : words.test(textContent ?? '')));
  (await waitFor(String(words), find)).click();
}

async function redeemOnce(rest: Element): Promise<void> {
  await press(rest, 'Redeem');
  await press(rest, /^Yes, redeem/);
}

const says = (rest: Element, words: string) => waitFor(words, () => rest.textContent?.includes(words) || undefined);

afterEach(() => {
  vi.unstubAllGlobals();
  codeIsMade = Promise.resolve();
  sessionStorage.clear();
});

describe('the panel of the storefront', () => {
  it('says of a reward without a name what it is', async () => {
    const kinds = { 'free-shipping': 'Free shipping', 'free-product': 'A free product', percent: '10% off', 'any-amount': 'Any amount off', amount: '5 € off', 'store-credit': '5 € of store credit', new: '5 € off' };
    for (const [kind, words] of Object.entries(kinds)) {
      const rest = await open({ ...ON, rewards: [{ ...REWARD, kind, percentBasisPoints: 1000 }] });
      expect(rest.querySelector('.perennial-list__name')?.textContent?.replaceAll('\u00a0', ' ')).toBe(words);
    }
    const named = await open({ ...ON, rewards: [{ ...REWARD, name: '<b>Tea</b>' }] });
    expect(named.querySelector('.perennial-list__name')?.textContent).toBe('<b>Tea</b>');
  });

  it('says what the merchant wrote, in the language that it asked for', async () => {
    const texts = { 'panel.rewards': 'Geschenke', 'panel.costs': 'Kostet {{ points }}, also {{points}}', 'panel.earn_order': '{{points}} je {{amount}}' };
    const rest = await open({ ...ON, texts });
    expect(asked).toEqual(['https://shop.example/apps/perennial/loyalty?currency=EUR&locale=de']);
    const said = rest.textContent?.replaceAll('\u00a0', ' ');
    for (const words of ['Geschenke', 'Kostet 500, also 500', '5 je 1 €', 'How to earn']) expect(said).toContain(words);
  });

  it.each<[unknown]>([[null], ['texts'], [7], [[]], [{ 'panel.rewards': 7 }], [{ constructor: 'x', toString: 'x', 'panel.moon': 'x' }]])('keeps our words where it is given %j', async (texts) => {
    const rest = await open({ ...ON, texts });
    for (const words of ['Rewards', 'Points: 500', 'How to earn']) expect(rest.textContent).toContain(words);
  });

  it('draws a merchant’s words as text', async () => {
    const rest = await open({ ...ON, texts: { 'panel.rewards': '<img src=x onerror=alert(1)>' } });
    expect(rest.querySelector('img')).toBeNull();
    expect(rest.querySelector('h2')?.textContent).toBe('<img src=x onerror=alert(1)>');
  });

  it('parts the thousands of what the page’s own server wrote, as its language does', async () => {
    await open(503);
    expect(document.querySelector('summary')?.textContent).toBe('1.240');
  });

  it('says so when nobody answers', async () => {
    expect((await open(503)).textContent).toContain('Your rewards cannot be shown right now.');
  });
});

describe('what the panel says before points are spent', () => {
  const plain = (rest: Element) => rest.textContent?.replaceAll('\u00a0', ' ') ?? '';

  it('is from which amount and for how long a code works', async () => {
    const rest = await open({ ...ON, rewards: [{ ...REWARD, minimumSubtotal: { ...AMOUNT, amountMinor: 2500 }, validDays: 30 }] });
    expect(plain(rest)).toContain('For orders of 25 € or more');
    expect(plain(rest)).toContain('Valid for 30 Tage');
    expect(plain(await open({ ...ON, rewards: [{ ...REWARD, minimumSubtotal: null, validDays: 0 }] }))).not.toMatch(/Valid|For orders/);
  });

  it('is nothing of store credit, which never ends and asks for no order', async () => {
    const rest = await open({ ...ON, rewards: [{ ...REWARD, kind: 'store-credit', minimumSubtotal: { ...AMOUNT, amountMinor: 2500 }, validDays: 30 }] });
    expect(plain(rest)).toContain('5 € of store credit');
    expect(plain(rest)).not.toMatch(/Valid|For orders/);
  });

  it('is until when a code works', async () => {
    const atHome = new Date(2026, 11, 22, 23, 59, 59).toISOString();
    expect(plain(await open({ ...ON, redemptions: [{ ...CODE, endsAt: atHome }] }))).toContain('Use it by 22. Dezember 2026.');
    const abroad = new Date(2026, 11, 22, 17, 0, 0).toISOString();
    expect(plain(await open({ ...ON, redemptions: [{ ...CODE, endsAt: abroad }] }))).toMatch(/Use it by 22\. Dezember 2026 um 17:00\./);
    expect(plain(await open({ ...ON, redemptions: [{ ...CODE, endsAt: '' }] }))).not.toContain('Use it by');
  });

  it.each([
    [{ status: 'live', lastRedemptionDay: null }, /^Rewards/],
    [{ status: 'paused', lastRedemptionDay: null }, /^The program is taking a break: nothing is earned, and nothing expires\./],
    [{ status: 'winding-down', lastRedemptionDay: '2027-01-31' }, /^The program is coming to an end\. Use your points by 31\. Januar 2027\./],
  ])('is how the program stands: %j', async (program, words) => {
    expect(plain(await open({ ...ON, program }))).toMatch(words);
  });

  it('is what so many points are worth, where their number can be chosen', async () => {
    const any = { ...REWARD, kind: 'any-amount', leastPoints: 100, mostPoints: 600, stepPoints: 100, worth: { ...AMOUNT, amountMinor: 100 } };
    const rest = await open({ ...ON, rewards: [any] }, [{ state: 'reserved', redemption: CODE }]);
    expect(plain(rest)).toContain('Points: 100 · 1 € off');
    const slider = rest.querySelector('input');
    if (!slider) throw new Error('There is no slider.');
    expect([slider.min, slider.max, slider.step, slider.getAttribute('aria-label')]).toEqual(['100', '600', '100', 'Any amount off']);
    await press(rest, 'Redeem');
    slider.value = '500';
    slider.dispatchEvent(new Event('input'));
    expect(plain(rest)).toContain('Points: 500 · 5 € off');
    // What was asked about before was another price.
    await redeemOnce(rest);
    await says(rest, 'PTS-NEW');
    expect(wishes).toMatchObject([{ rewardId: 'r', points: 500 }]);
    const only = await open({ ...ON, rewards: [{ ...any, mostPoints: 100 }] });
    expect(only.querySelector('input')).toBeNull();
  });
});

describe('points that are spent in the panel', () => {
  it('are not spent again while nobody knows what became of the wish, on this page or after a reload', async () => {
    const rest = await open(ON);
    await redeemOnce(rest);
    await says(rest, 'cannot be shown');
    await press(rest, 'Try again');
    await redeemOnce(rest);
    await waitFor('four tries', () => wishes.length === 4 || undefined);
    const keys = wishes.map(({ requestKey }) => requestKey);
    expect(new Set(keys).size).toBe(1);
    const anew = await open(ON, [{ state: 'reserved', redemption: CODE }, { state: 'refused', reason: 'closed' }]);
    await redeemOnce(anew);
    await says(anew, 'PTS-NEW');
    expect(wishes).toMatchObject([{ requestKey: keys[0] }]);
    // It is known now, so the next wish is another.
    await press(anew, 'Try again');
    await redeemOnce(anew);
    await says(anew, 'cannot be redeemed');
    expect(wishes[1]?.requestKey).not.toBe(keys[0]);
  });

  it('are not spent again where the browser keeps nothing', async () => {
    vi.stubGlobal('sessionStorage', undefined);
    const rest = await open(ON);
    await redeemOnce(rest);
    await says(rest, 'cannot be shown');
    await press(rest, 'Try again');
    await redeemOnce(rest);
    await waitFor('four tries', () => wishes.length === 4 || undefined);
    expect(new Set(wishes.map(({ requestKey }) => requestKey)).size).toBe(1);
  });

  it('show the code that is still being made when the panel is opened, and it itself once it is there', async () => {
    let make = (): void => {};
    codeIsMade = new Promise<void>((done) => {
      make = done;
    });
    const rest = await open({ ...ON, redemptions: [MAKING] });
    expect(rest.textContent).toContain('Your code is being made…');
    make();
    await says(rest, 'PTS-NEW');
    expect(rest.textContent).not.toContain('being made');
    expect(rest.textContent).toContain('Redeem');
  });
});
