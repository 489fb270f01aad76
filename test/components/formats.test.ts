import { describe, expect, it } from 'vitest';

import { createFormats } from '#app/components/formats.tsx';

const MINUTE_MS = 60_000;
const english = createFormats('en');
const chinese = createFormats('zh-CN');

describe('numbers and dates on the pages', () => {
  it.each([
    [1234.5, 'JPY', '¥1,235'],
    [123_450, 'USD', '$1,234.50'],
    [1_234_567.4, 'KWD', 'KWD 1,234.567'],
    [7883.456, 'USD', '$78.83'],
  ])('show %d minor units of %s as %s', (amountMinor, currency, text) => {
    expect(english.money(amountMinor, currency).replace(/\u00a0/g, ' ')).toBe(text);
  });

  it('are written as the language writes them', () => {
    expect([english.count(12_345), chinese.money(123_450, 'USD')]).toEqual(['12,345', 'US$1,234.50']);
    expect([english.percent(0.3415), chinese.percent(0.3415)]).toEqual(['34.2%', '34.2%']);
    expect([english.setPercent(0.6), chinese.setPercent(0.6), chinese.setPercent(0.6125)]).toEqual(['60%', '60%', '61.25%']);
    expect([english.month('2026-01'), chinese.month('2026-01')]).toEqual(['Jan 2026', '2026年1月']);
    expect([english.day('2026-11-21'), chinese.day('2026-11-21')]).toEqual(['Nov 21, 2026', '2026年11月21日']);
  });

  it('give a time in the shop’s zone', () => {
    expect(english.instant(Date.parse('2026-11-21T02:30:00Z'), 'America/New_York')).toBe('Nov 20, 2026, 21:30');
  });

  it.each([
    [0, 'now'],
    [59_999, 'now'],
    [-5 * MINUTE_MS, 'now'],
    [3 * MINUTE_MS, '3 minutes ago'],
    [90 * MINUTE_MS, '1 hour ago'],
    [47 * 60 * MINUTE_MS, '47 hours ago'],
    [72 * 60 * MINUTE_MS, '3 days ago'],
  ])('say that %d ms ago was %s', (elapsedMs, text) => {
    expect(english.ago(1_000_000_000, 1_000_000_000 + elapsedMs)).toBe(text);
  });

  it('say in Chinese that it was just now, where "now" would be read as going on', () => {
    expect([chinese.ago(0, 59_999), chinese.ago(0, MINUTE_MS)]).toEqual(['刚刚', '1分钟前']);
  });
});
