import { describe, expect, it } from 'vitest';

import { ResultsCard } from '#app/components/offers/results-card.tsx';
import type { ShownResults } from '#app/components/offers/results-card.tsx';
import { DEFAULT_COUNTING } from '#app/domain/retention/metrics/order-value.ts';
import { aRule } from '#test/services/offers/offering.ts';
import { textOf } from '../markup-of.tsx';

const RULES = [aRule({ ruleId: 'gold', name: 'Gold' }), aRule({ ruleId: 'rest', grant: { kind: 'free-shipping' } })];
const RESULTS: ShownResults = {
  asOfMs: Date.UTC(2026, 10, 30, 12),
  currency: 'EUR',
  counting: DEFAULT_COUNTING,
  grossMarginBasisPoints: 6_000,
  rules: [
    { ruleId: 'gone', given: 2, codes: 0, used: null, revenueMinor: null, costMinor: 1_000, marginMinor: null, unknownCosts: 0 },
    { ruleId: 'rest', given: 40, codes: 40, used: 4, revenueMinor: 30_000, costMinor: null, marginMinor: null, unknownCosts: 4 },
    { ruleId: 'gold', given: 10, codes: 10, used: 2, revenueMinor: 17_000, costMinor: 3_000, marginMinor: 9_000, unknownCosts: 0 },
  ],
  inOtherCurrency: 0,
};

function textFor(change: Partial<ShownResults> | null, language: 'en' | 'zh-CN' = 'en'): string {
  return textOf(<ResultsCard results={change && { ...RESULTS, ...change }} rules={RULES} timeZone="Europe/Berlin" />, language);
}

describe('the results of rules', () => {
  it('stand in the order of the rules, with those that are gone last', () => {
    const text = textFor({});
    expect(text).toMatch(/1\. Gold\s*10\s*2\s*20\.0%\s*€170\.00\s*€30\.00\s*€90\.00\s*2\. Free shipping\s*40\s*4\s*10\.0%\s*€300\.00\s*not known\s*not known/);
    expect(text).toMatch(/Removed rule\s*2/);
    expect(text.indexOf('Removed rule')).toBeGreaterThan(text.indexOf('Free shipping'));
  });

  it('say as of when they are, how they are counted, and what they cannot say', () => {
    const text = textFor({ inOtherCurrency: 1 });
    expect(text).toContain('as of Nov 30, 2026, 13:00');
    expect(text).toContain('Redeemed: used / codes given.');
    expect(text).toContain('40% of their price before discounts');
    expect(text).toContain('leave out 4 orders with free shipping');
    expect(textFor({}, 'zh-CN')).toContain('未计入 4 笔免运费订单');
    expect(textFor({ rules: RESULTS.rules.slice(2) })).not.toContain('leave out');
    expect(text).toContain('might have come back anyway');
    expect(text).toContain('1 order in another currency');
    expect(textFor({ grossMarginBasisPoints: 6_125 }, 'zh-CN')).toContain('折扣前不含税价格的 38.75%');
  });

  it('hold uses against codes alone, where a rule gave store credit too', () => {
    const rules = [{ ruleId: 'gold', given: 40, codes: 10, used: 2, revenueMinor: 17_000, costMinor: 3_000, marginMinor: 9_000, unknownCosts: 0 }];
    expect(textFor({ rules })).toMatch(/1\. Gold\s*40\s*2\s*20\.0%/);
  });

  it('show no margin before the merchant has said theirs', () => {
    const text = textFor({ grossMarginBasisPoints: null });
    expect(text).toContain('Enter your gross margin');
    expect(text).not.toContain('€90.00');
  });

  it('wait for the first offer', () => {
    expect(textFor(null)).toContain('As soon as an offer was given');
    expect(textFor({ rules: [] }, 'zh-CN')).toContain('发放优惠后');
  });
});
