import { cohortTableOf, shadeOf } from '#app/components/retention/cohort-table.ts';
import { requireCurrencyExponent } from '#app/domain/money/currency.ts';
import { CALENDARS } from '#app/domain/retention/metrics/calendar-periods.ts';
import type { CalendarPeriod, CohortRow } from '#app/domain/retention/report/report.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import { text } from './report-section.ts';
import type { Cell, Figure, ReportSection, Table } from './report-section.ts';
import type { Telling } from './telling.ts';

const ROWS_SHOWN = 24;
const OFFSETS_SHOWN = 12;
/** Lines beyond these cross so often that none can be followed. */
const LINES_SHOWN = 5;
/** Units of the currency. */
const WHOLE_AMOUNTS_FROM = 100;

interface CohortsAtHand {
  rows: readonly CohortRow[];
  incompletePeriod: string | null;
}

/** Rolling periods have no calendar, so no customers by month. */
function cohortsOf({ report: { cohorts } }: Telling): CohortsAtHand {
  return { rows: cohorts.rows, incompletePeriod: cohorts.period === 'rolling30Days' ? null : cohorts.incompletePeriod };
}

/** New customers are a cohort's size; those who returned are the active ones of every cohort before, in that period. */
export function monthsSection(telling: Telling): ReportSection | null {
  const { report, t, formats } = telling;
  const { cohorts } = report;
  const oldest = cohorts.rows[0];
  if (cohorts.period === 'rolling30Days' || oldest === undefined) return null;
  // Rows end at the as-of day's period, so the entry of a row counted from its end is the same period in all of them.
  const periods = namesOfPeriods(report.asOf, cohorts.period, oldest.active.length);
  const sums = periods.map((name, index) => sumPeriod(cohorts.rows, { name, fromEnd: periods.length - 1 - index }));
  const shown = sums.slice(-ROWS_SHOWN);
  const isMonth = cohorts.period === 'month';
  return {
    id: 'months',
    title: isMonth ? t('months.title') : t('months.titlePeriod'),
    lead: t('months.lead'),
    figures: [
      {
        title: null,
        chart: {
          kind: 'columns',
          label: t('months.chart'),
          parts: [t('months.returning'), t('months.new')],
          columns: shown.map(({ name, fresh, returning }) => ({
            name: formats.cohort(name),
            values: [returning, fresh],
            isRunning: name === cohorts.incompletePeriod,
          })),
          format: formats.count,
        },
        table: {
          caption: t('months.caption'),
          columns: [
            { label: t('months.month'), isNumber: false },
            { label: t('months.new'), isNumber: true },
            { label: t('months.returning'), isNumber: true },
            { label: t('months.orders'), isNumber: true },
            { label: t('months.revenue'), isNumber: true },
          ],
          rows: shown.map(({ name, fresh, returning, orders, revenueMinor }) =>
            [formats.cohort(name), formats.count(fresh), formats.count(returning), formats.count(orders), formats.amount(revenueMinor)].map(
              (shownText): Cell => ({ text: shownText, isRunning: name === cohorts.incompletePeriod }),
            ),
          ),
        },
        note: cohorts.incompletePeriod === null ? null : t('months.running', { month: formats.cohort(cohorts.incompletePeriod) }),
      },
    ],
    definitions: [{ term: t('months.newTerm'), words: t('months.newWords'), formula: t('months.newFormula') }],
  };
}

interface PeriodSums {
  name: string;
  fresh: number;
  returning: number;
  orders: number;
  revenueMinor: number;
}

function sumPeriod(rows: readonly CohortRow[], { name, fromEnd }: { name: string; fromEnd: number }): PeriodSums {
  const sums = { name, fresh: 0, returning: 0, orders: 0, revenueMinor: 0 };
  for (const row of rows) {
    const index = row.active.length - 1 - fromEnd;
    if (index < 0) continue;
    if (index === 0) sums.fresh += row.size;
    else sums.returning += row.active[index] ?? NaN;
    sums.orders += row.orders[index] ?? NaN;
    sums.revenueMinor += row.revenueMinor[index] ?? NaN;
  }
  return sums;
}

/** From the period of the first cohort to that of the as-of day, those without new customers too, which have no row. */
function namesOfPeriods(asOf: string, period: CalendarPeriod, count: number): string[] {
  const { periodOfDay, format } = CALENDARS[period];
  const last = periodOfDay(parseDay(asOf) ?? NaN);
  return Array.from({ length: count }, (_, index) => format(last - (count - 1 - index)));
}

export function retentionSection(telling: Telling): ReportSection {
  const { report, t } = telling;
  const { weightedCurve, period } = report.cohorts;
  const { rows, incompletePeriod } = cohortsOf(telling);
  const points = weightedCurve.filter(({ offset }) => offset > 0).slice(0, ROWS_SHOWN);
  return {
    id: 'retention',
    title: period === 'month' ? t('retention.title') : t('retention.titlePeriod'),
    lead: t('retention.lead'),
    figures: points.length === 0 ? [] : [matrixFigure(telling), curveFigure(telling, points)],
    definitions:
      points.length === 0
        ? [{ term: t('retention.title'), words: t('retention.tooYoung'), formula: '' }]
        : [
            { term: t('retention.retentionTerm'), words: t('retention.retentionWords'), formula: t('retention.retentionFormula') },
            { term: t('retention.averageTerm'), words: t('retention.averageWords'), formula: t('retention.averageFormula') },
          ],
  };

  function matrixFigure({ formats }: Telling): Figure {
    const table = cohortTableOf({ rows, weightedCurve, incompletePeriod }, { measure: 'retention', cohorts: ROWS_SHOWN });
    const offsets = Math.min(table.offsets, OFFSETS_SHOWN);
    const averages = table.averages.slice(0, offsets).map((share) => ({ text: share === null ? '' : formats.share(share), isStrong: true }));
    const lines = table.rows.map(({ cohort, size, cells }) => [
      text(formats.cohort(cohort)),
      text(formats.count(size)),
      ...cells.slice(0, offsets).map(({ value, isRunning }): Cell => ({
        text: formats.share(value),
        isRunning,
        ...(isRunning ? {} : { shade: shadeOf(value, table.highest) }),
      })),
    ]);
    const average = [{ text: t('retention.average'), isStrong: true }, text(''), ...averages];
    return {
      title: null,
      chart: null,
      table: { caption: t('retention.matrixCaption'), columns: matrixColumns(telling, offsets), rows: [average, ...lines], isMatrix: true },
      note: matrixNotes(telling, { rows, incompletePeriod }),
    };
  }
}

function curveFigure({ t, formats }: Telling, points: readonly { offset: number; customers: number; active: number; retention: number }[]): Figure {
  return {
    title: t('retention.curveTitle'),
    chart: {
      kind: 'lines',
      label: t('retention.curve'),
      xTitle: t('retention.after'),
      xNames: points.map(({ offset }) => String(offset)),
      lines: [{ name: t('retention.rate'), values: points.map(({ retention }) => retention) }],
      format: formats.wholePercent,
    },
    table: {
      caption: t('retention.curveCaption'),
      columns: [
        { label: t('retention.after'), isNumber: false },
        { label: t('retention.customers'), isNumber: true },
        { label: t('retention.active'), isNumber: true },
        { label: t('retention.rate'), isNumber: true },
      ],
      rows: points.map(({ offset, customers, active, retention }) =>
        [String(offset), formats.count(customers), formats.count(active), formats.share(retention)].map(text),
      ),
    },
    note: null,
  };
}

export function worthSection(telling: Telling): ReportSection | null {
  const { t, formats } = telling;
  const cohorts = cohortsOf(telling);
  const shown = cohorts.rows.slice(-ROWS_SHOWN);
  const longest = Math.max(0, ...shown.map((row) => row.active.length));
  if (longest < 2) return null;
  const offsets = Math.min(longest - 1, OFFSETS_SHOWN);
  // Pence of some hundred pounds are no help, and all columns have to fit a page.
  const highest = Math.max(...shown.flatMap((row) => row.cumulativeRevenuePerCustomerMinor));
  const amount = highest >= WHOLE_AMOUNTS_FROM * 10 ** requireCurrencyExponent(telling.report.currency) ? formats.wholeAmount : formats.amount;
  const worthOf = (row: CohortRow, offset: number) => row.cumulativeRevenuePerCustomerMinor[offset];
  const oldest = shown.slice(0, LINES_SHOWN);
  const table: Table = {
    caption: t('worth.caption'),
    columns: [...matrixColumns(telling, offsets).slice(0, 2), { label: '0', isNumber: true }, ...matrixColumns(telling, offsets).slice(2)],
    rows: shown.map((row) => [
      text(formats.cohort(row.cohort)),
      text(formats.count(row.size)),
      ...Array.from({ length: Math.min(offsets + 1, row.active.length) }, (_, offset) => ({
        text: amount(worthOf(row, offset) ?? null),
        isRunning: cohorts.incompletePeriod !== null && offset === row.active.length - 1,
      })),
    ]),
    isMatrix: true,
  };
  return {
    id: 'worth',
    title: t('worth.title'),
    lead: t('worth.lead'),
    figures: [
      {
        title: null,
        chart: {
          kind: 'lines',
          label: t('worth.chart'),
          xTitle: t('retention.after'),
          xNames: Array.from({ length: offsets + 1 }, (_, offset) => String(offset)),
          lines: oldest.map((row) => ({
            name: formats.cohort(row.cohort),
            values: Array.from({ length: offsets + 1 }, (_, offset) => worthOf(row, offset) ?? null),
          })),
          format: amount,
        },
        table,
        note: matrixNotes(telling, cohorts),
      },
    ],
    definitions: [{ term: t('worth.term'), words: t('worth.words'), formula: t('worth.formula') }],
  };
}

function matrixColumns({ t }: Telling, offsets: number): Table['columns'] {
  return [
    { label: t('retention.cohort'), isNumber: false },
    { label: t('retention.size'), isNumber: true },
    ...Array.from({ length: offsets }, (_, index) => ({ label: String(index + 1), isNumber: true })),
  ];
}

function matrixNotes({ language, t, formats }: Telling, { rows, incompletePeriod }: CohortsAtHand): string | null {
  const longest = Math.max(0, ...rows.map((row) => row.active.length)) - 1;
  const isClipped = rows.length > ROWS_SHOWN || longest > OFFSETS_SHOWN;
  const notes = [
    incompletePeriod === null ? null : t('retention.running'),
    isClipped ? t('retention.clipped', { rows: formats.count(ROWS_SHOWN), columns: formats.count(OFFSETS_SHOWN) }) : null,
  ];
  return joinSentences(language, notes) || null;
}
