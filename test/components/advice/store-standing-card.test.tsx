import { describe, expect, it } from 'vitest';

import { StoreStandingCard } from '#app/components/advice/store-standing-card.tsx';
import type { StoreStanding } from '#app/domain/retention/advice/store-standing.ts';
import { linksIn, markupOf, textOf } from '../markup-of.tsx';

const COFFEE: StoreStanding = {
  ...{ stage: 'steady', customers: 4_312, ordersOfYear: 9_870 },
  orderValue: { measured: 21_50, anchor: 75_00, isHigh: false, isNear: false },
  ...{ whyNoOrderValue: null, orderValueKnownOn: null },
  comingBack: { measured: 0.61, anchor: 0.32, isHigh: true, isNear: false },
  comingBackKnownOn: null,
  onePointMore: { customers: 3_000, worthMinor: 645_00 },
};
const SOFAS: StoreStanding = {
  ...COFFEE,
  ...{ stage: 'gaining', customers: 420, ordersOfYear: 260 },
  orderValue: { measured: 1_250_00, anchor: 75_00, isHigh: true, isNear: false },
  comingBack: { measured: 0.3, anchor: 0.32, isHigh: false, isNear: true },
};
const NEW: StoreStanding = {
  ...{ stage: 'starting', customers: 60, ordersOfYear: 12, orderValue: null, whyNoOrderValue: 'fewOrders', orderValueKnownOn: '2027-04-05' },
  ...{ comingBack: null, comingBackKnownOn: { date: '2027-08-13', isSure: true }, onePointMore: null },
};

const wordsOf = (standing: StoreStanding, currency = 'EUR') => textOf(<StoreStandingCard standing={standing} currency={currency} asOf="2026-11-21" />);
const pictureOf = (standing: StoreStanding) => /role="group" aria-label="([^"]+)"/.exec(markupOf(<StoreStandingCard standing={standing} currency="EUR" asOf="2026-11-21" />))?.[1];

describe('where a store stands', () => {
  it('tells a seller of coffee and a seller of sofas different things', () => {
    const [coffee, sofas] = [wordsOf(COFFEE), wordsOf(SOFAS)];
    expect(coffee).toContain('as with coffee: you sell a habit');
    expect(coffee).toContain('Those who have bought deserve as much of your attention');
    expect(sofas).toContain('as with furniture');
    expect(sofas).toContain('One thing that runs on its own is enough now');
    expect(sofas).toContain('It is close to the line');
    expect(coffee).not.toContain('close to the line');
  });

  it('has the numbers and the lines that it rests on, and says whose lines they are', () => {
    const text = wordsOf(COFFEE);
    expect(text).toContain('Customers 4,312 next stage at 10,000');
    expect(text).toContain('Average order value, last 365 days €21.50 €75.00');
    expect(text).toContain('Ordered again within 365 days of the first order 61.0% 32.0%');
    expect(text).toContain('Had one in a hundred of the last 365 days’ 3,000 customers ordered once more, it would have been about €645.00.');
    expect(text).toContain('RJMetrics, 2015');
  });

  it('draws what it says', () => {
    expect(pictureOf(COFFEE)).toBe('Where your store is among large and small orders, often and seldom: Small orders, often');
    expect(pictureOf({ ...COFFEE, comingBack: null })).toContain('Small orders, seldom / Small orders, often');
    expect(pictureOf(NEW)).toContain('not known yet');
  });

  it('leads from each square, and from its numbers, to the customers', () => {
    const links = linksIn(<StoreStandingCard standing={COFFEE} currency="EUR" asOf="2026-11-21" />);
    expect(links).toEqual([
      '/app/customers?asOf=2026-11-21&averageOrderMinor=7500..&orders=1..1',
      '/app/customers?asOf=2026-11-21&averageOrderMinor=7500..&orders=2..',
      '/app/customers?asOf=2026-11-21&averageOrderMinor=..7499&orders=1..1',
      '/app/customers?asOf=2026-11-21&averageOrderMinor=..7499&orders=2..',
      '/app/customers?asOf=2026-11-21',
      '/app/customers?asOf=2026-11-21&daysSinceLastOrder=..364',
    ]);
  });

  it('says what is missing and until when, and no more than is known', () => {
    const text = wordsOf(NEW);
    expect(text).toContain('from 50 orders in 365 days on. It is 12 so far. At the pace of the last three months that will be about Apr 5, 2027.');
    expect(text).toContain('is said from Aug 13, 2027 on, when 50 have had a year to do so.');
    const atPace = wordsOf({ ...NEW, customers: 30, comingBackKnownOn: { date: '2028-02-10', isSure: false } });
    expect(atPace).toContain('is said a year after the 50th began. It is 30 so far. At the pace of the last three months that will be about Feb 10, 2028.');
    const far = wordsOf({ ...NEW, customers: 3, orderValueKnownOn: null, comingBackKnownOn: null });
    expect(far).toContain('It is 12 so far. At the pace of the last three months it does not come to that many.');
    expect(far).toContain('It is 3 so far. At the pace of the last three months that is more than two years away.');
    expect(text).not.toMatch(/coffee:|furniture:|one in a hundred/);
    const chinese = textOf(<StoreStandingCard standing={NEW} currency="EUR" asOf="2026-11-21" />, 'zh-CN');
    expect(chinese).toContain('目前为 12 笔。按最近三个月的速度，约在 2027年4月5日 达到。');
    expect(wordsOf({ ...NEW, whyNoOrderValue: 'noAnchor' }, 'VES')).toContain('there is no line for VES');
  });
});
