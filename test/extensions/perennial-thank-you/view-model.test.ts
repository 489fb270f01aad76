import { describe, expect, it } from 'vitest';

import type { NextOrderOfferReady } from '#app/contracts/next-order-offer.ts';
import type { AccountStep, OrderPoints } from '#app/contracts/order-thanks.ts';
import { sampleKnown, viewCard, viewOffer } from '../../../extensions/perennial-thank-you/src/view-model.ts';
import type { Known } from '../../../extensions/perennial-thank-you/src/view-model.ts';
import { wordingIn } from '../support/locale-words.ts';

function view(changes: Partial<NextOrderOfferReady> = {}, { locale = 'en', timeZone = 'UTC' } = {}) {
  const offer: NextOrderOfferReady = {
    state: 'ready',
    code: 'BACK-ABCD2345',
    percentBasisPoints: 1500,
    minimumSubtotal: null,
    endsAt: '2026-12-21T23:59:59Z',
    isPersonal: false,
    ...changes,
  };
  return viewOffer(offer, wordingIn('perennial-thank-you', locale, timeZone));
}

describe('the words of an offer', () => {
  it('say how much, until when and how often', () => {
    expect(view()).toEqual({
      kind: 'offer',
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
    const german = view({ minimumSubtotal: { amountMinor: 2500, currency: 'EUR', decimals: 2 } }, { locale: 'de' });
    expect(german?.terms.map((term) => term.replace(/\s/g, ' '))).toEqual([
      'Gültig bis 21. Dezember 2026.',
      'Ab einem Bestellwert von 25 €.',
      'Einmal einlösbar.',
    ]);
  });

  it('have a sample for the checkout editor', () => {
    const { offer, thanks } = sampleKnown(new Date('2026-11-21T12:00:00Z'));
    expect(offer).toMatchObject({ state: 'ready', percentBasisPoints: 1500 });
    expect(thanks?.points).toMatchObject({ state: 'ready', standing: 'pending' });
  });
});

const SPENDABLE: OrderPoints = { state: 'ready', points: 120, standing: 'spendable', spendableFrom: null, balancePoints: 1240 };
const PENDING: OrderPoints = { ...SPENDABLE, standing: 'pending', spendableFrom: '2026-12-06T09:00:00Z' };
const CLAIMABLE: OrderPoints = { ...SPENDABLE, standing: 'claimable', balancePoints: null };
const NO_ACCOUNT: AccountStep = { state: 'none' };

function card(points: OrderPoints, account: AccountStep = NO_ACCOUNT, offer: Known['offer'] = null) {
  return viewCard({ offer, thanks: { points, account } }, wordingIn('perennial-thank-you'));
}

describe('the card after the order', () => {
  it('is empty while nothing is known', () => {
    expect(viewCard({ offer: null, thanks: null }, wordingIn('perennial-thank-you'))).toEqual([]);
    expect(card({ state: 'none' })).toEqual([]);
    expect(card({ state: 'pending', retryAfterMs: 400 })).toEqual([]);
  });

  it('says that points come once that is certain', () => {
    expect(card({ state: 'pending', retryAfterMs: 400, isPromised: true })).toMatchObject([
      { kind: 'points', sentences: ['Your points for this order are on their way.'] },
    ]);
  });

  it('tells what the order gave, from when it can be used, and what there is', () => {
    expect(card(SPENDABLE)).toMatchObject([
      { sentences: ['You earned 120 points with this order.', 'You now have 1,240 points to spend.'] },
    ]);
    expect(card(PENDING)).toMatchObject([
      {
        sentences: [
          'This order brings you 120 points.',
          'Ready to use from December 6, 2026.',
          'You now have 1,240 points to spend.',
        ],
      },
    ]);
    expect(card({ ...PENDING, points: 1, spendableFrom: null, balancePoints: 0 })).toMatchObject([
      { sentences: ['This order brings you 1 point.'] },
    ]);
  });

  it('tells a guest of points together with the way to them, and not without one', () => {
    expect(card(CLAIMABLE, { state: 'invite', welcomePoints: 100 })).toMatchObject([
      {
        kind: 'account',
        heading: '120 points are waiting for you',
        sentences: ['Activate your account to collect them.', 'It starts with 100 points.'],
        action: { kind: 'invite', label: 'Activate your account' },
      },
    ]);
    expect(card(CLAIMABLE, { state: 'sign-in', url: 'https://shop.example/account', welcomePoints: null })).toMatchObject([
      { sentences: ['Sign in to collect them.'], action: { kind: 'sign-in', url: 'https://shop.example/account' } },
    ]);
    expect(card(CLAIMABLE)).toEqual([]);
  });

  it('says what an invite means before it is asked for, and then only that it is on its way', () => {
    const [asked] = card({ state: 'none' }, { state: 'invite', welcomePoints: null });
    expect(asked).toMatchObject({ action: { consent: 'We email you the link, and remind you twice at most if you leave it.' } });
    const [invited] = card({ state: 'none' }, { state: 'invited' });
    expect(invited).toMatchObject({ action: null, sentences: ['Check your inbox: the link to your account is on its way.'] });
  });

  it('goes from the code over the points to the account', () => {
    const parts = card(PENDING, { state: 'invite', welcomePoints: null }, 'promised');
    expect(parts.map(({ kind }) => kind)).toEqual(['waiting', 'points', 'account']);
  });
});
