import { requireCurrencyExponent } from './currency.ts';

type DecimalText = `${number}`;

const DECIMAL_TEXT = /^-?\d+(\.\d+)?$/;

/**
 * The amount as Shopify's API writes it, `1250` EUR as `12.50`: the inverse of `parseMinorUnits`, and exact at any size
 * because only digits move. `Intl.NumberFormat` takes such a text without going through a float.
 *
 * @throws RangeError when the amount is not a safe integer
 * @throws UnknownCurrencyError
 */
export function decimalOfMinorUnits(amountMinor: number, currency: string): DecimalText {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`${amountMinor} is not a whole number of minor units`);
  const exponent = requireCurrencyExponent(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const fraction = digits.slice(digits.length - exponent);
  const text = exponent === 0 ? sign + whole : `${sign}${whole}.${fraction}`;
  if (!isDecimalText(text)) throw new RangeError(`${text} is not a decimal`);
  return text;
}

function isDecimalText(text: string): text is DecimalText {
  return DECIMAL_TEXT.test(text);
}
