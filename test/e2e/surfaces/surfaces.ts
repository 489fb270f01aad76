import { readFileSync } from 'node:fs';
import type { Frame, Page } from 'playwright-core';
import { aCard, aMember, aSegment } from '../support/admin-answers.ts';
import { buy, goToCheckout } from '../support/shop-steps.ts';
import { aFlashOffer, aGrantedOffer, AN_ESTIMATE, AN_OFFER, aRedemption, FIVE_EUROS, SOME_THANKS, someEntries, someLoyalty } from '../support/shopper-answers.ts';
import { blockFrameOf, LOYALTY_PAGE } from '../support/shopper-scene.ts';
import { signIn } from '../support/shopper-stage.ts';
import type { Answers, ShopperStage } from '../support/shopper-stage.ts';
import { localeOf } from './states.ts';
import type { State } from './states.ts';
import { pressByKeyboard } from './walk-by-keyboard.ts';

/** Someone at one surface, in one state. */
export interface Visit {
  stage: ShopperStage;
  page: Page;
  state: State;
}

/** What a surface is to do in a state. */
export type Expected =
  /** It says this, among other things. */
  | { says: RegExp }
  /** It takes no room, having asked so many times. */
  | { isAwayAfter: number }
  /** There is no such thing, and why. */
  | { cannot: string };

export interface Surface {
  name: string;
  /** What the app says while it is well. */
  answers: (state: State) => Answers;
  open: (visit: Visit) => Promise<void>;
  /** The document that it stands in, and what of that is ours. */
  frameOf: (page: Page) => Promise<Frame>;
  within: string;
  expects: (state: State) => Expected;
  /** What is done by the keyboard alone: a control, and what is there after it was pressed. */
  deed: { press: RegExp; then: (page: Page, frame: Frame) => Promise<unknown> } | null;
}

export const SEGMENT_ID = 5;
export const ANNA = { id: 1, email: 'anna@example.com' };
/** Of whom the app may know nothing. */
export const BEN = { id: 2, email: 'ben@example.com' };

const SOON_MS = 30_000;
const FLASH_LEFT_MS = 53 * 3_600_000 + 12 * 60_000;

const GUEST_THANKS = { points: { ...SOME_THANKS.points, standing: 'claimable', balancePoints: null }, account: { state: 'invite', welcomePoints: 100 } };

/** Words of an extension in the language of a state; what is filled in may be anything. */
function words(extension: string, key: string, state: State): RegExp {
  const locale = localeOf(state);
  const file = `extensions/${extension}/locales/${locale === 'en' ? 'en.default' : locale}.json`;
  let found: unknown = JSON.parse(readFileSync(file, 'utf8'));
  for (const part of key.split('.')) found = Reflect.get(Object(found), part);
  if (typeof found !== 'string') throw new Error(`${file} has no words for ${key}`);
  return new RegExp(found.split(/\{\{\s*\w+\s*\}\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+'));
}

const waitForWords = (frame: Frame, said: RegExp) => frame.getByText(said).first().waitFor({ timeout: SOON_MS });

const isNobody = (state: State): boolean => state === 'guest' || state === 'data not approved';

interface OrderSurface {
  name: string;
  path: 'thank-you' | 'orders';
  offer: object | (() => object);
  /** Says that the offer is there. */
  key: string;
  /** States in which there is none, and why. */
  cannot: Partial<Record<State, string>>;
  /** The app has promised points although the order is not known. */
  isPromised: boolean;
}

function orderSurface({ name, path, offer, key, cannot, isPromised }: OrderSurface): Surface {
  const extension = 'perennial-thank-you';
  const pending = { state: 'pending', retryAfterMs: 300, ...(isPromised ? { isPromised } : {}) };
  return {
    name,
    within: 'html',
    frameOf: blockFrameOf,
    answers: (state) => {
      const isUnknown = state === 'order not known yet';
      const thanks = isUnknown ? { points: pending, account: { state: 'none' } } : isNobody(state) ? GUEST_THANKS : SOME_THANKS;
      return { '/api/checkout/next-order-offer': isUnknown ? pending : offer, '/api/shopper/order': thanks };
    },
    open: async ({ stage, page, state }) => {
      if (!isNobody(state)) await signIn(page, stage.shopUrl);
      const buyer = isNobody(state) ? { email: 'guest@example.com', isGuest: true } : { email: ANNA.email };
      const thanks = await buy(page, stage.shopUrl, { ...buyer, locale: localeOf(state) });
      const query = state === 'editor preview' ? '?editor=1' : '';
      if (path === 'orders' || query !== '') await page.goto(thanks.replace('/thank-you/', `/${path}/`) + query);
    },
    expects: (state) => {
      const why = cannot[state];
      if (why !== undefined) return { cannot: why };
      if (state === 'app down' || state === 'token refused') return { isAwayAfter: 8 };
      if (state === 'order not known yet') return isPromised ? { says: words(extension, 'pointsOnTheWay', state) } : { isAwayAfter: 4 };
      return { says: words(extension, state === 'guest' ? 'activate' : key, state) };
    },
    deed: { press: /^Copy code$/, then: (_page, frame) => waitForWords(frame, /Copied/) },
  };
}

/** Of a signed-in customer; a guest comes to Shopify's own sign-in first. */
function accountSurface(of: Pick<Surface, 'name' | 'deed'> & { path: string; extension: string; key: string; silence: Expected }): Surface {
  const { name, path, extension, key, silence, deed } = of;
  return {
    name,
    within: 'html',
    frameOf: blockFrameOf,
    deed,
    answers: (state) => ({ '/api/shopper/loyalty': state === 'data not approved' ? 403 : someLoyalty(), '/api/shopper/entries': someEntries() }),
    open: async ({ stage, page, state }) => {
      await signIn(page, stage.shopUrl);
      await page.goto(stage.shopUrl + path + (state === 'editor preview' ? '?editor=1' : ''));
    },
    expects: (state) => {
      if (state === 'guest') return { cannot: 'Shopify asks to sign in' };
      if (state === 'order not known yet') return { cannot: 'no order on it' };
      if (state === 'app down' || state === 'token refused') return silence;
      if (state === 'data not approved') return 'says' in silence ? silence : { isAwayAfter: 1 };
      return { says: words(extension, key, state) };
    },
  };
}

const CHECKOUT: Surface = {
  name: 'checkout block',
  within: 'html',
  frameOf: blockFrameOf,
  answers: (state) => ({
    '/api/shopper/loyalty': someLoyalty(),
    '/api/shopper/estimate': { ...AN_ESTIMATE, who: isNobody(state) ? 'members' : 'you' },
    '/api/shopper/redemptions': { state: 'reserved', redemption: aRedemption('new', { code: 'PTS-NEWCODE1' }) },
  }),
  open: async ({ stage, page, state }) => {
    if (state !== 'guest') await signIn(page, stage.shopUrl);
    await goToCheckout(page, stage.shopUrl, { email: ANNA.email });
    if (state === 'editor preview') await page.goto(`${page.url()}?editor=1`);
  },
  expects: (state) => {
    if (isNobody(state)) return { says: words('perennial-checkout', 'membersEarn.other', state) };
    if (state === 'order not known yet') return { cannot: 'no order on it' };
    if (state === 'app down' || state === 'token refused') return { isAwayAfter: 5 };
    return { says: words('perennial-checkout', state === 'editor preview' ? 'use.other' : 'useCode', state) };
  },
  deed: { press: /^Use 1,200 points/, then: (_page, frame) => waitForWords(frame, /did not take the code PTS-NEWCODE1/) },
};

/** Drawn by Shopify's own server, and by a script once it is opened. */
function storefrontSurface(of: Pick<Surface, 'name' | 'within' | 'open' | 'deed'> & { asks: boolean; key: (state: State) => string }): Surface {
  const { asks, key, ...surface } = of;
  return {
    ...surface,
    frameOf: async (page) => page.mainFrame(),
    answers: (state) => {
      const { waysToEarn } = someLoyalty();
      const rewards = someLoyalty().rewards.map((reward) => ({ ...reward, hindrance: null, isWithinReach: false, shortfallPoints: reward.leastPoints }));
      const balance = { points: 0, pendingPoints: 0, nextSpendable: null, nextExpiry: null };
      if (state === 'guest') return { '/proxy/loyalty': { state: 'signed-out', rewards, waysToEarn } };
      return { '/proxy/loyalty': state === 'data not approved' ? someLoyalty({ balance, rewards, tier: null, redemptions: [] }) : someLoyalty() };
    },
    expects: (state) => {
      if (state === 'order not known yet') return { cannot: 'no order on it' };
      if (state === 'editor preview') return { cannot: 'the theme editor shows the page itself' };
      const isSilent = asks && (state === 'app down' || state === 'token refused');
      return { says: words('perennial-storefront', isSilent ? 'panel.away' : key(state), state) };
    },
  };
}

async function enterShop({ stage, page, state }: Visit, path: string): Promise<void> {
  if (state !== 'guest') await signIn(page, stage.shopUrl, state === 'data not approved' ? BEN.email : ANNA.email);
  await page.goto(stage.shopUrl + path);
}

const LAUNCHER = '.perennial-launcher';

const EMBED = storefrontSurface({
  name: 'storefront embed',
  within: LAUNCHER,
  asks: true,
  key: () => 'panel.earn',
  open: async (visit) => {
    const { page, state } = visit;
    await enterShop(visit, '');
    if (state === 'keyboard only') await pressByKeyboard(page, page.mainFrame(), LAUNCHER, /^Rewards/);
    else await page.locator(`${LAUNCHER} > summary`).click();
  },
  deed: { press: /^Redeem$/, then: (_page, frame) => waitForWords(frame, /Yes, redeem/) },
});

const BLOCK = storefrontSurface({
  name: 'storefront block',
  within: '.perennial-block',
  asks: false,
  key: (state) => (state === 'guest' ? 'standing.sign_in' : 'standing.points'),
  open: (visit) => enterShop(visit, '/cart'),
  deed: null,
});

/** In the merchant's admin, which speaks the languages of the app. */
function adminSurface(of: Pick<Surface, 'name' | 'answers' | 'open' | 'deed'> & { extension: string; key: (state: State) => string; hasOrders: boolean }): Surface {
  const { extension, key, hasOrders, ...surface } = of;
  return {
    ...surface,
    within: 'html',
    frameOf: blockFrameOf,
    expects: (state) => {
      if (state === 'guest') return { cannot: 'staff only' };
      if (state === 'editor preview') return { cannot: 'has no editor' };
      if (state === 'right to left' || state === 'longest German') return { cannot: 'English and Chinese only' };
      if (state === 'order not known yet' && !hasOrders) return { cannot: 'no order on it' };
      return { says: words(extension, key(state), state) };
    },
  };
}

const isSilent = (state: State): boolean => state === 'app down' || state === 'token refused';

const CUSTOMER_CARD = adminSurface({
  name: 'admin customer card',
  extension: 'perennial-customer-card',
  hasOrders: true,
  key: (state) => (isSilent(state) ? 'unavailable' : state === 'data not approved' ? 'notAMember' : state === 'order not known yet' ? 'computing' : 'adjust'),
  answers: (state) => ({
    '/api/admin/customer':
      state === 'data not approved' ? aCard(null, { state: 'no-orders' }) : state === 'order not known yet' ? aCard(aMember(), { state: 'computing', retryAfterMs: 60_000 }) : aCard(),
  }),
  open: async ({ stage, page }) => {
    await page.goto(`${stage.adminUrl}/customers/${ANNA.id}`);
  },
  deed: { press: /^Adjust points$/, then: (_page, frame) => waitForWords(frame, /What to do/) },
});

const SEGMENT_ACTION = adminSurface({
  name: 'admin segment action',
  extension: 'perennial-segment-action',
  hasOrders: false,
  key: (state) => (isSilent(state) || state === 'data not approved' ? 'problem_unavailable' : 'pointsField'),
  answers: (state) => ({ '/api/admin/segment': state === 'data not approved' ? { state: 'unavailable' } : aSegment() }),
  open: async ({ stage, page, state }) => {
    await page.goto(`${stage.adminUrl}/customers/segments/${SEGMENT_ID}`);
    const button = page.locator('button[data-action]');
    if (state === 'keyboard only') await pressByKeyboard(page, page.mainFrame(), 'body', /^Give points to everyone/);
    else await button.click();
    await page.locator('dialog iframe.block').waitFor();
  },
  deed: { press: /^Close$/, then: (page) => page.locator('dialog[open]').waitFor({ state: 'detached', timeout: SOON_MS }) },
});

export const SURFACES: readonly Surface[] = [
  orderSurface({ name: 'thank-you', path: 'thank-you', offer: AN_OFFER, key: 'heading', cannot: {}, isPromised: true }),
  orderSurface({
    name: 'thank-you, flash countdown',
    path: 'thank-you',
    offer: () => aFlashOffer(FLASH_LEFT_MS),
    key: 'timeLeft',
    cannot: { 'editor preview': 'its sample counts nothing down' },
    isPromised: false,
  }),
  orderSurface({ name: 'order status', path: 'orders', offer: AN_OFFER, key: 'heading', cannot: {}, isPromised: false }),
  {
    ...orderSurface({
      name: 'order status, store credit',
      path: 'orders',
      offer: aGrantedOffer({ kind: 'store-credit', amount: FIVE_EUROS }),
      key: 'creditHow',
      cannot: { guest: 'credit wants an account', 'data not approved': 'credit wants an account', 'editor preview': 'its sample is a code' },
      isPromised: false,
    }),
    deed: null,
  },
  CHECKOUT,
  accountSurface({
    name: 'profile block',
    path: '/account/profile',
    extension: 'perennial-profile',
    key: 'seeAll',
    silence: { isAwayAfter: 4 },
    deed: { press: /^See points and rewards$/, then: (page) => page.waitForURL(`**${LOYALTY_PAGE}`) },
  }),
  accountSurface({
    name: 'loyalty page',
    path: LOYALTY_PAGE,
    extension: 'perennial-loyalty-page',
    key: 'historyHeading',
    silence: { says: /Your points are not available just now/ },
    deed: { press: /^Redeem: €5 off$/, then: (_page, frame) => waitForWords(frame, /Yes, redeem/) },
  }),
  EMBED,
  BLOCK,
  CUSTOMER_CARD,
  SEGMENT_ACTION,
];
