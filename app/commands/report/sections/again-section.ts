import { text } from './report-section.ts';
import type { Chart, Figure, ReportSection } from './report-section.ts';
import type { Telling } from './telling.ts';

const HORIZONS = ['30', '60', '90', '180', '365'] as const;

export function againSection(telling: Telling): ReportSection {
  const { t } = telling;
  return {
    id: 'again',
    title: t('again.title'),
    lead: t('again.lead'),
    figures: [maturedFigure(telling), gapsFigure(telling)],
    definitions: [
      { term: t('again.maturedTerm'), words: t('again.maturedWords'), formula: t('again.maturedFormula') },
      { term: t('again.gapsTerm'), words: t('again.gapsWords'), formula: t('again.gapsFormula') },
    ],
  };
}

function maturedFigure({ report: { maturedRepeatRate }, t, formats }: Telling): Figure {
  const name = (days: string) => t('again.days', { count: Number(days), number: formats.count(Number(days)) });
  const known = HORIZONS.flatMap((days) => {
    const { rate } = maturedRepeatRate[days];
    return rate === null ? [] : [{ name: name(days), value: rate, text: formats.share(rate) }];
  });
  return {
    title: null,
    chart: known.length === 0 ? null : { kind: 'bars', label: t('again.chart'), bars: known },
    table: {
      caption: t('again.caption'),
      columns: [
        { label: t('again.within'), isNumber: false },
        { label: t('again.eligible'), isNumber: true },
        { label: t('again.repeated'), isNumber: true },
        { label: t('again.rate'), isNumber: true },
      ],
      rows: HORIZONS.map((days) => {
        const { eligible, repeated, rate } = maturedRepeatRate[days];
        return [name(days), formats.count(eligible), formats.count(repeated), formats.share(rate)].map(text);
      }),
    },
    note: null,
  };
}

function gapsFigure({ report: { daysBetweenOrders: gaps }, t, formats }: Telling): Figure {
  const measures: [label: string, value: string][] = [
    [t('again.count'), formats.count(gaps.n)],
    [t('again.mean'), formats.days(gaps.mean)],
    [t('again.median'), formats.days(gaps.median)],
    [t('again.p10'), formats.days(gaps.p10)],
    [t('again.p25'), formats.days(gaps.p25)],
    [t('again.p75'), formats.days(gaps.p75)],
    [t('again.p90'), formats.days(gaps.p90)],
    [t('again.first'), formats.days(gaps.firstToSecondMedian)],
    [t('again.second'), formats.days(gaps.secondToThirdMedian)],
    [t('again.third'), formats.days(gaps.thirdToFourthMedian)],
  ];
  return {
    title: t('again.gapsTitle'),
    chart: rangeOf({ ...gaps, label: t('again.gapsChart'), format: formats.days }),
    table: {
      caption: t('again.gapsCaption'),
      columns: [
        { label: t('again.measure'), isNumber: false },
        { label: t('again.gapsTitle'), isNumber: true },
      ],
      rows: measures.map((row) => row.map(text)),
    },
    note: null,
  };
}

interface Quantiles {
  p10: number | null;
  p25: number | null;
  median: number | null;
  p75: number | null;
  p90: number | null;
  label: string;
  format: (value: number) => string;
}

function rangeOf({ p10, p25, median, p75, p90, label, format }: Quantiles): Chart | null {
  if (p10 === null || p25 === null || median === null || p75 === null || p90 === null) return null;
  return { kind: 'range', label, p10, p25, median, p75, p90, format };
}
