import { requireCurrencyExponent } from './currency.ts';
import { decimalOfMinorUnits } from './decimal-of-minor-units.ts';

const formatters = new Map<string, Intl.NumberFormat>();

/**
 * An amount for people, in their locale: `formatMoney(123450, 'EUR', 'de')` is `1.234,50 €`.
 *
 * A mean such as an AOV may be a fraction of a minor unit; it is rounded half up (away from zero) to whole minor units
 * here and nowhere before.
 *
 * @throws UnknownCurrencyError
 * @throws RangeError when the amount is not finite, or the locale is not a valid language tag
 */
export function formatMoney(amountMinor: number, currency: string, locale: string): string {
  const wholeMinor = Math.sign(amountMinor) * Math.round(Math.abs(amountMinor));
  return formatterOf(currency, locale).format(decimalOfMinorUnits(wholeMinor, currency));
}

// Making a formatter costs some 50 times what using it does, and a page shows hundreds of amounts in one currency.
function formatterOf(currency: string, locale: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;

  const exponent = requireCurrencyExponent(currency);
  const formatter = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
  formatters.set(key, formatter);
  return formatter;
}
