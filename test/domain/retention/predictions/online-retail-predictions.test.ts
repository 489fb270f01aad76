import { describe, expect, it } from 'vitest';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { computePredictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import type { Predictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import {
  loadOnlineRetail,
  ONLINE_RETAIL_AS_OF,
  ONLINE_RETAIL_MISSING,
  ONLINE_RETAIL_SHOP,
} from '../load-online-retail.ts';
import { columnsOf, dayNamed } from '../order-rows.ts';

/**
 * UCI Online Retail once more. "Published" is what the Python package `lifetimes` prints of this set in many analyses of
 * it: BetaGeoFitter r 0.83, alpha 68.91, a 0.00, b 6.75; GammaGammaFitter on 2790 customers p 2.10, q 3.45. The other
 * constants were computed outside this project from the CSV: summaries with Python's datetime, likelihoods by Nelder and
 * Mead over sums of logarithms (scipy 1.17), expected orders with mpmath's 2F1 at 30 digits.
 */
let computed: Predictions | null = null;

function predictOnlineRetail(): Predictions {
  if (computed !== null) return computed;
  const columns = columnsOf(loadOnlineRetail().rows, ONLINE_RETAIL_SHOP);
  const asOf = asOfDayIn(ONLINE_RETAIL_SHOP.timeZone, dayNamed(ONLINE_RETAIL_AS_OF));
  computed = computePredictions(columns, everyone(columns), { asOf });
  return computed;
}

describe.skipIf(ONLINE_RETAIL_MISSING !== '')(`predictions on UCI Online Retail${ONLINE_RETAIL_MISSING}`, () => {
  it('have the summaries that Python has', () => {
    const { count, frequency, recency, age } = predictOnlineRetail().customers;
    const total = (column: Uint32Array) => column.reduce((sum, value) => sum + value, 0);
    expect([count, total(frequency), total(recency), total(age)]).toEqual([4338, 12_425, 567_287, 966_641]);
  });

  it('find next to no dropout, as published, and say that there is no churn to report', () => {
    const { churn } = predictOnlineRetail().report;
    const bgNbd = churn.alternatives['BG/NBD'];
    if (!bgNbd.ok) throw new Error(bgNbd.detail);
    expect(bgNbd.params['r']).toBeCloseTo(0.826541885, 5);
    expect(bgNbd.params['alpha']).toBeCloseTo(68.9051172, 3);
    expect(bgNbd.params['a']).toBeCloseTo(0.00343739, 6);
    expect(bgNbd.params['b']).toBeCloseTo(6.745135, 2);
    expect(bgNbd.logLikelihood).toBeCloseTo(-61823.4712502, 5);
    expect(churn.logLikelihood).toBeCloseTo(-61823.5732598, 5);
    expect(churn.params?.['r']).toBeCloseTo(0.827423556, 5);
    // The model without dropout.
    expect(churn.alternatives['Pareto/NBD']).toMatchObject({ ok: true, hasDropout: false });
    expect(churn).toMatchObject({ model: 'MBG/NBD', hasDropout: false, expectedAlive: null });
    expect(churn.fallback).toMatchObject({ reason: 'no-dropout', rule: 'lifecycleState' });
  });

  it('have the published gamma-gamma fit, with frequency and spend apart', () => {
    const { spend } = predictOnlineRetail().report;
    expect(spend.customers).toBe(2790);
    expect(spend.p).toBeCloseTo(2.1033824, 5);
    expect(spend.q).toBeCloseTo(3.451179, 5);
    expect(Number(spend.v) / 48_588.846).toBeCloseTo(1, 6);
    expect(spend.logLikelihood).toBeCloseTo(-31931.7554679, 5);
    expect(spend.correlation).toBeCloseTo(0.01590563153907549, 10);
    expect(spend.correlationWarning).toBe(false);
  });

  it('expect the orders and the pounds of the next year that Python expects', () => {
    const { predictions } = predictOnlineRetail().report;
    expect(Number(predictions.expectedOrders) / 18_953.81425303461).toBeCloseTo(1, 8);
    expect(Number(predictions.expectedRevenueMinor) / 935_478_061.277017).toBeCloseTo(1, 6);
  });

  it('missed the last third by a fifth in a growing store, and the interval knows it', () => {
    const { backtest, predictions } = predictOnlineRetail().report;
    if (!backtest.ok) throw new Error(backtest.detail);
    expect(backtest).toMatchObject({ splitAt: '2011-08-06', horizonDays: 125, customers: 3191, modelWins: true });
    expect(backtest.orders.actual).toBe(5475);
    expect(backtest.orders.actual / backtest.orders.model).toBeGreaterThan(1.15);
    const { high } = predictions.intervals?.expectedOrders['80'] ?? {};
    expect(Number(high) / Number(predictions.expectedOrders)).toBeGreaterThan(1.2);
  });
});
