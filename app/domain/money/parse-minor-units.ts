import type { Result } from '../result.ts';
import { currencyExponent } from './currency.ts';

export type ParseMinorUnitsRefusal =
  | { readonly reason: 'unknown-currency'; readonly currency: string }
  | { readonly reason: 'not-a-decimal'; readonly text: string }
  | { readonly reason: 'too-many-digits'; readonly text: string; readonly exponent: number }
  | { readonly reason: 'too-large'; readonly text: string };

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * The exact number of minor units in a decimal amount as Shopify writes it: `12.5` EUR is 1250, `1000.0` JPY is 1000.
 *
 * Works on the digits, never on a float. Digits beyond the minor unit are accepted only when they are zeros: rounding
 * is a decision of the caller, and a silent one would make sums differ from Shopify's.
 */
export function parseMinorUnits(decimal: string, currency: string): Result<number, ParseMinorUnitsRefusal> {
  const exponent = currencyExponent(currency);
  if (exponent === null) return { ok: false, reason: 'unknown-currency', currency };

  const match = DECIMAL.exec(decimal);
  if (match === null) return { ok: false, reason: 'not-a-decimal', text: decimal };
  const [, sign = '', whole = '', fraction = ''] = match;

  if (/[1-9]/.test(fraction.slice(exponent))) return { ok: false, reason: 'too-many-digits', text: decimal, exponent };
  const magnitude = Number(whole + fraction.slice(0, exponent).padEnd(exponent, '0'));
  if (!Number.isSafeInteger(magnitude)) return { ok: false, reason: 'too-large', text: decimal };

  const isNegative = sign === '-' && magnitude !== 0;
  return { ok: true, value: isNegative ? -magnitude : magnitude };
}
