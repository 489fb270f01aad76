import type { Product } from '#app/domain/retention/products/line-columns.ts';
import type { RetentionReport } from '#app/domain/retention/report/report.ts';
import { text } from './report-section.ts';
import type { Figure, ReportSection } from './report-section.ts';
import type { Telling } from './telling.ts';

const ROWS_SHOWN = 15;

export function productsSection(telling: Telling): ReportSection | null {
  const { report, t } = telling;
  const { replenishment, boughtTogether, boughtTogetherBasis, firstProducts } = report;
  if (replenishment === null || boughtTogether === null || boughtTogetherBasis === null || firstProducts === null) return null;
  if (boughtTogetherBasis.baskets === 0) return null;
  return {
    id: 'products',
    title: t('products.title'),
    lead: t('products.lead'),
    figures: [firstFigure(telling, firstProducts), replenishFigure(telling, replenishment), togetherFigure(telling, boughtTogether)],
    definitions: [
      { term: t('products.firstTerm'), words: t('products.firstWords'), formula: t('products.firstFormula') },
      { term: t('products.replenishTerm'), words: t('products.replenishWords'), formula: t('products.replenishFormula') },
      { term: t('products.togetherTerm'), words: t('products.togetherWords'), formula: t('products.togetherFormula') },
    ],
  };
}

const nameOf = ({ title, id }: Product): string => (title === '' ? String(id) : title);

function firstFigure({ t, formats }: Telling, { withinDays, everyone, products }: NonNullable<RetentionReport['firstProducts']>): Figure {
  return {
    title: t('products.firstTitle'),
    chart: null,
    table: {
      caption: t('products.firstCaption', { days: withinDays }),
      columns: [
        { label: t('products.product'), isNumber: false },
        { label: t('products.matured'), isNumber: true },
        { label: t('products.repeated'), isNumber: true },
        { label: t('products.rate'), isNumber: true },
        { label: t('products.interval'), isNumber: true },
        { label: t('products.standing'), isNumber: false },
      ],
      rows: [
        [t('products.everyone'), formats.count(everyone.matured), formats.count(everyone.repeated), formats.share(everyone.repeatRate), '', ''].map(
          (shown) => ({ text: shown, isStrong: true }),
        ),
        ...products.slice(0, ROWS_SHOWN).map(({ product, matured, repeated, repeatRate, interval, standing }) =>
          [
            nameOf(product),
            formats.count(matured),
            formats.count(repeated),
            formats.share(repeatRate),
            `${formats.wholePercent(interval.low)} – ${formats.wholePercent(interval.high)}`,
            t(`products.${standing}`),
          ].map(text),
        ),
      ],
    },
    note: noteOf({ t, formats }, products.length),
  };
}

function replenishFigure({ t, formats }: Telling, replenishment: NonNullable<RetentionReport['replenishment']>): Figure {
  return {
    title: t('products.replenishTitle'),
    chart: null,
    table: {
      caption: t('products.replenishCaption'),
      columns: [
        { label: t('products.product'), isNumber: false },
        { label: t('products.gaps'), isNumber: true },
        { label: t('products.customers'), isNumber: true },
        { label: t('products.p25'), isNumber: true },
        { label: t('products.median'), isNumber: true },
        { label: t('products.p75'), isNumber: true },
        { label: t('products.due'), isNumber: true },
        { label: t('products.late'), isNumber: true },
      ],
      rows: replenishment.slice(0, ROWS_SHOWN).map(({ product, gaps, customers, p25Days, medianDays, p75Days, due, late }) =>
        [
          nameOf(product),
          ...[gaps, customers].map(formats.count),
          ...[p25Days, medianDays, p75Days].map(formats.days),
          ...[due, late].map(formats.count),
        ].map(text),
      ),
    },
    note: replenishment.length === 0 ? t('products.replenishNone') : noteOf({ t, formats }, replenishment.length),
  };
}

function togetherFigure({ report, t, formats }: Telling, pairs: NonNullable<RetentionReport['boughtTogether']>): Figure {
  const least = report.boughtTogetherBasis?.minimumBaskets ?? 0;
  return {
    title: t('products.togetherTitle'),
    chart: null,
    table: {
      caption: t('products.togetherCaption'),
      columns: [
        { label: t('products.product'), isNumber: false },
        { label: t('products.with'), isNumber: false },
        { label: t('products.baskets'), isNumber: true },
        { label: t('products.support'), isNumber: true },
        { label: t('products.confidence'), isNumber: true },
        { label: t('products.lift'), isNumber: true },
      ],
      rows: pairs.slice(0, ROWS_SHOWN).map(({ a, b, baskets, support, confidenceAToB, lift }) =>
        [nameOf(a), nameOf(b), formats.count(baskets), formats.share(support), formats.share(confidenceAToB), formats.number(lift, 1)].map(text),
      ),
    },
    note: pairs.length === 0 ? t('products.togetherNone', { least: formats.count(least) }) : noteOf({ t, formats }, pairs.length),
  };
}

function noteOf({ t, formats }: Pick<Telling, 't' | 'formats'>, all: number): string | null {
  return all <= ROWS_SHOWN ? null : t('more', { shown: formats.count(ROWS_SHOWN), all: formats.count(all) });
}
