import { describe, expect, it } from 'vitest';
import { fixedDecimal, parseDecimal, shortDecimal } from './currency-amount.ts';

describe('amounts as text', () => {
  it.each([
    [1250, 'EUR', '12.5', '12.50'],
    [1200, 'EUR', '12.0', '12.00'],
    [5, 'USD', '0.05', '0.05'],
    [-5, 'USD', '-0.05', '-0.05'],
    [500, 'JPY', '500.0', '500'],
    [1234, 'KWD', '1.234', '1.234'],
  ])('prints %i minor units of %s as %s in GraphQL and %s in REST', (amountMinor, currency, short, fixed) => {
    expect([shortDecimal({ amountMinor, currency }), fixedDecimal({ amountMinor, currency })]).toEqual([short, fixed]);
  });

  it('reads what it prints, and refuses more decimal places than the currency has', () => {
    expect(parseDecimal('12.5', 'EUR')).toBe(1250);
    expect(parseDecimal('-0.05', 'EUR')).toBe(-5);
    expect(parseDecimal('500.0', 'JPY')).toBe(500);
    expect(parseDecimal('0.005', 'EUR')).toBeNull();
    expect(parseDecimal('twelve', 'EUR')).toBeNull();
  });
});
