import { describe, expect, it } from 'vitest';
import { readTypedNumber, typedNumber } from '#app/components/customers/range-number.ts';

describe('a number of a range, as it is typed', () => {
  it.each([
    ['orders', '3', 'EUR', 3],
    ['orders', '2.5', 'EUR', undefined],
    ['spentMinor', '50', 'EUR', 5000],
    ['spentMinor', '12,50', 'EUR', 1250],
    ['spentMinor', '12.505', 'EUR', undefined],
    ['spentMinor', '1000', 'JPY', 1000],
    ['spentMinor', '1.234', 'KWD', 1234],
    ['pAlive', '29', 'EUR', 0.29],
    ['pAlive', '101', 'EUR', undefined],
    ['expectedOrders365', '1.5', 'EUR', 1.5],
    ['daysSinceLastOrder', ' 90 ', 'EUR', 90],
    ['orders', '', 'EUR', null],
    ['orders', '-1', 'EUR', undefined],
    ['orders', 'three', 'EUR', undefined],
  ] as const)('of %s, %j in %s is %j', (field, text, currency, value) => {
    expect(readTypedNumber(field, text, currency)).toBe(value);
  });

  it.each([
    ['spentMinor', 1250, '12.50'],
    ['pAlive', 0.29, '29'],
    ['orders', 3, '3'],
    ['orders', null, ''],
  ] as const)('of %s, %j is shown as %j', (field, value, text) => {
    expect(typedNumber(field, value, 'EUR')).toBe(text);
  });
});
