import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { currencyExponent } from '#app/domain/money/currency.ts';
import { cutFromQuery, FIRST_PRODUCT, TIER } from '#app/domain/retention/columns/cut-query.ts';
import type { Cut } from '#app/domain/retention/columns/cut-query.ts';
import { ORDER_DIMENSIONS } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderDimension } from '#app/domain/retention/columns/order-columns.ts';
import type { CountingPreset, OrderValueVariant } from '#app/domain/retention/metrics/order-value.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import { startOfDay, UnknownTimeZoneError } from '#app/domain/time/day-of-instant.ts';
import { LANGUAGES } from '#app/i18n/languages.ts';
import type { Language } from '#app/i18n/languages.ts';

export const REPORT_HELP = `Usage: npm run --silent report -- --orders FILE [options]
       npm run --silent report -- --shop DOMAIN [options]

Computes who comes back, from a Shopify orders export (admin, Orders, Export) or from the database.
An export needs no database and no environment. Without --json, --customers or --html, prints the main numbers.

  --orders FILE        .csv or .csv.gz; - reads standard input
  --shop DOMAIN        example.myshopify.com, from the database that DATABASE_URL names

  --as-of YYYY-MM-DD   the last day that counts; default: the day of the last order, not later than today
  --time-zone ZONE     the shop's IANA time zone, such as Europe/London; default: UTC, or what the database knows
  --currency CODE      read only orders in it; default: the currency that most orders have
  --count-as NAME      perennial, or shopify: a fully refunded order is a purchase too; default: what the merchant
                       chose, and perennial for an export. --preset is the same
  --value NAME         what an order is worth: net (goods after discounts and refunds), before-refunds, or with tax and
                       shipping: total, total-before-refunds; default: what the merchant chose, and net for an export
  --period NAME        of the cohorts: month (default), week, quarter, rolling30
  --lifespan-years N   for the simple CLV; default: 3
  --discount-rate R    of the predicted CLV, a share a month such as 0.01; default: none
  --cut BY:VALUE       only customers whose first order has it, such as country:GB, channel:web, discountCode:SPRING,
                       region:, presentmentCurrency: or firstProduct:SKU; ~ is what is not known
  --referrals BY:VALUES  first orders by which of them came of a referral, such as discountCode:FRIEND,AMI or
                       channel:referral: adds the referral rate

  --json               one JSON document on standard output, and nothing else there
  --customers OUT.csv  one row a customer
  --html OUT.html      one page with charts that opens, mails and prints by itself
  --language CODE      of that page and of the text: en (default) or zh-CN
  --help               this text

Exit code 0: done, though single lines may have been left out (they are named on standard error). 1: nothing could be
computed. 2: the command is not right.`;

/** What is wrong with the command, in words. */
export class ReportUsageError extends Error {
  override readonly name = 'ReportUsageError';
}

export const COHORT_PERIODS = ['month', 'week', 'quarter', 'rolling30'] as const;
export type CohortPeriodName = (typeof COHORT_PERIODS)[number];

export interface ReportOptions {
  source: { kind: 'file'; path: string } | { kind: 'stdin' } | { kind: 'shop'; domain: string };
  asOfDay: number | null;
  /** IANA name; null when none was given. */
  timeZone: string | null;
  currency: string | null;
  /** Null: as the shop's merchant chose, and Perennial's own way where nobody did. */
  preset: CountingPreset | null;
  value: OrderValueVariant | null;
  period: CohortPeriodName;
  lifespanYears: number | null;
  /** A share a month. */
  monthlyDiscountRate: number;
  /** Null for everybody. */
  cut: Cut | null;
  /** How an order shows that it was referred; null where nobody said it. */
  referrals: { dimension: OrderDimension; values: string[] } | null;
  json: boolean;
  customersPath: string | null;
  htmlPath: string | null;
  language: Language;
}

/** @throws ReportUsageError */
export function parseReportOptions(words: readonly string[], folder: string): ReportOptions | 'help' {
  const values = readWords(words);
  if (values.help === true) return 'help';
  const pathOf = (path: string | undefined) => (path === undefined ? null : resolve(folder, path));
  const source = sourceOf(values.orders, values.shop, folder);
  const [customersPath, htmlPath] = [pathOf(values.customers), pathOf(values.html)];
  refuseToOverwrite({ source, customersPath, htmlPath }, values);
  return {
    source,
    asOfDay: values['as-of'] === undefined ? null : dayOf(values['as-of']),
    timeZone: values['time-zone'] === undefined ? null : zoneOf(values['time-zone']),
    currency: values.currency === undefined ? null : currencyOf(values.currency),
    preset: presetOf(values['count-as'], values.preset),
    value: values.value === undefined ? null : VALUES[oneOf('--value', values.value, VALUE_NAMES)],
    period: oneOf('--period', values.period ?? 'month', COHORT_PERIODS),
    lifespanYears: values['lifespan-years'] === undefined ? null : yearsOf(values['lifespan-years']),
    monthlyDiscountRate: values['discount-rate'] === undefined ? 0 : discountRateOf(values['discount-rate']),
    cut: values.cut === undefined ? null : cutOf(values.cut),
    referrals: values.referrals === undefined ? null : referralsOf(values.referrals),
    json: values.json ?? false,
    customersPath,
    htmlPath,
    language: oneOf('--language', values.language ?? 'en', LANGUAGES),
  };
}

function readWords(words: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const options = {
      orders: text, shop: text, 'as-of': text, 'time-zone': text, currency: text, 'count-as': text, preset: text, value: text, period: text,
      'lifespan-years': text, 'discount-rate': text, cut: text, referrals: text, json: flag, customers: text, html: text, language: text, help: flag,
    };
    return parseArgs({ args: [...words], options, allowPositionals: false }).values;
  } catch (error) {
    throw new ReportUsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function sourceOf(orders: string | undefined, shop: string | undefined, folder: string): ReportOptions['source'] {
  if (orders !== undefined && shop !== undefined) throw new ReportUsageError('Give --orders or --shop, not both.');
  if (shop !== undefined) return { kind: 'shop', domain: shop };
  if (orders === undefined || orders === '') throw new ReportUsageError('Say what to read: --orders FILE or --shop DOMAIN.');
  return orders === '-' ? { kind: 'stdin' } : { kind: 'file', path: resolve(folder, orders) };
}

/** A slip of the hand must not cost a merchant the export that is read. */
function refuseToOverwrite(
  { source, customersPath, htmlPath }: Pick<ReportOptions, 'source' | 'customersPath' | 'htmlPath'>,
  { customers = '', html = '' }: { customers?: string | undefined; html?: string | undefined },
): void {
  const readPath = source.kind === 'file' ? source.path : null;
  if (readPath !== null && customersPath === readPath) throw new ReportUsageError(`--customers ${customers}: that is the file that is read.`);
  if (readPath !== null && htmlPath === readPath) throw new ReportUsageError(`--html ${html}: that is the file that is read.`);
  if (htmlPath !== null && htmlPath === customersPath) throw new ReportUsageError(`--html ${html}: the customers go there.`);
}

function dayOf(text: string): number {
  const day = parseDay(text);
  if (day === null) throw new ReportUsageError(`--as-of ${text}: not a day. It is written YYYY-MM-DD, as 2026-11-21.`);
  return day;
}

function zoneOf(text: string): string {
  try {
    startOfDay(0, text);
    return text;
  } catch (error) {
    if (!(error instanceof UnknownTimeZoneError)) throw error;
    throw new ReportUsageError(`--time-zone ${text}: not an IANA time zone, such as Europe/London.`, { cause: error });
  }
}

function currencyOf(text: string): string {
  const code = text.toUpperCase();
  if (currencyExponent(code) === null) throw new ReportUsageError(`--currency ${text}: not a currency, such as EUR.`);
  return code;
}

const VALUES = {
  net: 'goods',
  'before-refunds': 'goodsBeforeRefunds',
  total: 'total',
  'total-before-refunds': 'totalBeforeRefunds',
} as const satisfies Record<string, OrderValueVariant>;
const VALUE_NAMES = ['net', 'before-refunds', 'total', 'total-before-refunds'] as const satisfies readonly (keyof typeof VALUES)[];

function presetOf(countAs: string | undefined, preset: string | undefined): CountingPreset | null {
  if (countAs !== undefined && preset !== undefined) throw new ReportUsageError('Give --count-as or --preset, not both: they are the same.');
  const [option, name] = countAs === undefined ? ['--preset', preset] : ['--count-as', countAs];
  if (name === undefined) return null;
  return oneOf(option, name, ['perennial', 'shopify']) === 'shopify' ? 'asShopifyCounts' : 'perennial';
}

function yearsOf(text: string): number {
  const years = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(years > 0 && years <= 100)) throw new ReportUsageError(`--lifespan-years ${text}: not a number of years above 0.`);
  return years;
}

function discountRateOf(text: string): number {
  const rate = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(rate >= 0 && rate < 1)) throw new ReportUsageError(`--discount-rate ${text}: not a share a month, from 0 to less than 1.`);
  return rate;
}

function cutOf(text: string): Cut {
  const cut = cutFromQuery(text);
  // A file of orders knows no tiers.
  if (cut === null || cut.value === '' || cut.dimension === TIER) {
    throw new ReportUsageError(`--cut ${text}: it is written BY:VALUE, by ${[...ORDER_DIMENSIONS, FIRST_PRODUCT].join(', ')}.`);
  }
  return cut;
}

function referralsOf(text: string): { dimension: OrderDimension; values: string[] } {
  const colon = text.indexOf(':');
  const dimension = ORDER_DIMENSIONS.find((known) => known === text.slice(0, colon));
  const values = text.slice(colon + 1).split(',').map((value) => value.trim()).filter((value) => value !== '');
  if (dimension === undefined || values.length === 0) {
    throw new ReportUsageError(`--referrals ${text}: it is written BY:VALUE,VALUE, by ${ORDER_DIMENSIONS.join(', ')}.`);
  }
  return { dimension, values };
}

function oneOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const name = names.find((candidate) => candidate === text);
  if (name === undefined) throw new ReportUsageError(`${option} ${text}: it can be ${names.join(', ')}.`);
  return name;
}
