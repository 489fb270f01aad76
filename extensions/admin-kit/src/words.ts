import type { Amount } from '../../../app/contracts/amount.ts';

type Values = Record<string, string | number>;

/** Shopify's way to write in the language of the admin. */
export interface Wording {
  /** With `count` among the values, the plural form of the language. */
  translate: (key: string, values?: Values) => string;
  formatNumber: (value: number, options?: Intl.NumberFormatOptions) => string;
  formatCurrency: (value: number, options?: Intl.NumberFormatOptions) => string;
  formatDate: (value: Date, options?: Intl.DateTimeFormatOptions) => string;
}

/** A sentence about a number: `{{number}}` is written out, and the plural follows it. */
export function say(key: string, count: number, wording: Wording, values: Values = {}): string {
  return wording.translate(key, { ...values, count: Math.abs(count), number: wording.formatNumber(count) });
}

export function formatAmount({ amountMinor, currency, decimals }: Amount, { formatCurrency }: Wording): string {
  return formatCurrency(amountMinor / 10 ** decimals, { currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A calendar day of the shop, `2027-03-31`, which is the same day wherever it is read. */
export function formatDay(day: string, { formatDate }: Wording): string {
  return formatDate(new Date(`${day}T12:00:00Z`), { timeZone: 'UTC', year: 'numeric', month: 'short', day: 'numeric' });
}

/** The day of an instant, where it is read. */
export function formatInstant(at: string, { formatDate }: Wording): string {
  return formatDate(new Date(at), { year: 'numeric', month: 'short', day: 'numeric' });
}

/** Words of ours for one of a list that may grow on the server; null for one that came later than this text. */
export function wordFor(prefix: string, name: string, known: readonly string[], { translate }: Wording): string | null {
  return known.includes(name) ? translate(`${prefix}${name}`) : null;
}

/** Codes that a field may be refused with, and a general one for those that came later. */
export function sayProblem(code: string, known: readonly string[], wording: Wording, values: Values): string {
  return known.includes(code) ? wording.translate(`problem_${code}`, values) : wording.translate('problem_later');
}
