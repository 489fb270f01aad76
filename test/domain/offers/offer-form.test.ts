import { describe, expect, it } from 'vitest';

import { readOfferForm, writeOfferForm } from '#app/domain/offers/offer-form.ts';
import { DEFAULT_OFFER_SETTINGS } from '#app/domain/offers/offer-settings.ts';

const FORM = { isEnabled: true, percent: '15', validDays: '30', minimum: '', audience: 'first-order', holdout: '0' };

function valueOf(field: string, text: string, currency: string | null = 'EUR'): unknown {
  const read = readOfferForm({ ...FORM, [field]: text }, currency);
  return read.ok ? read.value : read.problems;
}

describe('the form of the offer', () => {
  it('comes back as it was written', () => {
    const settings = { ...DEFAULT_OFFER_SETTINGS, percentBasisPoints: 1250, minimumSubtotalMinor: 1999, isEnabled: true };
    expect(writeOfferForm(settings, 'EUR')).toEqual({ ...FORM, percent: '12.5', minimum: '19.99' });
    expect(readOfferForm(writeOfferForm(settings, 'EUR'), 'EUR')).toEqual({ ok: true, value: settings });
  });

  it.each([
    ['1', 100], ['100', 10_000], ['12.5', 1250], ['12.50', 1250], ['12.500', 1250], [' 15 ', 1500], ['15.', 1500], ['33.33', 3333],
  ])('reads %s percent', (text, percentBasisPoints) => {
    expect(valueOf('percent', text)).toMatchObject({ percentBasisPoints });
  });

  it.each([
    ['', 'not-a-number'], ['abc', 'not-a-number'], ['-5', 'not-a-number'], ['1e1', 'not-a-number'], ['12,5', 'not-a-number'],
    ['0', 'out-of-range'], ['0.99', 'out-of-range'], ['100.01', 'out-of-range'], ['12.345', 'too-many-digits'],
  ])('refuses %s percent', (text, problem) => {
    expect(valueOf('percent', text)).toEqual({ percent: problem });
  });

  it.each([['0', 'out-of-range'], ['366', 'out-of-range'], ['1.5', 'not-a-number'], ['', 'not-a-number']])(
    'refuses %s days',
    (text, problem) => {
      expect(valueOf('validDays', text)).toEqual({ validDays: problem });
    },
  );

  it.each([['EUR', '25.5', 2550], ['JPY', '1000', 1000], ['KWD', '1.234', 1234], ['JPY', '1000.00', 1000], ['EUR', '', 0]])(
    'reads a minimum in %s: %s',
    (currency, text, minimumSubtotalMinor) => {
      expect(valueOf('minimum', text, currency)).toMatchObject({ minimumSubtotalMinor });
    },
  );

  it.each([
    ['EUR', '1.999', 'too-many-digits'], ['JPY', '0.5', 'too-many-digits'], ['EUR', '1,50', 'not-a-number'],
    ['EUR', '-1', 'out-of-range'], ['EUR', '99999999999999999', 'out-of-range'], [null, '5', 'unknown'],
  ])('refuses a minimum in %s: %s', (currency, text, problem) => {
    expect(valueOf('minimum', text, currency)).toEqual({ minimum: problem });
  });

  it.each([['0', 0], ['10', 1000], ['12.5', 1250], ['50', 5000]])('reads a share of %s percent without a code', (text, holdoutBasisPoints) => {
    expect(valueOf('holdout', text)).toMatchObject({ holdoutBasisPoints });
  });

  it('names every field that is wrong', () => {
    expect(readOfferForm({ isEnabled: true, percent: '0', validDays: 'x', minimum: 'y', audience: 'z', holdout: '51' }, 'EUR')).toEqual({
      ok: false,
      problems: { percent: 'out-of-range', validDays: 'not-a-number', minimum: 'not-a-number', audience: 'unknown', holdout: 'out-of-range' },
    });
  });
});
