import { describe, expect, it } from 'vitest';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import type { Selection } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { computePredictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import { intervalsOfRule, intervalsOfTotal, missOf } from '#app/domain/retention/predictions/total-intervals.ts';
import type { Interval, TotalIntervals } from '#app/domain/retention/report/predictions-report.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { A_STORE, AS_OF_DAY, simulateStore } from './simulate-store.ts';

interface Trial {
  orders: TotalIntervals;
  revenue: TotalIntervals;
  futurePurchases: number;
  futureMinor: number;
}

/** @param afterAsOf - by how much customers change their rate on the as-of day */
function predictAndWait(seed: number, afterAsOf: number): Trial {
  const store = simulateStore({ ...A_STORE, customers: 700, historyDays: 540, afterAsOf }, seed);
  const { report } = computePredictions(store.columns, everyone(store.columns), {
    asOf: asOfDayIn('UTC', AS_OF_DAY),
    withAlternatives: false,
  });
  const { intervals } = report.predictions;
  if (intervals?.expectedRevenueMinor === null || intervals === null) throw new Error('no intervals');
  const { futurePurchases, futureMinor } = store;
  return { orders: intervals.expectedOrders, revenue: intervals.expectedRevenueMinor, futurePurchases, futureMinor };
}

function covers({ low, high }: Interval, truth: number): boolean {
  return low <= truth && truth <= high;
}

function shareOf(trials: readonly Trial[], isCovered: (trial: Trial) => boolean): number {
  return trials.filter(isCovered).length / trials.length;
}

describe('intervals of totals', () => {
  // Of 30 trials the share of 80 % lies in 0.6 to 0.97, that of 95 % above 0.8, all but once in some hundred seeds.
  const trials = Array.from({ length: 30 }, (_, index) => predictAndWait(index + 100, 1));

  it('cover the orders of a store that is as the model says about as often as they say', () => {
    const share80 = shareOf(trials, ({ orders, futurePurchases }) => covers(orders.ifModelHolds['80'], futurePurchases));
    const share95 = shareOf(trials, ({ orders, futurePurchases }) => covers(orders.ifModelHolds['95'], futurePurchases));
    expect(share80).toBeGreaterThanOrEqual(0.6);
    expect(share80).toBeLessThanOrEqual(0.97);
    expect(share95).toBeGreaterThanOrEqual(0.8);
  });

  it('cover its revenue about as often too', () => {
    const share80 = shareOf(trials, ({ revenue, futureMinor }) => covers(revenue.ifModelHolds['80'], futureMinor));
    const share95 = shareOf(trials, ({ revenue, futureMinor }) => covers(revenue.ifModelHolds['95'], futureMinor));
    expect(share80).toBeGreaterThanOrEqual(0.6);
    expect(share80).toBeLessThanOrEqual(0.97);
    expect(share95).toBeGreaterThanOrEqual(0.8);
  });

  it('cover the orders of stores whose customers change by a seventh, as real ones do', () => {
    const random = seededRandom(77);
    const changed = Array.from({ length: 30 }, (_, index) =>
      predictAndWait(index + 300, Math.exp(0.15 * random.normal())),
    );
    const share80 = shareOf(changed, ({ orders, futurePurchases }) => covers(orders['80'], futurePurchases));
    expect(share80).toBeGreaterThanOrEqual(0.6);
    const narrow = shareOf(changed, ({ orders, futurePurchases }) => covers(orders.ifModelHolds['80'], futurePurchases));
    expect(narrow).toBeLessThan(share80);
  });

  it('are as wide as sampling and misfit together', () => {
    const { '80': p80, '95': p95, ifModelHolds, deviations } = intervalsOfTotal(1000, { chance: 0.03, parameters: 0.04 }, 0.4);
    expect(deviations.misfit).toBeCloseTo(Math.sqrt((4 * 0.15 ** 2 + 0.4 ** 2) / 5), 12);
    const whole = Math.hypot(0.05, deviations.misfit);
    // Student's t with 5 degrees of freedom, and the normal distribution (Abramowitz and Stegun, tables 26.10 and 26.5).
    expect(Math.log(p80.high / 1000)).toBeCloseTo(1.476 * whole, 3);
    expect(Math.log(p95.low / 1000)).toBeCloseTo(-2.571 * whole, 3);
    expect(Math.log(ifModelHolds['80'].low / 1000)).toBeCloseTo(-1.2816 * 0.05, 5);
    expect(Math.log(ifModelHolds['95'].high / 1000)).toBeCloseTo(1.96 * 0.05, 5);
  });

  it('count on the misses of earlier stores alone where there was no backtest', () => {
    const { '80': p80, deviations } = intervalsOfTotal(1000, { chance: 0, parameters: 0 }, null);
    expect(deviations.misfit).toBeCloseTo(0.15, 12);
    expect(Math.log(p80.high / 1000)).toBeCloseTo(1.533 * 0.15, 3);
  });

  it('know no miss of nothing', () => {
    expect(missOf(120, 100)).toBeCloseTo(Math.log(1.2), 12);
    expect(missOf(0, 100)).toBeNull();
    expect(missOf(100, 0)).toBeNull();
    expect(missOf(100, null)).toBeNull();
  });
});

describe('intervals of what the simple rule says', () => {
  it('come from its own miss in the last third, up as far as down, and are never narrower than models miss by', () => {
    const wide = intervalsOfRule(1_000, missOf(1_500, 1_000) ?? NaN);
    expect(Math.log(wide['80'].high / 1_000)).toBeCloseTo(1.4758840488244815 * Math.log(1.5), 12);
    expect(wide['80'].low * wide['80'].high).toBeCloseTo(1_000_000, 4);
    expect(intervalsOfRule(1_000, missOf(1_000, 1_500) ?? NaN)['95'].high).toBeCloseTo(wide['95'].high, 6);
    expect(Math.log(intervalsOfRule(1_000, 0.001)['80'].high / 1_000)).toBeCloseTo(1.4758840488244815 * 0.15, 12);
  });

  it('are there wherever there is a backtest, and not without one', () => {
    const { columns } = simulateStore(A_STORE, 1);
    const asOf = asOfDayIn('UTC', AS_OF_DAY);
    const totalsOf = (selection: Selection) => computePredictions(columns, selection, { asOf, withAlternatives: false }).report;
    const { predictions, backtest } = totalsOf(everyone(columns));
    const { orders } = backtest.ok ? backtest : { orders: null };
    expect(predictions.simpleRule.intervals?.expectedOrders).toEqual(
      intervalsOfRule(predictions.simpleRule.expectedOrders, missOf(orders?.actual ?? NaN, orders?.simpleRule ?? NaN) ?? NaN),
    );
    const few = { ...everyone(columns), customers: everyone(columns).customers.slice(0, 20) };
    expect(totalsOf(few).predictions.simpleRule.intervals).toBeNull();
  });
});
