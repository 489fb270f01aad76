import type { Amount } from '../../../app/contracts/amount.ts';

/** Numbers and dates stand inside our sentences, so they follow the sentences' language where Shopify's may differ. */
type InOurLanguage = { inExtensionLocale: true };
type Values = Record<string, string | number>;

/** What Shopify gives to write numbers and sentences in the buyer's language. */
export interface Wording {
  /** With `count` among the values, the plural form of the language. */
  translate: (key: string, values?: Values) => string;
  formatNumber: (value: number, options: InOurLanguage & Intl.NumberFormatOptions) => string;
  formatCurrency: (value: number, options: InOurLanguage & Intl.NumberFormatOptions) => string;
  formatDate: (value: Date, options: InOurLanguage & Intl.DateTimeFormatOptions) => string;
  /** IANA name of the buyer's zone; undefined where Shopify does not tell it. */
  timeZone: string | undefined;
}

/** The parts of the global `shopify` that words are made of; the customer account does not tell a zone. */
interface WordsOfShopify {
  i18n: {
    translate: (key: string, values?: Values) => string;
    formatNumber: Wording['formatNumber'];
    formatCurrency: Wording['formatCurrency'];
    formatDate: Wording['formatDate'];
  };
  localization: object;
}

export function wordingOf({ i18n, localization }: WordsOfShopify): Wording {
  const zone = 'timezone' in localization ? (localization.timezone as { value?: unknown }).value : undefined;
  return {
    translate: (key, values) => i18n.translate(key, values),
    formatNumber: (value, options) => i18n.formatNumber(value, options),
    formatCurrency: (value, options) => i18n.formatCurrency(value, options),
    formatDate: (value, options) => i18n.formatDate(value, options),
    timeZone: typeof zone === 'string' ? zone : ownZone(),
  };
}

/** Where Shopify does not tell the buyer's zone, their browser does; said to every formatter, so that all mean the same day. */
function ownZone(): string | undefined {
  try {
    return Intl.DateTimeFormat().resolvedOptions().timeZone || undefined;
  } catch {
    return undefined;
  }
}

const IN_OURS = { inExtensionLocale: true } as const;

export function formatCount(count: number, { formatNumber }: Wording): string {
  return formatNumber(count, IN_OURS);
}

/** A sentence about a number of points: `{{points}}` is written out, and the plural follows it. */
export function sayPoints(key: string, points: number, wording: Wording, values: Values = {}): string {
  return wording.translate(key, { ...values, count: Math.abs(points), points: formatCount(points, wording) });
}

/** Whole sentences one after the other; in Chinese and Japanese the full stop leaves room enough. */
export function joinSentences(locale: string, sentences: readonly string[]): string {
  return sentences.join(/^(zh|ja)\b/i.test(locale) ? '' : ' ');
}

export function formatAmount({ amountMinor, currency, decimals }: Amount, { formatCurrency }: Wording): string {
  const isWhole = amountMinor % 10 ** decimals === 0;
  const digits = isWhole ? 0 : decimals;
  return formatCurrency(amountMinor / 10 ** decimals, {
    ...IN_OURS,
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** 1500 is 15 %. The sign stands in the sentence, where each language puts it. */
export function formatPercent(basisPoints: number, { formatNumber }: Wording): string {
  return formatNumber(basisPoints / 100, IN_OURS);
}

/** 15,000 is 1.5. */
export function formatFactor(basisPoints: number, { formatNumber }: Wording): string {
  return formatNumber(basisPoints / 10_000, IN_OURS);
}

/** The buyer's day of an instant; null when it is none. */
export function formatInstant(at: string, { formatDate, timeZone }: Wording): string | null {
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return null;
  return formatDate(instant, { ...IN_OURS, ...zoned(timeZone), year: 'numeric', month: 'long', day: 'numeric' });
}

/** A calendar day of the shop, `2027-03-31`, which is the same day wherever it is read; null when it is none. */
export function formatDay(day: string, { formatDate }: Wording): string | null {
  const noon = new Date(`${day}T12:00:00Z`);
  if (Number.isNaN(noon.getTime())) return null;
  return formatDate(noon, { ...IN_OURS, timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' });
}

/** Until when something works. Where a day of the shop ends at another hour for the buyer, the hour is part of the truth. */
export function formatEnd(at: string, wording: Wording): string | null {
  const end = new Date(at);
  if (Number.isNaN(end.getTime())) return null;
  const { formatDate, timeZone } = wording;
  if (endsWithTheDay(end, zoned(timeZone))) return formatInstant(at, wording);
  return formatDate(end, {
    ...IN_OURS,
    ...zoned(timeZone),
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  });
}

function zoned(timeZone: string | undefined): { timeZone?: string } {
  return timeZone === undefined ? {} : { timeZone };
}

function endsWithTheDay(end: Date, zone: { timeZone?: string }): boolean {
  const clock = new Intl.DateTimeFormat('en-GB', { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return clock.format(end) === '23:59';
}

/**
 * The merchant's own texts go before ours; a plural of theirs may be one text or `key.one`, `key.other`. One that has a gap
 * which nothing fills is passed over.
 */
export function withTexts(wording: Wording, texts: Record<string, string>, locale: string): Wording {
  if (Object.keys(texts).length === 0) return wording;
  return {
    ...wording,
    translate: (key, values = {}) => {
      const { count } = values;
      const plural = typeof count === 'number' ? texts[`${key}.${pluralOf(count, locale)}`] ?? texts[`${key}.other`] : undefined;
      const text = plural ?? texts[key];
      return (text && fill(text, values)) || wording.translate(key, values);
    },
  };
}

function fill(text: string, values: Values): string | null {
  let isWhole = true;
  const filled = text.replace(/\{\{\s*(\w+)\s*\}\}/g, (gap, name: string) => {
    const value = values[name];
    // What every object has by birth is neither.
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    isWhole = false;
    return gap;
  });
  return isWhole ? filled : null;
}

function pluralOf(count: number, locale: string): string {
  try {
    return new Intl.PluralRules(locale).select(count);
  } catch {
    return 'other';
  }
}
