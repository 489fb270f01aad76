import type { ReactElement } from 'react';
import { describe, expect, it } from 'vitest';

import { ourWords } from '#app/adapters/shopper-words.server.ts';
import { CheckoutPreview } from '#app/components/previews/checkout-preview.tsx';
import { LoyaltyPagePreview } from '#app/components/previews/loyalty-page-preview.tsx';
import { ProfilePreview } from '#app/components/previews/profile-preview.tsx';
import { sampleLoyalty, sampleOffer, sampleThanks } from '#app/components/previews/sample-shopper.ts';
import { SITUATIONS } from '#app/components/previews/situations.ts';
import { SurfacePreview } from '#app/components/previews/surface-preview.tsx';
import { sayReadyOffer, ThankYouPreview } from '#app/components/previews/thank-you-preview.tsx';
import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import { createShopperWording } from '#app/domain/texts/shopper-wording.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';
import { SHOPPER_LOCALES, SURFACES } from '#app/domain/texts/surfaces.ts';
import type { ShopperLocale, Surface } from '#app/domain/texts/surfaces.ts';
import { groupWords } from '#app/domain/texts/surface-words.ts';
import type { Words } from '#app/domain/texts/surface-words.ts';
import { textOf } from '#test/components/markup-of.tsx';
import { wordingIn } from '#test/extensions/support/locale-words.ts';
import { sayEstimate, viewCheckout } from '../../../extensions/perennial-checkout/src/view-model.ts';
import { viewBalance, viewTier } from '../../../extensions/perennial-loyalty-page/src/view-balance.ts';
import { viewWay } from '../../../extensions/perennial-loyalty-page/src/view-earning.ts';
import { viewRedemption, viewReward } from '../../../extensions/perennial-loyalty-page/src/view-rewards.ts';
import { viewProfile } from '../../../extensions/perennial-profile/src/view-model.ts';
import { viewCard } from '../../../extensions/perennial-thank-you/src/view-model.ts';
import { withTexts } from '../../../extensions/shopper-kit/src/words.ts';
import type { Wording } from '../../../extensions/shopper-kit/src/words.ts';

const SHOP = { program: defaultProgram({ currency: 'EUR', unitMinor: 100 }), currency: 'EUR', timeZone: 'Europe/Berlin', nowMs: Date.parse('2026-11-22T09:00:00Z') };
const LOYALTY = sampleLoyalty(SHOP);

/** The two that write the same words: a preview's, and that of the extension in the shopper's browser. */
function bothIn(surface: Surface, locale: ShopperLocale, own: Words = {}): { preview: ShopperWording; extension: Wording } {
  return {
    preview: createShopperWording({ locale, ours: ourWords(surface, locale), own, timeZone: SHOP.timeZone }),
    extension: withTexts(wordingIn(`perennial-${surface}`, locale, SHOP.timeZone), own, locale),
  };
}

/** All that an extension says, wherever it stands in what it draws. */
function saidIn(view: unknown): string[] {
  if (typeof view === 'string') return [view];
  return typeof view === 'object' && view !== null ? Object.values(view).flatMap(saidIn) : [];
}

const IDS = new Set(['offer', 'points', 'account', 'invite', 'sign-in', 'ready', 'sample', ...LOYALTY.rewards.map(({ rewardId }) => rewardId)]);

function expectToSay(element: ReactElement, view: unknown): void {
  const shown = textOf(element).replaceAll('&#x27;', "'").replaceAll('&quot;', '"');
  const said = saidIn(view).filter((text) => text !== '' && !IDS.has(text));
  expect(said.length).toBeGreaterThan(0);
  for (const text of said) expect(shown).toContain(text.replace(/\s+/g, ' '));
}

describe.each(SHOPPER_LOCALES)('in %s a preview says what the extension says', (locale) => {
  it('on the thank-you page', () => {
    const { preview, extension } = bothIn('thank-you', locale);
    const offer = { ...sampleOffer(SHOP, { isPersonal: true }), minimumSubtotal: { amountMinor: 2500, currency: 'EUR', decimals: 2 } };
    const thanks = sampleThanks(SHOP);
    expectToSay(<ThankYouPreview offer={sayReadyOffer(offer, preview)} thanks={thanks} wording={preview} />, viewCard({ offer, thanks }, extension));
    const points = { state: 'ready', points: 120, standing: 'claimable', spendableFrom: null, balancePoints: null } as const;
    for (const account of [{ state: 'invite', welcomePoints: 1 }, { state: 'sign-in', url: '', welcomePoints: null }, { state: 'invited' }] as const) {
      const guest = { points, account };
      expectToSay(<ThankYouPreview offer={null} thanks={guest} wording={preview} />, viewCard({ offer: null, thanks: guest }, extension));
    }
  });

  it('in the checkout and in the profile', () => {
    const checkout = bothIn('checkout', locale);
    const cart = { codes: [], canUpdateDiscountCodes: true, subtotal: { amount: 999_999, currencyCode: 'EUR' }, refusedCode: null };
    const earns = (who: 'you' | 'members') => sayEstimate({ points: 245, who }, checkout.extension);
    expectToSay(<CheckoutPreview loyalty={LOYALTY} earns={245} situation="open" wording={checkout.preview} />, { ...viewCheckout(LOYALTY, cart, checkout.extension), waiting: [], earns: earns('you') });
    expectToSay(<CheckoutPreview loyalty={LOYALTY} earns={245} situation="signed-out" wording={checkout.preview} />, earns('members'));
    const locked = viewCheckout({ ...LOYALTY, redemptions: [] }, { ...cart, canUpdateDiscountCodes: false }, checkout.extension);
    expectToSay(<CheckoutPreview loyalty={LOYALTY} earns={245} situation="locked" wording={checkout.preview} />, locked);
    const profile = bothIn('profile', locale);
    expectToSay(<ProfilePreview loyalty={LOYALTY} wording={profile.preview} />, viewProfile(LOYALTY, profile.extension));
  });

  it('on the page of points and rewards', () => {
    const { preview, extension } = bothIn('loyalty-page', locale);
    const { tier } = LOYALTY;
    if (tier === null) throw new Error('The sample has a tier.');
    const { name, progress, perks } = viewTier(tier, extension);
    expectToSay(<LoyaltyPagePreview loyalty={LOYALTY} today="2026-11-22" wording={preview} />, [
      viewBalance(LOYALTY, extension),
      [name, progress?.missing, perks],
      LOYALTY.rewards.map((reward) => viewReward(reward, extension)),
      LOYALTY.redemptions.map((redemption) => viewRedemption(redemption, extension)),
      LOYALTY.waysToEarn.map((way) => viewWay(way, extension)),
    ]);
  });

  it.each(SURFACES)('%s: no word of it is missing, in any situation', (surface) => {
    const { preview } = bothIn(surface, locale);
    const said = new Set<string>();
    const listening: ShopperWording = { ...preview, say: (key, values) => (said.add(key), preview.say(key, values)), points: (key, points, values) => (said.add(key), preview.points(key, points, values)) };
    for (const situation of SITUATIONS[surface]) {
      const text = textOf(<SurfacePreview {...{ surface, situation }} shop={SHOP} wording={listening} />);
      expect(text).not.toMatch(/\{\{|%points%/);
    }
    const keys = groupWords(ourWords(surface, locale)).map(({ key }) => key);
    expect([...said].filter((key) => !keys.includes(key))).toEqual([]);
  });
});

describe('the merchant’s own words', () => {
  const COUNTS = [0, 1, 2, 3, 11, 100, 1_000_000];

  it.each(SHOPPER_LOCALES)('are written in %s alike here and there', (locale) => {
    const ours = ourWords('loyalty-page', locale);
    const own = Object.fromEntries(Object.entries(ours).map(([key, text]) => [key, `★ ${text}`]));
    const { preview, extension } = bothIn('loyalty-page', locale, own);
    const values = { points: '7', amount: '€1', date: 'soon', tier: 'Gold', orders: '2', days: '3', percent: '5', factor: '2', name: 'N', order: '#1', reward: 'R' };
    for (const { key, isPlural } of groupWords(ours)) {
      for (const count of isPlural ? COUNTS : [1]) {
        const said = preview.say(key, { ...values, count });
        expect([key, count, said]).toEqual([key, count, extension.translate(key, { ...values, count })]);
        expect(said.startsWith('★')).toBe(true);
      }
    }
  });

  it('that leave something open give way to ours, here and there', () => {
    const { preview, extension } = bothIn('thank-you', 'en', { minimum: 'From {{amount}}, {{name}}', heading: '{{constructor}}' });
    for (const key of ['minimum', 'heading']) expect(preview.say(key, { amount: '€5' })).toBe(extension.translate(key, { amount: '€5' }));
    expect(preview.say('minimum', { amount: '€5' })).toBe('For orders of €5 or more.');
  });
});
