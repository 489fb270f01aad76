import { describe, expect, it } from 'vitest';

import { CountingPage } from '#app/components/counting/counting-page.tsx';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { Language } from '#app/i18n/languages.ts';
import { markupOf, textOf } from '../markup-of.tsx';

function pageOf(saved: OrderCounting, { currency = 'EUR', hasFailed = false }: { currency?: string | null; hasFailed?: boolean } = {}) {
  return <CountingPage saved={saved} currency={currency} isSaving={false} hasFailed={hasFailed} onSave={() => {}} />;
}

/** What the page says of an order that nothing came back of, of one that a part of came back, and of one that all of did. */
function worths(saved: OrderCounting, currency: string, language: Language = 'en'): string[] {
  const cells = markupOf(pageOf(saved, { currency }), language).matchAll(/<td[^>]*>(.*?)<\/td>/g);
  return [...cells].map(([, text = '']) => text);
}

describe('the page on which a merchant chooses how orders are counted', () => {
  it.each([
    ['perennial', 'goods', ['€100.00', '€60.00', 'No purchase']],
    ['perennial', 'goodsBeforeRefunds', ['€100.00', '€100.00', 'No purchase']],
    ['perennial', 'total', ['€125.00', '€77.00', 'No purchase']],
    ['perennial', 'totalBeforeRefunds', ['€125.00', '€125.00', 'No purchase']],
    ['asShopifyCounts', 'goods', ['€100.00', '€60.00', '€0.00']],
    ['asShopifyCounts', 'goodsBeforeRefunds', ['€100.00', '€100.00', '€100.00']],
    ['asShopifyCounts', 'total', ['€125.00', '€77.00', '€0.00']],
    ['asShopifyCounts', 'totalBeforeRefunds', ['€125.00', '€125.00', '€125.00']],
  ] as const)('shows by %s and %s what three orders are worth', (preset, value, expected) => {
    expect(worths({ preset, value }, 'EUR')).toEqual(expected);
  });

  it('has its example in whole units of a currency without smaller ones, and in Chinese', () => {
    expect(worths({ preset: 'perennial', value: 'total' }, 'JPY', 'zh-CN')).toEqual(['¥125', '¥77', '不算购买'].map((text) => text.replace('¥', 'JP¥')));
  });

  it('marks what is in force, and says each formula', () => {
    const saved = { preset: 'asShopifyCounts', value: 'goodsBeforeRefunds' } as const;
    const checked = [...markupOf(pageOf(saved)).matchAll(/<input[^>]*value="(\w+)"[^>]*>/g)].filter(([tag]) => tag.includes('checked')).map(([, value]) => value);
    expect(checked).toEqual(['asShopifyCounts', 'goodsBeforeRefunds']);
    const text = textOf(pageOf(saved));
    for (const formula of ['goods after discounts − refunds', 'goods after discounts + tax + shipping − refunds']) expect(text).toContain(`value = ${formula}`);
  });

  it('has no example before the currency is known, and says when saving failed', () => {
    const text = textOf(pageOf({ preset: 'perennial', value: 'goods' }, { currency: null, hasFailed: true }));
    expect(text).not.toContain('three orders');
    expect(text).toContain('Your choice is not saved');
  });
});
