import type { TFunction } from 'i18next';

import { createFormats } from '#app/components/formats.tsx';
import type { Formats } from '#app/components/formats.tsx';
import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import { instanceOf } from '#app/i18n/i18n.ts';
import type { Language } from '#app/i18n/languages.ts';
import { reportCatalogues } from '#app/i18n/report-catalogues.ts';
import type { PrintedReport } from '../compute-report.ts';

/** What every part of the report is told with. */
export interface Telling {
  language: Language;
  report: PrintedReport;
  t: TFunction<readonly ['report', 'metrics', 'groups']>;
  formats: ReportFormats;
}

export interface ReportFormats extends Formats {
  /** Minor units of the report's currency; a dash when it is not known. */
  amount: (minor: number | null) => string;
  /** The same to whole units of the currency: for axes, totals and what is only expected. */
  wholeAmount: (minor: number | null) => string;
  share: (fraction: number | null) => string;
  /** Up to one decimal, for days. */
  days: (value: number | null) => string;
  /** A cohort's name: a month, a week or a quarter. */
  cohort: (name: string) => string;
  number: (value: number | null, digits: number) => string;
}

export const UNKNOWN = '–';

export function tellingOf(report: PrintedReport, language: Language): Telling {
  const t = instanceOf(language, reportCatalogues).getFixedT(language, ['report', 'metrics', 'groups'] as const);
  return { language, report, t, formats: formatsOf(report, language) };
}

function formatsOf({ currency }: PrintedReport, language: Language): ReportFormats {
  const formats = createFormats(language);
  const whole = new Intl.NumberFormat(language, { style: 'currency', currency, maximumFractionDigits: 0 });
  const days = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const numbers = new Map<number, Intl.NumberFormat>();
  const numberIn = (digits: number): Intl.NumberFormat => {
    const known = numbers.get(digits) ?? new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    numbers.set(digits, known);
    return known;
  };
  return {
    ...formats,
    amount: (minor) => (minor === null ? UNKNOWN : formats.money(minor, currency)),
    wholeAmount: (minor) => (minor === null ? UNKNOWN : whole.format(decimalOfMinorUnits(Math.round(minor), currency))),
    share: (fraction) => (fraction === null ? UNKNOWN : formats.percent(fraction)),
    days: (value) => (value === null ? UNKNOWN : days.format(value)),
    cohort: (name) => (/^\d{4}-\d{2}$/.test(name) ? formats.month(name) : name),
    number: (value, digits) => (value === null || !Number.isFinite(value) ? UNKNOWN : numberIn(digits).format(value)),
  };
}
