/**
 * Takes a picture of what shoppers see in each of its states, into `.perennial/shopper-screenshots`, for people to look
 * at: `<scene>.<language>.<width>.png`. The app's answers are written here, so nothing but the local shop runs. Names of
 * languages as arguments take these alone.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { blockIn, buy, goToCheckout } from './support/shop-steps.ts';
import { aFlashOffer, aGrantedOffer, AN_ESTIMATE, AN_OFFER, aRedemption, FIVE_EUROS, SOME_THANKS, someEntries, someLoyalty } from './support/shopper-answers.ts';
import { LOYALTY_PAGE } from './support/shopper-scene.ts';
import { answerFor, LOCALES, signIn, speak, startShopperStage } from './support/shopper-stage.ts';
import type { Answers } from './support/shopper-stage.ts';

const FOLDER = join(PROJECT_DIR, '.perennial', 'shopper-screenshots');
const WIDTHS = [320, 375, 1280];
/** The block draws, then its frame is given the height. */
const SETTLES_MS = 500;
const NO_POINTS = { points: 0, pendingPoints: 0, nextSpendable: null, nextExpiry: null };

const stage = await startShopperStage();
mkdirSync(FOLDER, { recursive: true });
try {
  for (const locale of process.argv.length > 2 ? process.argv.slice(2) : LOCALES) await takeAll(locale);
} finally {
  await stage.close();
}
console.log(`The pictures are in ${FOLDER}`);

async function takeAll(locale: string): Promise<void> {
  const person = await stage.browser.newPerson();
  const { page } = person;
  const answers: Answers = { '/api/shopper/entries': someEntries() };
  await answerFor(page, answers);
  await speak(page, stage.shopUrl, locale);
  const shoot = (scene: string) => shootEveryWidth(page, scene, locale);
  await takeOrderPages(page, answers, locale, shoot);
  await signIn(page, stage.shopUrl);
  await takeAccount(page, answers, shoot);
  await takeCheckout(page, answers, shoot);
  await person.leave();
}

type Shoot = (scene: string) => Promise<void>;

async function takeOrderPages(page: Page, answers: Answers, locale: string, shoot: Shoot): Promise<void> {
  answers['/api/checkout/next-order-offer'] = AN_OFFER;
  answers['/api/shopper/order'] = SOME_THANKS;
  const thankYou = await buy(page, stage.shopUrl, { email: 'new@example.com', locale });
  await shoot('thank-you');
  await page.goto(thankYou.replace('/thank-you/', '/orders/'));
  await shoot('order-status');
  const points = { ...SOME_THANKS.points, standing: 'claimable', balancePoints: null };
  answers['/api/shopper/order'] = { points, account: { state: 'invite', welcomePoints: 100 } };
  await page.goto(thankYou);
  await shoot('thank-you-of-a-guest');
  answers['/api/shopper/order'] = SOME_THANKS;
  const offers = {
    'thank-you-for-hours': aFlashOffer(53 * 3_600_000 + 12 * 60_000),
    'thank-you-for-minutes': aFlashOffer(42 * 60_000),
    'thank-you-when-over': aFlashOffer(0),
    'thank-you-with-an-amount': aGrantedOffer({ kind: 'amount', amount: FIVE_EUROS }),
    'thank-you-with-free-shipping': aGrantedOffer({ kind: 'free-shipping' }),
    'thank-you-with-store-credit': aGrantedOffer({ kind: 'store-credit', amount: FIVE_EUROS }),
  };
  for (const [scene, offer] of Object.entries(offers)) {
    answers['/api/checkout/next-order-offer'] = offer;
    await page.reload();
    await shoot(scene);
  }
  answers['/api/checkout/next-order-offer'] = { state: 'none' };
  answers['/api/shopper/order'] = { points: { state: 'none' }, account: { state: 'invited' } };
  await page.reload();
  await shoot('thank-you-when-invited');
}

async function takeAccount(page: Page, answers: Answers, shoot: Shoot): Promise<void> {
  answers['/api/shopper/loyalty'] = someLoyalty();
  await page.goto(`${stage.shopUrl}/account/profile`);
  await shoot('profile');
  await page.goto(stage.shopUrl + LOYALTY_PAGE);
  await blockIn(page).locator('s-grid s-box s-button').nth(1).click();
  await shoot('points');
  const states = {
    'points-of-nobody-yet': someLoyalty({ balance: NO_POINTS, redemptions: [], tier: null }),
    'points-in-debt': someLoyalty({ balance: { ...NO_POINTS, points: -120 }, program: { status: 'paused', lastRedemptionDay: null } }),
    'points-at-the-end': someLoyalty({
      program: { status: 'winding-down', lastRedemptionDay: '2027-01-31' },
      redemptions: [aRedemption('making', { state: 'making', code: null })],
      birthday: { points: 200, day: '02-29', canSet: false },
    }),
    'points-without-a-program': { state: 'off' },
    'points-away': 404,
  };
  for (const [scene, answer] of Object.entries(states)) {
    answers['/api/shopper/loyalty'] = answer;
    await page.reload();
    await shoot(scene);
  }
}

async function takeCheckout(page: Page, answers: Answers, shoot: Shoot): Promise<void> {
  answers['/api/shopper/loyalty'] = someLoyalty();
  answers['/api/shopper/estimate'] = AN_ESTIMATE;
  await goToCheckout(page, stage.shopUrl, { email: 'anna@example.com' });
  await shoot('checkout');
  answers['/api/shopper/loyalty'] = { state: 'off' };
  answers['/api/shopper/estimate'] = { ...AN_ESTIMATE, who: 'members' };
  await page.reload();
  await shoot('checkout-of-a-guest');
  answers['/api/shopper/loyalty'] = someLoyalty();
  await page.reload();
  answers['/api/shopper/redemptions'] = { state: 'reserved', redemption: aRedemption('new', { code: 'PTS-NEWCODE1' }) };
  await blockIn(page).locator('s-button').nth(1).click();
  await shoot('checkout-that-takes-no-code');
}

async function shootEveryWidth(page: Page, scene: string, locale: string): Promise<void> {
  await page.locator('iframe.block--shown').waitFor();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(SETTLES_MS);
    await page.screenshot({ path: join(FOLDER, `${scene}.${locale}.${width}.png`), fullPage: true });
  }
}
