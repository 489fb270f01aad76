import type { Backtest, BacktestErrors, Interval } from '#app/domain/retention/report/predictions-report.ts';
import { text } from './report-section.ts';
import type { Definition, Figure, ReportSection } from './report-section.ts';
import type { Telling } from './telling.ts';

export function futureSection(telling: Telling): ReportSection {
  const { report, t } = telling;
  const { backtest } = report;
  const figures = [totalsFigure(telling)];
  if (backtest.ok) figures.push(weeksFigure(telling, backtest), frequencyFigure(telling, backtest));
  return {
    id: 'future',
    title: t('future.title'),
    lead: report.predictions.inUse === 'model' ? t('future.lead') : t('future.leadRule', { why: whyRule(telling) }),
    figures,
    definitions: definitionsOf(telling),
  };
}

function whyRule({ report: { churn }, t, formats }: Telling): string {
  if (churn.fallback === null) return '';
  switch (churn.fallback.reason) {
    case 'too-little-data': {
      const words = { customers: 'needCustomers', historyDays: 'needHistoryDays', customersWithThreeOrders: 'needCustomersWithThreeOrders' } as const;
      const missing = churn.fallback.missing.map(({ what, has, needs }) =>
        t(`future.${words[what]}`, { has: formats.count(has), needs: formats.count(needs) }),
      );
      return t('future.tooLittle', { missing: missing.join(t('metrics:separator')) });
    }
    case 'no-dropout':
      return t('future.noDropout');
    case 'no-fit':
      return t('future.noFit');
    case 'lost-backtest':
      return t('future.lost');
  }
}

function totalsFigure({ report: { predictions, churn }, t, formats }: Telling): Figure {
  const isModel = predictions.inUse === 'model';
  const { expectedOrders: orders, expectedRevenueMinor: revenueMinor, intervals } = isModel ? predictions : predictions.simpleRule;
  const likely = (interval: Interval | undefined, show: (value: number) => string) =>
    interval === undefined ? '' : `${show(interval.low)} – ${show(interval.high)}`;
  const rows = [
    [t('future.orders'), formats.number(orders, 0), likely(intervals?.expectedOrders[80], (value) => formats.number(value, 0))],
    [t('future.revenue'), formats.wholeAmount(revenueMinor), likely(intervals?.expectedRevenueMinor?.[80], formats.wholeAmount)],
    ...(isModel && churn.expectedAlive !== null
      ? [[t('future.alive'), formats.number(churn.expectedAlive, 0), formats.share(churn.meanPAlive)]]
      : []),
    ...(isModel && predictions.customersWithNextOrder !== null
      ? [[t('future.willOrder'), formats.count(predictions.customersWithNextOrder), '']]
      : []),
  ];
  return {
    title: null,
    chart: null,
    table: {
      caption: t('future.caption'),
      columns: [
        { label: t('future.measure'), isNumber: false },
        { label: t('future.value'), isNumber: true },
        { label: t('future.likely'), isNumber: true },
      ],
      rows: rows.map((row) => row.map(text)),
    },
    note: churn.hasDropout === false ? t('future.noDropout') : null,
  };
}

function weeksFigure({ t, formats }: Telling, backtest: Backtest): Figure {
  const { weeks, orders, meanAbsoluteError, rootMeanSquareError, revenueMinor } = backtest;
  const errorsOf = ({ model, lastYearMean, simpleRule }: BacktestErrors) => [model, lastYearMean, simpleRule].map((value) => formats.number(value, 3));
  const whole = weeks.filter(({ days }) => days === 7);
  const heldOutFrom = whole.findIndex(({ isHeldOut }) => isHeldOut);
  return {
    title: t('future.weeksTitle'),
    chart:
      whole.length < 2
        ? null
        : {
            kind: 'lines',
            label: t('future.weeksChart'),
            xTitle: null,
            xNames: whole.map(({ endsOn }) => formats.day(endsOn)),
            lines: [
              { name: t('future.actual'), values: whole.map(({ actualOrders }) => actualOrders) },
              { name: t('future.predicted'), values: whole.map(({ predictedOrders }) => predictedOrders), isDashed: true },
            ],
            ...(heldOutFrom < 0 ? {} : { markFrom: { index: heldOutFrom, name: t('future.told') } }),
            format: (value) => formats.number(value, 0),
          },
    table: {
      caption: t('future.weeksCaption', { days: formats.count(backtest.horizonDays), from: formats.day(backtest.splitAt) }),
      columns: [
        { label: t('future.measure'), isNumber: false },
        { label: t('future.actual'), isNumber: true },
        { label: t('future.byModel'), isNumber: true },
        { label: t('future.byLastYear'), isNumber: true },
        { label: t('future.byRule'), isNumber: true },
      ],
      rows: [
        [t('future.totalOrders'), ...[orders.actual, orders.model, orders.lastYearMean, orders.simpleRule].map((value) => formats.number(value, 0))],
        [t('future.revenue'), formats.wholeAmount(revenueMinor.actual), formats.wholeAmount(revenueMinor.model), '', ''],
        [t('future.error'), '', ...errorsOf(meanAbsoluteError)],
        [t('future.squareError'), '', ...errorsOf(rootMeanSquareError)],
      ].map((row) => row.map(text)),
    },
    note: backtest.modelWins ? t('future.wins') : t('future.loses'),
  };
}

function frequencyFigure({ t, formats }: Telling, { byFrequency }: Backtest): Figure {
  return {
    title: t('future.frequencyTitle'),
    chart: null,
    table: {
      caption: t('future.frequencyCaption'),
      columns: [
        { label: t('future.frequency'), isNumber: false },
        { label: t('future.customers'), isNumber: true },
        { label: t('future.predicted'), isNumber: true },
        { label: t('future.actual'), isNumber: true },
      ],
      rows: byFrequency.map(({ frequency, customers, predictedOrders, actualOrders }) =>
        [frequency, formats.count(customers), formats.number(predictedOrders, 0), formats.count(actualOrders)].map(text),
      ),
    },
    note: null,
  };
}

function definitionsOf({ report: { churn, spend }, t, formats }: Telling): Definition[] {
  if (churn.model === null) return [];
  const params = Object.entries(churn.params ?? {}).map(([name, value]) => `${name} ${formats.number(value, 3)}`);
  return [
    {
      term: t('future.modelTerm'),
      words: churn.hasDropout === false ? t('future.modelWordsWithoutDropout') : t('future.modelWords'),
      formula: t('future.modelFormula', { logLikelihood: formats.number(churn.logLikelihood, 1), params: params.join(', ') }),
    },
    {
      term: t('future.spendTerm'),
      words: t('future.spendWords', { correlation: formats.number(spend.correlation, 2) }),
      formula: t('future.spendFormula', { p: formats.number(spend.p, 3), q: formats.number(spend.q, 3), v: formats.number(spend.v, 1) }),
    },
  ];
}
