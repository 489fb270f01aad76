import { describe, expect, it } from 'vitest';

import type { ModelsCardProps } from '#app/components/predictions/models-card.tsx';
import { predictionSheetOf } from '#app/components/predictions/prediction-sheets.ts';
import { PredictionsPage } from '#app/components/predictions/predictions-page.tsx';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { DEFAULT_COUNTING } from '#app/domain/retention/metrics/order-value.ts';
import { computePredictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import { glanceAtPredictions } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import type { PredictionsAtAGlance, RuleInstead } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { i18nIn } from '#app/i18n/i18n.ts';
import type { Language } from '#app/i18n/languages.ts';
import { A_STORE, AS_OF_DAY, simulateStore } from '#test/domain/retention/predictions/simulate-store.ts';
import { linksIn, textOf } from '../markup-of.tsx';

const AS_OF = asOfDayIn('UTC', AS_OF_DAY);
const AS_OF_TEXT = formatDay(AS_OF_DAY);
const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

function glanceAt(store: Partial<typeof A_STORE>): PredictionsAtAGlance {
  const { columns } = simulateStore({ ...A_STORE, ...store }, 1);
  return glanceAtPredictions(columns, AS_OF, computePredictions(columns, everyone(columns), { asOf: AS_OF, withAlternatives: false }));
}

const GLANCE = glanceAt({});
const RULE: RuleInstead = {
  reason: 'lost-backtest',
  missing: [],
  states: { active: 700, cooling: 300, atRisk: 200, lapsed: 300 },
  rhythm: { basis: 'ownRhythm', gaps: 900, gapsNeeded: 200, upToDays: { active: 20.5, cooling: 45.9, atRisk: 90.6 } },
  ownRhythmOn: null,
};

const NOT_ASKED: ModelsCardProps = { compared: undefined, isLoading: false, onCompare: () => {} };

function pageOf(changes: Partial<PredictionsAtAGlance> = {}, { isReloading = false, models = NOT_ASKED } = {}) {
  const about = { asOf: AS_OF_TEXT, today: AS_OF_TEXT, timeZone: 'UTC', currency: 'USD', counting: DEFAULT_COUNTING, fittedAtMs: NOW_MS - 120_000, nowMs: NOW_MS };
  return <PredictionsPage {...GLANCE} {...changes} {...about} isReloading={isReloading} models={models} onAsOf={() => {}} />;
}

function wordsOf(changes: Partial<PredictionsAtAGlance> = {}, language: Language = 'en'): string {
  return textOf(pageOf(changes), language);
}

function requireBacktest({ backtest }: PredictionsAtAGlance) {
  if (backtest === null) throw new Error('the store has no backtest');
  return backtest;
}

describe('the page of predictions', () => {
  it('says in words first what the model expected of the past, and what came of it', () => {
    const { returned, horizonDays } = requireBacktest(GLANCE);
    const text = wordsOf();
    const weeks = Math.round(horizonDays / 7);
    expect(text).toContain(`It expected ${Math.round(returned.predicted)} customers to come back in those ${weeks} weeks. ${returned.actual} did.`);
    expect(text).toContain('The predictions on this page are the model’s.');
    expect(text).toContain('Fitted 2 minutes ago.');
  });

  it('expects orders and revenue with the range of 80 in 100', () => {
    const { expectedOrders, intervals } = GLANCE.totals;
    const count = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
    const { low, high } = intervals?.expectedOrders['80'] ?? { low: NaN, high: NaN };
    expect(wordsOf()).toContain(`Orders ${count.format(expectedOrders ?? NaN)} ${count.format(low)} to ${count.format(high)}, with a chance of 80 in 100`);
    expect(wordsOf()).toMatch(/Revenue \$[\d,]+\.\d\d \$[\d,]+\.\d\d to \$[\d,]+\.\d\d, with a chance of 80 in 100/);
  });

  it('leads from each band of the chance to be a customer still to the customers in it', () => {
    const queries = linksIn(pageOf()).map((address) => new URL(address, 'https://app.example').searchParams.get('pAlive'));
    expect(queries).toEqual(['0.9..1', '0.7..0.9', '0.3..0.7', '0..0.3']);
    expect(wordsOf()).toMatch(/Probably gone 0% to 30% [\d,]+ \d+\.\d%/);
  });

  it('says that it goes by the rule where the model lost, with the range of what the rule itself missed by and no chance of each', () => {
    const backtest = { ...requireBacktest(GLANCE), modelWins: false };
    const text = wordsOf({ rule: RULE, aliveBands: null, backtest, totals: { ...GLANCE.totals, inUse: 'simpleRule' } });
    expect(text).toContain('A simple forecast was closer on both counts below. Perennial therefore goes by the simple rule');
    expect(text).toContain('The range is from how far the rule missed on your own past');
    const untold = { ...GLANCE.totals, inUse: 'simpleRule' as const, simpleRule: { ...GLANCE.totals.simpleRule, intervals: null } };
    expect(wordsOf({ rule: RULE, aliveBands: null, backtest, totals: untold })).toContain('by the simple rule; too little is known for a range');
    for (const days of ['up to 20', 'up to 45', 'up to 90', 'over 90']) expect(text).toContain(days);
    expect(text).toContain('with a chance of 80 in 100');
    expect(text).not.toContain('Who is still a customer');
    expect(text).toContain('Active up to 20 700 46.7% Cooling up to 45 300 20.0% At risk up to 90 200 13.3% Lapsed over 90 300 20.0%');
  });

  it('says that nobody is seen to leave, where that is so', () => {
    const text = wordsOf({ rule: { ...RULE, reason: 'no-dropout' }, aliveBands: null, churn: { ...GLANCE.churn, hasDropout: false, expectedAlive: null } });
    expect(text).toContain('Your orders show no customers leaving for good');
    expect(text).not.toContain('Still customers');
  });

  it('warns where who buys often spends more, or less', () => {
    expect(wordsOf()).not.toContain('correlation');
    expect(wordsOf({ spend: { ...GLANCE.spend, correlation: 0.23, correlationWarning: true } })).toContain('spend more per order than others (correlation 0.23)');
    expect(wordsOf({ spend: { ...GLANCE.spend, correlation: -0.4, correlationWarning: true } })).toContain('spend less per order than others (correlation -0.40)');
  });

  it('says which of the needs is missing and roughly until when', () => {
    const text = textOf(pageOf(glanceAt({ customers: 400, historyDays: 150 })));
    expect(text).toContain('Too little to predict from yet');
    expect(text).toMatch(/500 customers\. You have 400\. At the pace of the last three months that will be about \w{3} \d+, \d{4}\./);
    expect(text).toMatch(/180 days since your first order\. It is 149\. That will be on \w{3} \d+, \d{4}\./);
    expect(text).not.toContain('customers with three orders. You have');
    expect(text).toContain('Where customers stand, by a simple rule');
    expect(text).not.toContain('Fitted');
  });

  it('says, where its limits are fixed ones, until when', () => {
    const rhythm = { ...RULE.rhythm, basis: 'fixedRule', gaps: 120 } as const;
    const text = wordsOf({ rule: { ...RULE, rhythm, ownRhythmOn: '2027-01-05' }, aliveBands: null });
    expect(text).toContain('your store has 120 of the 200 gaps between orders that show a rhythm of its own. At the pace of the last three months that will be about Jan 5, 2027.');
  });

  it('has its two tables of the past as files, every number as it is', () => {
    const backtest = requireBacktest(GLANCE);
    const t = i18nIn('en').getFixedT('en', 'predictions');
    const weeks = predictionSheetOf('weeks', backtest, t);
    expect(weeks.header).toEqual(['Week ending', 'Happened', 'Model', 'Model was told up to', 'Not told (1)']);
    expect(weeks.rows.map(([endsOn, actual]) => [endsOn, actual])).toEqual(backtest.weeks.map(({ endsOn, actualOrders }) => [endsOn, actualOrders]));
    expect(weeks.rows.filter((row) => row[4] === 1)).toHaveLength(backtest.weeks.filter(({ isHeldOut }) => isHeldOut).length);
    const calibration = predictionSheetOf('calibration', backtest, t);
    expect(calibration.rows.map((row) => row[1])).toEqual(backtest.byFrequency.map(({ customers }) => customers));
    expect(calibration.rows.every((row) => row.length === calibration.header.length)).toBe(true);
  });

  it('says that another day is on its way', () => {
    expect(textOf(pageOf({}, { isReloading: true }))).toContain('Fitting the model as of that day.');
  });

  it('is in Chinese for a merchant who reads Chinese', () => {
    const { returned } = requireBacktest(GLANCE);
    expect(wordsOf({}, 'zh-CN')).toContain(`周内有 ${Math.round(returned.predicted)} 位客户再来，实际有 ${returned.actual} 位。`);
  });

  it('asks other models only when a merchant does, and says how far from this one they are', () => {
    expect(wordsOf()).toContain('Ask the other models');
    const models = [
      { name: 'MBG/NBD', wasTried: true, logLikelihood: -1234.5, expectedOrders: 1000.4, expectedAlive: 800 },
      { name: 'BG/NBD', wasTried: true, logLikelihood: -1236.25, expectedOrders: 1040, expectedAlive: null },
      { name: 'Pareto/NBD', wasTried: false, logLikelihood: null, expectedOrders: null, expectedAlive: null },
    ] as const;
    const text = textOf(pageOf({}, { models: { ...NOT_ASKED, compared: { models, furthestShare: 0.0396 } } }));
    expect(text).toContain('differs from the model of this page by at most 4.0%.');
    expect(text).toContain('MBG/NBD 1,000 800 -1,234.50 BG/NBD 1,040 finds nobody leaving -1,236.25 Pareto/NBD not for so many customers – –');
    expect(textOf(pageOf({}, { models: { ...NOT_ASKED, compared: null } }))).toContain('too little to fit them on');
  });
});
