import type { ShopperLocale } from './surfaces.ts';
import type { Words } from './surface-words.ts';

type Values = Readonly<Record<string, string | number>>;

/** As app/contracts/amount.ts has it. */
interface Amount {
  readonly amountMinor: number;
  readonly currency: string;
  readonly decimals: number;
}

/**
 * How a surface writes in one language, for previews: the same words, gaps, plurals and numbers as in the extensions, whose
 * own code a published bundle carries (extensions/shopper-kit). A test holds the two side by side.
 */
export interface ShopperWording {
  readonly locale: ShopperLocale;
  /** With `count` among the values, the plural form of the language. */
  say(key: string, values?: Values): string;
  /** `{{points}}` is written out, and the plural follows it. */
  points(key: string, points: number, values?: Values): string;
  count(value: number): string;
  /** With its sign, as in a ledger. */
  signed(value: number): string;
  amount(amount: Amount): string;
  /** 1500 is 15; the sign stands in the sentence. */
  percent(basisPoints: number): string;
  /** 15,000 is 1.5. */
  factor(basisPoints: number): string;
  /** The day of an instant; ISO 8601 in UTC. */
  instant(at: string): string;
  /** A calendar day of the shop: `2027-03-31`. */
  day(day: string): string;
  /** Until when something works: with the hour where that is not the end of a day. */
  end(at: string): string;
}

interface WordingInput {
  readonly locale: ShopperLocale;
  readonly ours: Words;
  /** The merchant's, where they wrote some. */
  readonly own: Words;
  readonly timeZone: string;
}

const LONG_DAY = { year: 'numeric', month: 'long', day: 'numeric' } as const;

export function createShopperWording({ locale, ours, own, timeZone }: WordingInput): ShopperWording {
  const plurals = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'always' });
  const shopDay = new Intl.DateTimeFormat(locale, { ...LONG_DAY, timeZone });
  const calendarDay = new Intl.DateTimeFormat(locale, { ...LONG_DAY, timeZone: 'UTC' });
  const shopClock = new Intl.DateTimeFormat(locale, { ...LONG_DAY, timeZone, hour: 'numeric', minute: '2-digit' });
  const isDayEnd = (at: Date) => new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at) === '23:59';
  const find = (words: Words, key: string, values: Values): string | undefined => {
    const form = typeof values['count'] === 'number' ? plurals.select(values['count']) : 'other';
    const text = words[`${key}.${form}`] ?? words[`${key}.other`] ?? words[key];
    return text === undefined || text === '' ? undefined : text;
  };
  const say = (key: string, values: Values = {}): string => {
    const text = find(own, key, values);
    return (text !== undefined && fillWhole(text, values)) || fill(find(ours, key, values) ?? key, values);
  };
  return {
    locale,
    say,
    points: (key, points, values) => say(key, { ...values, count: Math.abs(points), points: number.format(points) }),
    count: (value) => number.format(value),
    signed: (value) => signed.format(value),
    amount: (amount) => formatAmount(amount, locale),
    percent: (basisPoints) => number.format(basisPoints / 100),
    factor: (basisPoints) => number.format(basisPoints / 10_000),
    instant: (at) => shopDay.format(new Date(at)),
    day: (day) => calendarDay.format(new Date(`${day}T12:00:00Z`)),
    end: (at) => (isDayEnd(new Date(at)) ? shopDay : shopClock).format(new Date(at)),
  };
}

/** Without cents where there are none. */
function formatAmount({ amountMinor, currency, decimals }: Amount, locale: string): string {
  const digits = amountMinor % 10 ** decimals === 0 ? 0 : decimals;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
  return format.format(amountMinor / 10 ** decimals);
}

const GAP = /\{\{\s*(\w+)\s*\}\}/g;

function fill(text: string, values: Values): string {
  return text.replace(GAP, (gap, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : gap));
}

/** Null where a gap would stay open: such a text is passed over. */
function fillWhole(text: string, values: Values): string | null {
  const isWhole = [...text.matchAll(GAP)].every(([, name = '']) => Object.hasOwn(values, name));
  return isWhole ? fill(text, values) : null;
}
