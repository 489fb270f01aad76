import { text } from './report-section.ts';
import type { ReportSection } from './report-section.ts';
import type { Telling } from './telling.ts';

export function valueSection({ report, t, formats }: Telling): ReportSection {
  const { simpleClv, overall, predictions } = report;
  const { expectedRevenueMinor } = predictions.inUse === 'model' ? predictions : predictions.simpleRule;
  const perCustomerMinor = expectedRevenueMinor === null || overall.customers === 0 ? null : expectedRevenueMinor / overall.customers;
  const rows = [
    [t('value.simple', { years: formats.days(simpleClv.lifespanYears) }), formats.amount(simpleClv.clvMinor)],
    [t('value.predicted'), formats.amount(perCustomerMinor)],
    [t('value.observed'), t('value.observedDays', { number: formats.days(simpleClv.observedLifespanDays) })],
  ];
  return {
    id: 'value',
    title: t('value.title'),
    lead: t('value.lead'),
    figures: [
      {
        title: null,
        chart: null,
        table: {
          caption: t('value.caption'),
          columns: [
            { label: t('value.measure'), isNumber: false },
            { label: t('value.amount'), isNumber: true },
          ],
          rows: rows.map((row) => row.map(text)),
        },
        note: null,
      },
    ],
    definitions: [
      { term: t('value.simpleTerm'), words: t('value.simpleWords'), formula: t('value.simpleFormula') },
      { term: t('value.predictedTerm'), words: t('value.predictedWords'), formula: t('value.predictedFormula') },
    ],
  };
}

const INPUTS = ['counted', 'ofGuests', 'afterAsOf', 'test', 'deleted', 'cancelled', 'refunded', 'unknownState', 'inOtherCurrency', 'unreadable', 'repeatedOrders'] as const;

export function inputsSection({ report, t, formats }: Telling): ReportSection {
  const { counted, guests, afterAsOf, excluded, inOtherCurrency, unreadable = 0, repeatedOrders = 0 } = report.inputs;
  const numbers = { ...excluded, counted, ofGuests: guests, afterAsOf, inOtherCurrency, unreadable, repeatedOrders };
  const [leftOut, worth] = [t(`metrics:counting.leftOut.${report.preset}`), t(`metrics:counting.worth.${report.value}`)];
  return {
    id: 'inputs',
    title: t('inputs.title'),
    lead: t('metrics:counting.revenue', { worth }),
    figures: [
      {
        title: null,
        chart: null,
        table: {
          caption: t('inputs.caption'),
          columns: [
            { label: t('inputs.what'), isNumber: false },
            { label: t('inputs.number'), isNumber: true },
          ],
          rows: INPUTS.filter((name) => name === 'counted' || numbers[name] > 0).map((name) => [
            text(t(`inputs.${name}`)),
            text(formats.count(numbers[name])),
          ]),
        },
        note: null,
      },
    ],
    definitions: [{ term: t('inputs.term'), words: t('inputs.words', { leftOut, worth }), formula: t(`metrics:counting.formula.${report.value}`) }],
  };
}
