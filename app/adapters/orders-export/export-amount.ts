import { parseMinorUnits } from '#app/domain/money/parse-minor-units.ts';

/** A comma is the decimal sign where it cannot be the delimiter: office programs write both as their country does. */
export type DecimalSign = '.' | ',';

export type ParsedAmount = { readonly ok: true; readonly amountMinor: number } | { readonly ok: false; readonly reason: string };

const WITH_COMMA = /^-?\d+,\d+$/;
const DECIMALS = /^(-?)(\d+)\.(\d+)$/;
const FLOAT_NOISE = /^(?:0{6}|9{6})/;

/** An empty cell is nothing: 0. */
export function parseExportAmount(text: string, currency: string, decimalSign: DecimalSign): ParsedAmount {
  if (text === '') return { ok: true, amountMinor: 0 };
  const decimal = decimalSign === ',' && WITH_COMMA.test(text) ? text.replace(',', '.') : text;
  const parsed = parseMinorUnits(decimal, currency);
  if (parsed.ok) return { ok: true, amountMinor: parsed.value };
  const meantMinor = parsed.reason === 'too-many-digits' ? meantByFloat(decimal, currency, parsed.exponent) : null;
  if (meantMinor !== null) return { ok: true, amountMinor: meantMinor };
  switch (parsed.reason) {
    case 'unknown-currency':
      return { ok: false, reason: `“${currency}” is not a currency` };
    case 'not-a-decimal':
      return { ok: false, reason: `“${text}” is not an amount` };
    case 'too-many-digits':
      return { ok: false, reason: `“${text}” is no whole number of the smallest unit of ${currency}` };
    case 'too-large':
      return { ok: false, reason: `“${text}” is too large an amount` };
  }
}

/**
 * Scripts add amounts up in binary floats, and 139.12 is then written 139.11999999999998. What lies within a millionth of
 * the smallest unit of an amount is that amount; anything further is no rounding of a float and nobody's guess.
 */
function meantByFloat(decimal: string, currency: string, exponent: number): number | null {
  const [, sign = '', whole = '', fraction = ''] = DECIMALS.exec(decimal) ?? [];
  const noise = fraction.slice(exponent);
  if (!FLOAT_NOISE.test(noise)) return null;
  const below = parseMinorUnits(exponent === 0 ? whole : `${whole}.${fraction.slice(0, exponent)}`, currency);
  if (!below.ok) return null;
  const magnitude = below.value + (noise.startsWith('9') ? 1 : 0);
  if (!Number.isSafeInteger(magnitude)) return null;
  return sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
}
