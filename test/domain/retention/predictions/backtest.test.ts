import { describe, expect, it } from 'vitest';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { fitMbgNbd, mbgNbdModel } from '#app/domain/retention/models/mbg-nbd.ts';
import { computeBacktest } from '#app/domain/retention/predictions/backtest.ts';
import { summarizePurchases } from '#app/domain/retention/predictions/purchase-summaries.ts';
import type { Backtest } from '#app/domain/retention/report/predictions-report.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import { anOrder, columnsOf } from '../order-rows.ts';
import { clockworkOrders } from './clockwork-store.ts';
import { A_STORE, AS_OF_DAY, simulateStore } from './simulate-store.ts';
import type { SimulatedStore, StoreTruth } from './simulate-store.ts';

const AS_OF = asOfDayIn('UTC', AS_OF_DAY);

function requireBacktest(columns: SimulatedStore['columns']): Backtest {
  const backtest = computeBacktest(columns, everyone(columns), { asOf: AS_OF, fit: fitMbgNbd });
  if (!backtest.ok) throw new Error(`${backtest.reason}: ${backtest.detail}`);
  return backtest;
}

function backtestOf(truth: StoreTruth, seed: number): Backtest {
  return requireBacktest(simulateStore(truth, seed).columns);
}

function dayOf(text: string): number {
  return parseDay(text) ?? NaN;
}

/** Each customer's purchase days up to the as-of day. */
function purchaseDays({ columns }: SimulatedStore): number[][] {
  const { customerOffsets, days } = columns;
  return Array.from({ length: columns.customerCount }, (_, customer) => {
    const own = [...days.slice(customerOffsets[customer], customerOffsets[customer + 1])];
    return [...new Set(own)].filter((day) => day <= AS_OF_DAY);
  }).filter((days_) => days_.length > 0);
}

/** Days from order to order of a customer, those of one day too. */
function orderGaps({ columns }: SimulatedStore, upToDay: number): number[] {
  const { customerOffsets, days } = columns;
  return Array.from({ length: columns.customerCount }, (_, customer) => {
    const own = [...days.slice(customerOffsets[customer], customerOffsets[customer + 1])].filter((day) => day <= upToDay);
    return own.slice(1).map((day, i) => day - Number(own[i]));
  }).flat();
}

/** Type 7: as R's default. */
function percentile90(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  const position = 0.9 * (sorted.length - 1);
  const low = Number(sorted[Math.floor(position)]);
  const high = Number(sorted[Math.ceil(position)]);
  return low + (high - low) * (position - Math.floor(position));
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

describe('the backtest', () => {
  const store = simulateStore(A_STORE, 3);
  const backtest = requireBacktest(store.columns);
  const splitDay = dayOf(backtest.splitAt);
  const known = purchaseDays(store).filter(([first = NaN]) => first <= splitDay);
  const heldOut = known.map((days) => days.filter((day) => day > splitDay).length);
  const repeatsBefore = known.map((days) => days.filter((day) => day <= splitDay).length - 1);

  it('tells the model the first two thirds of the history', () => {
    const firstDay = Math.min(...purchaseDays(store).map(([first = NaN]) => first));
    expect(splitDay + backtest.horizonDays).toBe(AS_OF_DAY);
    expect(splitDay).toBe(firstDay + Math.floor(((AS_OF_DAY - firstDay) * 2) / 3));
    const summaries = summarizePurchases(store.columns, everyone(store.columns), asOfDayIn('UTC', splitDay));
    const outcome = fitMbgNbd(summaries.histories);
    expect(outcome.ok && outcome.fit.model.parameters).toEqual(backtest.params);
  });

  it('counts what the customers who were known then did in the last third', () => {
    expect(backtest.customers).toBe(known.length);
    expect(backtest.orders.actual).toBe(sum(heldOut));
    const groups = Array.from({ length: 8 }, (_, x) => {
      const inGroup = heldOut.filter((_, i) => Math.min(7, Number(repeatsBefore[i])) === x);
      return { frequency: x === 7 ? '7+' : String(x), customers: inGroup.length, actualOrders: sum(inGroup) };
    });
    expect(backtest.byFrequency.map(({ predictedOrders: _, ...group }) => group)).toEqual(groups);
  });

  it('holds every customer against what each forecast said', () => {
    const lapsedAfterDays = percentile90(orderGaps(store, splitDay));
    const byRule = known.map((days) => {
      const [first = NaN, ...repeats] = days.filter((day) => day <= splitDay);
      const last = repeats.at(-1) ?? first;
      if (first === splitDay || splitDay - last > lapsedAfterDays) return 0;
      return (repeats.length / (splitDay - first)) * backtest.horizonDays;
    });
    expect(backtest.orders.simpleRule).toBeCloseTo(sum(byRule), 6);
    expect(backtest.meanAbsoluteError.simpleRule).toBeCloseTo(
      sum(heldOut.map((came, i) => Math.abs(came - Number(byRule[i])))) / known.length,
      9,
    );
    const lastYear = known.flatMap((days) => days.slice(1)).filter((day) => day > splitDay - 365 && day <= splitDay);
    const known365 = sum(known.map(([first = NaN]) => Math.min(365, splitDay - first)));
    const mean = (lastYear.length / known365) * backtest.horizonDays;
    expect(backtest.orders.lastYearMean).toBeCloseTo(mean * known.length, 6);
    expect(backtest.meanAbsoluteError.lastYearMean).toBeCloseTo(
      sum(heldOut.map((came) => Math.abs(came - mean))) / known.length,
      9,
    );
    expect(backtest.rootMeanSquareError.lastYearMean).toBeCloseTo(
      Math.sqrt(sum(heldOut.map((came) => (came - mean) ** 2)) / known.length),
      9,
    );
  });

  it('adds up to the same totals by group and by week', () => {
    expect(sum(backtest.byFrequency.map(({ predictedOrders }) => predictedOrders))).toBeCloseTo(backtest.orders.model, 6);
    const weeks = backtest.weeks.filter(({ isHeldOut }) => isHeldOut);
    expect(sum(weeks.map(({ actualOrders }) => actualOrders))).toBe(backtest.orders.actual);
    expect(sum(weeks.map(({ days }) => days))).toBe(backtest.horizonDays);
    expect(backtest.weeks.at(-1)?.cumulativeActualOrders).toBe(sum(known.map((days) => days.length - 1)));
    expect(sum(backtest.returnDeciles.map(({ customers }) => customers))).toBe(known.length);
    expect(sum(backtest.returnDeciles.map(({ customers, actualShare }) => customers * Number(actualShare)))).toBeCloseTo(
      heldOut.filter((came) => came > 0).length,
      6,
    );
  });

  it('expects each week what new customers of these first days are expected to have made', () => {
    const { r = NaN, alpha = NaN, a = NaN, b = NaN } = backtest.params;
    const model = mbgNbdModel({ r, alpha, a, b });
    for (const { endsOn, cumulativePredictedOrders } of backtest.weeks.filter((_, week) => week % 9 === 0)) {
      const ages = known.map(([first = NaN]) => dayOf(endsOn) - first).filter((age) => age > 0);
      expect(cumulativePredictedOrders).toBeCloseTo(sum(ages.map(model.expectedPurchasesOfNew)), 6);
    }
  });

  it('ends no week on both sides of the split, and none but the last has other than seven days but the first', () => {
    expect(backtest.weeks.some(({ endsOn }) => endsOn === backtest.splitAt)).toBe(true);
    expect(new Set(backtest.weeks.slice(1, -1).map(({ days }) => days))).toEqual(new Set([7]));
  });

  it('sees the model predict a store that is as the model says', () => {
    const runs = Array.from({ length: 6 }, (_, seed) => backtestOf(A_STORE, seed + 20));
    const actual = sum(runs.map(({ orders }) => orders.actual));
    expect(sum(runs.map(({ orders }) => orders.model)) / actual).toBeCloseTo(1, 1);
    // Six stores of about a thousand customers: shares in ten groups differ by chance by 0.02.
    for (let decile = 0; decile < 10; decile += 1) {
      const cells = runs.map(({ returnDeciles }) => returnDeciles[decile]);
      const predicted = sum(cells.map((cell) => Number(cell?.predictedShare))) / runs.length;
      const came = sum(cells.map((cell) => Number(cell?.actualShare))) / runs.length;
      expect(Math.abs(predicted - came)).toBeLessThan(0.08);
    }
    expect(runs.map(({ modelWins }) => modelWins)).not.toContain(false);
  });

  it('does not take the absolute error alone, by which a rule of noughts beats the very truth', () => {
    const sparse = { ...A_STORE, customers: 3000, r: 0.3, alpha: 150, leaving: { a: 0.5, b: 1 } };
    const runs = Array.from({ length: 3 }, (_, seed) => backtestOf(sparse, seed + 1));
    const loses = runs.filter(({ meanAbsoluteError }) => meanAbsoluteError.simpleRule < meanAbsoluteError.model);
    expect(loses.length).toBeGreaterThan(0);
    for (const { rootMeanSquareError, modelWins } of loses) {
      expect(rootMeanSquareError.simpleRule).toBeGreaterThan(1.2 * rootMeanSquareError.model);
      expect(modelWins).toBe(true);
    }
  });

  it('says that the model loses where customers come like clockwork, or not any more', () => {
    const backtestOfClockwork = requireBacktest(columnsOf(clockworkOrders()));
    expect(backtestOfClockwork.modelWins).toBe(false);
    expect(backtestOfClockwork.meanAbsoluteError.simpleRule).toBeLessThan(backtestOfClockwork.meanAbsoluteError.model);
  });

  it('is refused where there is nothing to split', () => {
    const columns = columnsOf([anOrder({ at: '2011-01-26T12:00:00Z' })]);
    const day = asOfDayIn('UTC', dayOf('2011-01-26'));
    expect(computeBacktest(columns, everyone(columns), { asOf: day, fit: fitMbgNbd })).toMatchObject({
      ok: false,
      reason: 'no-history',
    });
    const later = asOfDayIn('UTC', dayOf('2011-03-26'));
    expect(computeBacktest(columns, everyone(columns), { asOf: later, fit: fitMbgNbd })).toMatchObject({
      ok: false,
      reason: 'no-repeat-purchases',
    });
  });
});
