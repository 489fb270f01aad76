import { describe, expect, it } from 'vitest';

import type { NextOrderOfferGranted, NextOrderOfferReady } from '#app/contracts/next-order-offer.ts';
import type { AccountStep, OrderPoints } from '#app/contracts/order-thanks.ts';
import { saidForMs, sayTimeLeft } from '../../../extensions/perennial-thank-you/src/time-left.ts';
import { sampleKnown, viewCard, viewOffer } from '../../../extensions/perennial-thank-you/src/view-model.ts';
import type { Known, KnownOffer } from '../../../extensions/perennial-thank-you/src/view-model.ts';
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
      countsDownToMs: null,
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

const EUROS = { amountMinor: 750, currency: 'EUR', decimals: 2 };

function granted(gives: NextOrderOfferGranted['gives'], changes: Partial<KnownOffer> = {}, locale = 'en') {
  const offer = {
    ...{ state: 'granted' as const, gives, code: gives.kind === 'store-credit' ? null : 'BACK-ABCD2345', minimumSubtotal: null },
    ...{ endsAt: '2026-11-24T18:00:00Z', isPersonal: false, countsDown: true, countsDownToMs: 1_000, ...changes },
  } as KnownOffer;
  return viewOffer(offer, wordingIn('perennial-thank-you', locale));
}

describe('an offer of another kind', () => {
  it.each([
    ['percent', { kind: 'percent', percentBasisPoints: 1_000 }, 'Take 10% off your next order with this code.'],
    ['amount', { kind: 'amount', amount: EUROS }, 'Take €7.50 off your next order with this code.'],
    ['free shipping', { kind: 'free-shipping' }, 'Your next order ships free with this code.'],
  ] as const)('says what it gives: %s', (_name, gives, sentence) => {
    expect(granted(gives)).toMatchObject({ sentence, code: 'BACK-ABCD2345', countsDownToMs: 1_000 });
  });

  it('says the hour of its end', () => {
    expect(granted({ kind: 'free-shipping' })?.terms.map((term) => term.replace(/\s/g, ' '))).toEqual(['Valid until November 24, 2026 at 6:00 PM.', 'Works once.']);
  });

  it('has no code where it is store credit, and says how that is used', () => {
    const credit = granted({ kind: 'store-credit', amount: EUROS }, { endsAt: '2026-12-21T23:59:59Z', countsDownToMs: null });
    expect(credit).toMatchObject({
      sentence: 'You have €7.50 of store credit for your next order.',
      terms: ['Spend it by December 21, 2026.', 'Sign in at checkout to use it.'],
      ...{ code: null, countsDownToMs: null },
    });
  });
});

describe('the time that is left of a flash offer', () => {
  const left = (ms: number, locale = 'en') => sayTimeLeft(ms, wordingIn('perennial-thank-you', locale))?.replace(/[\s\u200f]+/g, ' ') ?? null;
  const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

  it.each([
    [53 * HOUR + 12 * MINUTE + 59 * SECOND, '53 hours 12 minutes left.'],
    [HOUR + MINUTE, '1 hour 1 minute left.'],
    [HOUR, '1 hour 0 minutes left.'],
    [HOUR - 1, '1 hour 0 minutes left.'],
    [HOUR - SECOND, '59 minutes 59 seconds left.'],
    [1, '0 minutes 1 second left.'],
    [0, null],
    [-5, null],
  ])('of %i ms is said without rounding it away', (ms, words) => {
    expect(left(ms)).toBe(words);
  });

  it.each([
    ['de', 'Noch 47 Stunden 5 Minuten.'],
    ['ar', 'متبقٍ 47 ساعة و5 دقائق.'],
    ['zh-CN', '还剩 47小时 5分钟。'],
  ])('is said in %s with the language’s own units', (locale, words) => {
    expect(left(47 * HOUR + 5 * MINUTE, locale)).toBe(words);
  });

  it('is drawn anew once a minute, and in the last hour once a second', () => {
    expect([saidForMs(5 * HOUR + 20_000), saidForMs(5 * HOUR), saidForMs(HOUR - 1), saidForMs(300)]).toEqual([21_000, SECOND, 999, 300]);
    // Each time it reads differently, and never stands for longer than it holds.
    for (let ms = HOUR + 90_000; ms > 0; ms -= saidForMs(ms)) expect(left(ms)).not.toBe(left(ms - saidForMs(ms)));
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
