import { parseMinorUnits } from '#app/domain/money/parse-minor-units.ts';

/** A comma is the decimal sign where it cannot be the delimiter: office programs write both as their country does. */
export type DecimalSign = '.' | ',';

export type ParsedAmount = { readonly ok: true; readonly amountMinor: number } | { readonly ok: false; readonly reason: string };

const WITH_COMMA = /^-?\d+,\d+$/;

/** An empty cell is nothing: 0. */
export function parseExportAmount(text: string, currency: string, decimalSign: DecimalSign): ParsedAmount {
  if (text === '') return { ok: true, amountMinor: 0 };
  const decimal = decimalSign === ',' && WITH_COMMA.test(text) ? text.replace(',', '.') : text;
  const parsed = parseMinorUnits(decimal, currency);
  if (parsed.ok) return { ok: true, amountMinor: parsed.value };
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
