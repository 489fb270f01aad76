import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyExponent, UnknownCurrencyError } from '#app/domain/money/currency.ts';
import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import { formatMoney } from '#app/domain/money/format-money.ts';
import { parseMinorUnits } from '#app/domain/money/parse-minor-units.ts';
import { proportionHalfUp } from '#app/domain/money/proportion-half-up.ts';

const ANY_CURRENCY = fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF', 'UGX', 'BGN');
const ANY_AMOUNT_MINOR = fc.maxSafeInteger();

const DIGITS_BY_ISO_4217 = [
  { digits: 0, currencies: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF' },
  { digits: 2, currencies: 'EUR USD GBP MGA MRU HUF TWD IDR XCG ZWG SLE VED BYN STN HRK BGN' },
  { digits: 3, currencies: 'BHD IQD JOD KWD LYD OMR TND' },
  { digits: 4, currencies: 'CLF UYW' },
];

describe('currencies', () => {
  it.each(DIGITS_BY_ISO_4217)('gives $digits decimal digits to $currencies', ({ digits, currencies }) => {
    expect(currencies.split(' ').filter((currency) => currencyExponent(currency) !== digits)).toEqual([]);
  });

  it.each(['XAU', 'XTS', 'XXX', 'XDR', 'eur', '', 'EURO', 'constructor'])('does not price an order in %j', (code) => {
    expect(currencyExponent(code)).toBeNull();
    expect(() => formatMoney(1, code, 'en')).toThrow(UnknownCurrencyError);
  });

  it('differs from Intl only where CLDR drops coins that ISO 4217 still has', () => {
    const withoutCoinsInCldr = 'AFN ALL COP HUF IDR IQD IRR KPW LAK LBP MGA MMK PKR RSD SLL SOS SYP TWD YER'.split(' ');
    const others = Intl.supportedValuesOf('currency').filter((currency) => !withoutCoinsInCldr.includes(currency));
    const different = others.filter((currency) => {
      const digits = currencyExponent(currency);
      const options = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
      return digits !== null && digits !== options.minimumFractionDigits;
    });
    expect(different).toEqual([]);
  });

  it('knows every currency that Intl supports, but for the units of account', () => {
    const unknown = Intl.supportedValuesOf('currency').filter((currency) => currencyExponent(currency) === null);
    expect(unknown.filter((currency) => !['XDR', 'XSU', 'XUA'].includes(currency))).toEqual([]);
  });

  it.each([['BYR', 0], ['EEK', 2], ['ZMK', 2], ['JEP', 2], ['KID', 2]])('still reads old and own codes: %s has %i digits', (code, digits) => {
    expect(currencyExponent(code)).toBe(digits);
  });

  it('says which currency it does not know', () => {
    expect(new UnknownCurrencyError('XAU')).toMatchObject({ currency: 'XAU', message: expect.stringContaining('"XAU"') });
  });
});

describe('writing an amount', () => {
  it.each([0.5, Number.NaN, 2 ** 53])('is refused for %d', (amountMinor) => {
    expect(() => decimalOfMinorUnits(amountMinor, 'EUR')).toThrow(`${amountMinor} is not a whole number of minor units`);
  });
});

describe('parsing an amount', () => {
  it.each([
    ['12.5', 'EUR', 1250],
    ['12.50', 'EUR', 1250],
    ['0.29', 'USD', 29],
    ['1.005', 'KWD', 1005],
    ['1000', 'JPY', 1000],
    ['1000.0', 'JPY', 1000],
    ['10.0000', 'EUR', 1000],
    ['-3.10', 'EUR', -310],
    ['007.00', 'EUR', 700],
    ['90071992547409.91', 'EUR', Number.MAX_SAFE_INTEGER],
  ])('reads %s %s as %i minor units', (decimal, currency, minor) => {
    expect(parseMinorUnits(decimal, currency)).toEqual({ ok: true, value: minor });
  });

  it.each([
    ['10.005', 'EUR', 'too-many-digits'],
    ['1000.5', 'JPY', 'too-many-digits'],
    ['90071992547409.92', 'EUR', 'too-large'],
    ['1e3', 'EUR', 'not-a-decimal'],
    ['1,50', 'EUR', 'not-a-decimal'],
    ['', 'EUR', 'not-a-decimal'],
    [' 1', 'EUR', 'not-a-decimal'],
    ['1.', 'EUR', 'not-a-decimal'],
    ['NaN', 'EUR', 'not-a-decimal'],
    ['1.00', 'XXX', 'unknown-currency'],
  ])('refuses %j %s as %s', (decimal, currency, reason) => {
    expect(parseMinorUnits(decimal, currency)).toMatchObject({ ok: false, reason });
  });

  it('reads minus zero as zero', () => {
    expect(parseMinorUnits('-0.00', 'EUR')).toEqual({ ok: true, value: 0 });
  });

  it('gives back the amount that was written, at any size and in any currency', () => {
    fc.assert(
      fc.property(ANY_AMOUNT_MINOR, ANY_CURRENCY, (amountMinor, currency) => {
        const text = decimalOfMinorUnits(amountMinor, currency);
        expect(parseMinorUnits(text, currency)).toEqual({ ok: true, value: amountMinor === 0 ? 0 : amountMinor });
      }),
    );
  });
});

describe('showing an amount', () => {
  it.each([
    [123450, 'EUR', 'de', '1.234,50\u00a0€'],
    [-5, 'USD', 'en', '-$0.05'],
    [1000, 'JPY', 'en', '¥1,000'],
    [1234, 'KWD', 'en', 'KWD\u00a01.234'],
    [0, 'GBP', 'en-GB', '£0.00'],
    [Number.MAX_SAFE_INTEGER, 'USD', 'en', '$90,071,992,547,409.91'],
  ])('writes %i %s for %s as %s', (amountMinor, currency, locale, text) => {
    expect(formatMoney(amountMinor, currency, locale)).toBe(text);
  });

  it('rounds a mean half up to the minor unit, away from zero', () => {
    expect([1234.5, 1234.4, -1234.5, -0.3].map((minor) => formatMoney(minor, 'USD', 'en'))).toEqual([
      '$12.35',
      '$12.34',
      '-$12.35',
      '$0.00',
    ]);
  });

  it('refuses what is no amount', () => {
    expect(() => formatMoney(NaN, 'USD', 'en')).toThrow(RangeError);
    expect(() => formatMoney(Infinity, 'USD', 'en')).toThrow(RangeError);
    expect(() => decimalOfMinorUnits(0.5, 'USD')).toThrow(RangeError);
  });
});

describe('a proportion of an amount', () => {
  it('is rounded half up', () => {
    expect([proportionHalfUp(1, 1, 2), proportionHalfUp(1, 1, 3), proportionHalfUp(10, 100, 119)]).toEqual([1, 0, 8]);
    expect(() => proportionHalfUp(1, 1, 0)).toThrow(RangeError);
    expect(() => proportionHalfUp(-1, 1, 1)).toThrow(RangeError);
  });

  it('stays exact where the product is beyond the floats', () => {
    const half = 4503599627370496;
    expect(proportionHalfUp(half, half - 1, half)).toBe(half - 1);
  });
});
