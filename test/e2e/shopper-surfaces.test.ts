import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findHindrances } from './support/find-hindrances.ts';
import { overflowOf } from './support/overflow.ts';
import { aFlashOffer } from './support/shopper-answers.ts';
import { buy, goToCheckout, shownBlocks } from './support/shop-steps.ts';
import { blockFrameOf, GIVES_UP_MS, LOYALTY_PAGE, SOON, useShopperScene } from './support/shopper-scene.ts';
import { answerFor, signIn, speak } from './support/shopper-stage.ts';

const SMALL_PHONE = { width: 320, height: 640 };
const SLOW_MS = 5_000;
/** The longest words, and the other direction. */
const HARD_LANGUAGES = ['de', 'ar'];

const scene = useShopperScene();

interface Surface {
  name: string;
  /** Opens it as who may see it; says when it is there. */
  open: (on: Page, query?: string) => Promise<void>;
  /** Words of it, in English. */
  words: string;
  /** The page says that it cannot say more; the others are simply away. */
  saysSo: boolean;
}

const SURFACES: Surface[] = [
  {
    name: 'the thank-you page',
    open: async (on, query = '') => {
      await buy(on, scene.stage.shopUrl, { email: 'new@example.com' });
      if (query !== '') await on.goto(on.url() + query);
    },
    words: 'Your points',
    saysSo: false,
  },
  {
    name: 'the order status page',
    open: async (on, query = '') => {
      const thanks = await buy(on, scene.stage.shopUrl, { email: 'new@example.com' });
      await on.goto(thanks.replace('/thank-you/', '/orders/') + query);
    },
    words: 'Your points',
    saysSo: false,
  },
  {
    name: 'the loyalty page',
    open: async (on, query = '') => {
      await signIn(on, scene.stage.shopUrl);
      await on.goto(scene.stage.shopUrl + LOYALTY_PAGE + query);
    },
    words: 'Ways to earn',
    saysSo: true,
  },
  {
    name: 'the profile',
    open: async (on, query = '') => {
      await signIn(on, scene.stage.shopUrl);
      await on.goto(`${scene.stage.shopUrl}/account/profile${query}`);
    },
    words: 'See points and rewards',
    saysSo: false,
  },
  {
    name: 'the checkout',
    open: async (on, query = '') => {
      await signIn(on, scene.stage.shopUrl);
      await goToCheckout(on, scene.stage.shopUrl, { email: 'anna@example.com' });
      if (query !== '') await on.goto(on.url() + query);
    },
    words: 'points',
    saysSo: false,
  },
];

describe.each(SURFACES)('$name', ({ open, words, saysSo }) => {
  it('tells what there is, without anything in the way of anybody', async () => {
    await answerFor(scene.page, scene.answers);
    await open(scene.page);
    await scene.block().getByText(words).first().waitFor();
    expect(await findHindrances(await blockFrameOf(scene.page))).toEqual([]);
    expect(scene.person.complaints).toEqual([]);
  });

  it('comes late and holds nothing up while the app is slow', async () => {
    const asked = await answerFor(scene.page, scene.answers, { delayMs: SLOW_MS });
    await open(scene.page);
    await expect.poll(() => asked.length, SOON).toBeGreaterThan(0);
    expect(await scene.block().getByText(words, { exact: true }).count()).toBe(0);
    await scene.block().getByText(words).first().waitFor();
    expect(scene.complaints()).toEqual([]);
  });

  it.each([
    ['the app is down', { all: 'down' as const }, {}],
    ['the app refuses the token', { all: 401 }, {}],
    ['Shopify gives no token', { all: 500 }, { checkoutToken: 'unavailable' }],
  ])('is whole when %s', async (_name, { all }, settings) => {
    await scene.set(settings);
    const asked = await answerFor(scene.page, Object.fromEntries(Object.keys(scene.answers).map((path) => [path, all])));
    await open(scene.page);
    if (saysSo) {
      await scene.block().getByText('Your points are not available just now').waitFor({ timeout: GIVES_UP_MS });
    } else {
      if (!('checkoutToken' in settings)) await expect.poll(() => asked.length, { timeout: GIVES_UP_MS }).toBeGreaterThanOrEqual(4);
      expect(await shownBlocks(scene.page)).toBe(0);
    }
    // The browser itself notes each request that failed.
    const own = scene.complaints().filter((complaint) => !/session-token|checkout-token/.test(complaint));
    expect(own).toEqual([]);
  });

  it('shows a sample in the editor, and asks nobody', async () => {
    const asked = await answerFor(scene.page, scene.answers);
    await open(scene.page, '?editor=1');
    asked.length = 0;
    await scene.page.reload();
    await scene.block().getByText(words).first().waitFor();
    expect(asked).toEqual([]);
    expect(scene.person.complaints).toEqual([]);
  });

  it.each(HARD_LANGUAGES)('stays inside a small phone in %s', async (locale) => {
    await answerFor(scene.page, scene.answers);
    await speak(scene.page, scene.stage.shopUrl, locale);
    await scene.page.setViewportSize(SMALL_PHONE);
    await open(scene.page);
    await expect.poll(() => shownBlocks(scene.page), SOON).toBe(1);
    const frame = await blockFrameOf(scene.page);
    expect(await frame.evaluate(() => document.documentElement.dir)).toBe(locale === 'ar' ? 'rtl' : 'ltr');
    await frame.locator('s-button, s-link').first().waitFor();
    expect(await overflowOf(frame)).toEqual([]);
    expect(scene.person.complaints).toEqual([]);
  });
});

describe('a flash offer on the thank-you page', () => {
  it.each(HARD_LANGUAGES)('counts its last seconds down inside a small phone in %s, and says when they are over', async (locale) => {
    scene.answers['/api/checkout/next-order-offer'] = () => aFlashOffer(6_000);
    await answerFor(scene.page, scene.answers);
    await speak(scene.page, scene.stage.shopUrl, locale);
    await scene.page.setViewportSize(SMALL_PHONE);
    await buy(scene.page, scene.stage.shopUrl, { email: 'new@example.com' });
    const frame = await blockFrameOf(scene.page);
    await frame.locator('s-clipboard-item').waitFor({ state: 'attached' });
    expect(await overflowOf(frame)).toEqual([]);
    expect(await findHindrances(frame)).toEqual([]);
    await frame.locator('s-clipboard-item').waitFor({ state: 'detached', timeout: 20_000 });
    expect(await frame.locator('s-section').first().locator('s-text').count()).toBe(0);
    expect(scene.person.complaints).toEqual([]);
  });
});
