import { lastDaysOfStates } from '#app/domain/retention/metrics/lifecycle.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import type { Language } from '#app/i18n/languages.ts';
import type { PrintedReport } from '../compute-report.ts';
import { againSection } from './again-section.ts';
import { monthsSection, retentionSection, worthSection } from './cohort-sections.ts';
import { groupsSection, stagesSection } from './customer-sections.ts';
import { futureSection } from './future-section.ts';
import { inputsSection, valueSection } from './money-sections.ts';
import { numbersSection } from './numbers-section.ts';
import { productsSection } from './products-section.ts';
import type { ReportSection } from './report-section.ts';
import { tellingOf } from './telling.ts';
import type { Telling } from './telling.ts';

/** The whole report in words and shown numbers. */
export interface ToldReport {
  language: Language;
  title: string;
  /** What it speaks of: how many orders, from when to when, in which currency and time zone. */
  scope: string;
  asOf: string;
  leftOut: string;
  /** Said when it is not our own way of counting. */
  preset: string | null;
  tiles: readonly Tile[];
  inShortTitle: string;
  inShort: readonly string[];
  sections: readonly ReportSection[];
  words: { formula: string; howCounted: string; footer: string };
}

export interface Tile {
  label: string;
  value: string;
  beside: string;
}

export function tellReport(report: PrintedReport, language: Language): ToldReport {
  const telling = tellingOf(report, language);
  const { t, formats } = telling;
  const sections = [
    numbersSection(telling),
    monthsSection(telling),
    retentionSection(telling),
    againSection(telling),
    worthSection(telling),
    groupsSection(telling),
    stagesSection(telling),
    futureSection(telling),
    valueSection(telling),
    productsSection(telling),
    inputsSection(telling),
  ];
  return {
    language,
    title: t('title'),
    scope: scopeOf(telling, language),
    asOf: t('asOf', { asOf: formats.day(report.asOf) }),
    leftOut: leftOutOf(telling),
    preset: otherCountingOf(telling),
    tiles: tilesOf(telling),
    inShortTitle: t('inShort'),
    inShort: inShortOf(telling),
    sections: report.inputs.counted === 0 ? [inputsSection(telling)] : sections.filter((section) => section !== null),
    words: { formula: t('formula'), howCounted: t('howCounted'), footer: t('footer') },
  };
}

function scopeOf({ report, t, formats }: Telling, language: Language): string {
  const { firstOrderAt, lastOrderAt, counted } = report.inputs;
  if (firstOrderAt === null || lastOrderAt === null) return t('scopeEmpty', { asOf: formats.day(report.asOf) });
  const { timeZone, currency } = report;
  const dayOf = (instant: string) => new Intl.DateTimeFormat('sv', { timeZone }).format(Date.parse(instant));
  const from = formats.day(dayOf(firstOrderAt));
  const to = formats.day(dayOf(lastOrderAt));
  const scope = t('scope', { count: counted, number: formats.count(counted), currency, from, to, timeZone });
  return joinSentences(language, [scope, report.cut === undefined ? null : t('scopeCut', { cut: report.cut })]);
}

function leftOutOf({ report, t, formats }: Telling): string {
  const { excluded, inOtherCurrency, afterAsOf } = report.inputs;
  const numbers = { ...excluded, otherCurrency: inOtherCurrency, afterAsOf };
  const reasons = (['test', 'deleted', 'cancelled', 'refunded', 'unknownState', 'otherCurrency', 'afterAsOf'] as const)
    .filter((reason) => numbers[reason] > 0)
    .map((reason) => t(`metrics:excluded.${reason}`, { number: formats.count(numbers[reason]) }));
  return reasons.length === 0 ? t('allCounted') : t('leftOut', { reasons: reasons.join(t('metrics:separator')) });
}

function otherCountingOf({ report: { preset, value }, t }: Telling): string | null {
  const first = preset === 'perennial' ? null : t('metrics:counting.asShopifyCounts');
  const second = value === 'goods' ? null : t('metrics:counting.revenue', { worth: t(`metrics:counting.worth.${value}`) });
  return first === null || second === null ? (first ?? second) : t('metrics:counting.both', { first, second });
}

function tilesOf({ report: { trailing365, overall }, t, formats }: Telling): Tile[] {
  const tile = (metric: 'repeatPurchaseRate' | 'purchaseFrequency' | 'averageOrderValue' | 'customerValue' | 'customers', show: (basics: typeof overall) => string): Tile => ({
    label: t(`metrics:${metric}.label`),
    value: show(trailing365),
    beside: t('metrics:allTime', { value: show(overall) }),
  });
  return [
    tile('repeatPurchaseRate', ({ repeatPurchaseRate }) => formats.share(repeatPurchaseRate)),
    tile('purchaseFrequency', ({ purchaseFrequency }) => formats.number(purchaseFrequency, 2)),
    tile('averageOrderValue', ({ aovMinor }) => formats.amount(aovMinor)),
    tile('customerValue', ({ customerValueMinor }) => formats.amount(customerValueMinor)),
    tile('customers', ({ customers }) => formats.count(customers)),
  ];
}

const MATURITY = '90';

/** What somebody should know who reads no further. */
function inShortOf({ report, t, formats }: Telling): string[] {
  const { maturedRepeatRate, daysBetweenOrders, lifecycle, overall, predictions } = report;
  const sentences: string[] = [];
  const { rate } = maturedRepeatRate[MATURITY];
  if (rate !== null) sentences.push(t('short.matured', { days: MATURITY, rate: formats.share(rate) }));
  const { median, p90 } = daysBetweenOrders;
  if (median !== null && p90 !== null) sentences.push(t('short.gaps', { median: formats.days(median), p90: formats.days(p90) }));
  const { repeatOrderShare, repeatRevenueShare } = overall;
  if (repeatOrderShare !== null && repeatRevenueShare !== null) {
    sentences.push(t('short.repeatShare', { orders: formats.share(repeatOrderShare), revenue: formats.share(repeatRevenueShare) }));
  }
  if (overall.customers > 0) {
    const { lapsed } = lifecycle.states;
    const share = formats.share(lapsed / overall.customers);
    const days = formats.days(lastDaysOfStates(lifecycle.upToDays).atRisk);
    sentences.push(t('short.lapsed', { number: formats.count(lapsed), customers: formats.count(overall.customers), share, days }));
  }
  const likely = predictions.intervals?.expectedOrders[80];
  if (predictions.inUse === 'model' && predictions.expectedOrders !== null && likely !== undefined) {
    sentences.push(
      t('short.expected', {
        days: predictions.horizonDays,
        orders: formats.number(predictions.expectedOrders, 0),
        low: formats.number(likely.low, 0),
        high: formats.number(likely.high, 0),
        revenue: formats.wholeAmount(predictions.expectedRevenueMinor),
      }),
    );
  }
  return sentences;
}
