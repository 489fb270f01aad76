import { describe, expect, it } from 'vitest';
import type { OrderColumns, OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { buildOrderColumns } from '#app/domain/retention/columns/order-columns-builder.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { summarizeCustomers } from '#app/domain/retention/columns/customer-summaries.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { expectedSpend } from '#app/domain/retention/models/gamma-gamma.ts';
import { mbgNbdModel } from '#app/domain/retention/models/mbg-nbd.ts';
import { computePredictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import { NO_ORDER_DAY } from '#app/domain/retention/predictions/customer-predictions.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { anOrder, columnsOf, NONE_EXCLUDED } from '../order-rows.ts';
import { clockworkOrders } from './clockwork-store.ts';
import { A_STORE, AS_OF_DAY, simulateStore } from './simulate-store.ts';

const AS_OF = asOfDayIn('UTC', AS_OF_DAY);

function predict(columns: OrderColumns, options: { monthlyDiscountRate?: number; withAlternatives?: boolean } = {}) {
  return computePredictions(columns, everyone(columns), { asOf: AS_OF, ...options });
}

function rowsOf({ customerKeys, customerOffsets, days, orderIds, valuesMinor, customerCount }: OrderColumns): OrderRow[] {
  return Array.from({ length: customerCount }, (_, customer) => customer).flatMap((customer) => {
    const rows: OrderRow[] = [];
    for (let i = Number(customerOffsets[customer]); i < Number(customerOffsets[customer + 1]); i += 1) {
      rows.push(
        anOrder({
          at: new Date(Number(days[i]) * 86_400_000 + 43_200_000).toISOString(),
          orderId: Number(orderIds[i]),
          customerKey: customerKeys[customer] ?? null,
          valueMinor: Number(valuesMinor[i]),
        }),
      );
    }
    return rows;
  });
}

function daysAgo(days: number): string {
  return new Date((AS_OF_DAY - days) * 86_400_000 + 43_200_000).toISOString();
}

function requireNumber(value: number | null | undefined): number {
  if (typeof value !== 'number') throw new Error('not a number');
  return value;
}

const STORE = simulateStore(A_STORE, 1);
const PREDICTED = predict(STORE.columns);

describe('predictions of a store that is as the model says', () => {
  const { report, customers } = PREDICTED;

  it('find its truth within three standard errors, and who is alive', () => {
    const { model, params, standardErrors, hasDropout, fallback, expectedAlive } = report.churn;
    expect({ model, hasDropout, fallback }).toEqual({ model: 'MBG/NBD', hasDropout: true, fallback: null });
    for (const [name, truth] of Object.entries({ r: A_STORE.r, alpha: A_STORE.alpha, ...A_STORE.leaving })) {
      const error = requireNumber(standardErrors?.[name]);
      expect(Math.abs(requireNumber(params?.[name]) - truth)).toBeLessThan(3 * error);
    }
    expect(requireNumber(expectedAlive) / STORE.alive.filter(Boolean).length).toBeCloseTo(1, 1);
  });

  it('say of every customer what the model says at its parameters', () => {
    const { r = NaN, alpha = NaN, a = NaN, b = NaN } = report.churn.params ?? {};
    const model = mbgNbdModel({ r, alpha, a, b });
    const spend = { p: requireNumber(report.spend.p), q: requireNumber(report.spend.q), v: requireNumber(report.spend.v) };
    const { customerOffsets, days, valuesMinor } = STORE.columns;
    for (let i = 0; i < customers.count; i += 7) {
      const customer = Number(customers.customers[i]);
      const worth = new Map<number, number>();
      for (let k = Number(customerOffsets[customer]); k < Number(customerOffsets[customer + 1]); k += 1) {
        const day = Number(days[k]);
        if (day <= AS_OF_DAY) worth.set(day, (worth.get(day) ?? 0) + Number(valuesMinor[k]));
      }
      const [[first = NaN] = [], ...repeats] = [...worth];
      const history = {
        frequency: repeats.length,
        recency: (repeats.at(-1)?.[0] ?? first) - first,
        age: AS_OF_DAY - first,
      };
      const zbar = repeats.length === 0 ? 0 : repeats.reduce((sum, [, minor]) => sum + minor, 0) / repeats.length;
      const orders = model.expectedPurchases(history, 365);
      expect(customers.pAlive?.[i]).toBeCloseTo(model.pAlive(history), 12);
      expect(customers.expectedOrders365?.[i]).toBeCloseTo(orders, 10);
      expect(customers.predictedClv365Minor?.[i]).toBeCloseTo(orders * expectedSpend(spend, repeats.length, zbar), 6);
    }
  });

  it('stand in the order of the customers of the report', () => {
    const summaries = summarizeCustomers(STORE.columns, everyone(STORE.columns), AS_OF);
    expect([...customers.customers]).toEqual([...summaries.customers]);
    expect(customers.count).toBe(summaries.count);
    const lastDays = Array.from(summaries.lastDays);
    expect(lastDays.map((day) => AS_OF_DAY - day)).toEqual(
      Array.from(customers.age, (age, i) => age - Number(customers.recency[i])),
    );
  });

  it('add up to the totals', () => {
    const total = (column: Float64Array | null) => column?.reduce((sum, value) => sum + value, 0) ?? NaN;
    const { expectedOrders, expectedRevenueMinor, customersWithNextOrder, inUse } = report.predictions;
    expect(total(customers.expectedOrders365) / requireNumber(expectedOrders)).toBeCloseTo(1, 10);
    expect(total(customers.predictedClv365Minor) / requireNumber(expectedRevenueMinor)).toBeCloseTo(1, 10);
    expect(total(customers.pAlive) / requireNumber(report.churn.expectedAlive)).toBeCloseTo(1, 10);
    const dates = customers.nextOrderDay?.filter((day) => day !== NO_ORDER_DAY) ?? [];
    expect(dates).toHaveLength(requireNumber(customersWithNextOrder));
    expect(Math.min(...dates)).toBeGreaterThan(AS_OF_DAY);
    expect(Math.max(...dates)).toBeLessThanOrEqual(AS_OF_DAY + 365);
    expect(inUse).toBe('model');
  });

  it('name the other models beside it, each with its own likelihood', () => {
    const { alternatives, logLikelihood } = report.churn;
    for (const name of ['BG/NBD', 'Pareto/NBD'] as const) {
      const other = alternatives[name];
      expect(other.ok).toBe(true);
      // The truth is MBG/NBD: the others come near and no nearer.
      if (other.ok) expect(other.logLikelihood).toBeLessThan(requireNumber(logLikelihood) + 1);
      if (other.ok) expect(Math.abs(other.logLikelihood - requireNumber(logLikelihood))).toBeLessThan(30);
    }
    expect(predict(STORE.columns, { withAlternatives: false }).report.churn.alternatives['BG/NBD']).toMatchObject({
      ok: false,
      reason: 'not-tried',
    });
  });

  it('are worth less when discounted, with the same orders', () => {
    const discounted = predict(STORE.columns, { withAlternatives: false, monthlyDiscountRate: 0.02 }).report.predictions;
    const undiscounted = report.predictions;
    expect(discounted.expectedOrders).toBe(undiscounted.expectedOrders);
    const share = requireNumber(discounted.expectedRevenueMinor) / requireNumber(undiscounted.expectedRevenueMinor);
    expect(share).toBeLessThan(1.02 ** -1);
    expect(share).toBeGreaterThan(1.02 ** -12);
  });
});

describe('predictions', () => {
  it('do not depend on the order of the lines that were read', () => {
    const rows = rowsOf(STORE.columns);
    const random = seededRandom(4);
    const shuffled = rows.map((row) => ({ row, at: random.next() })).sort((a, b) => a.at - b.at);
    const columns = columnsOf(shuffled.map(({ row }) => row));
    expect(predict(columns, { withAlternatives: false }).report.churn.params).toEqual(PREDICTED.report.churn.params);
    expect(predict(columns).report).toEqual(PREDICTED.report);
  });

  it.each(['JPY', 'KWD'])('grow with the unit of money and change in nothing else: %s', (currency) => {
    const factor = currency === 'JPY' ? 150 : 10;
    const rows = rowsOf(STORE.columns).map((row) => ({ ...row, valueMinor: row.valueMinor * factor }));
    const { report } = predict(buildOrderColumns(rows, { timeZone: 'UTC', currency }), { withAlternatives: false });
    expect(report.churn.params).toEqual(PREDICTED.report.churn.params);
    expect(requireNumber(report.spend.p) / requireNumber(PREDICTED.report.spend.p)).toBeCloseTo(1, 8);
    expect(
      requireNumber(report.predictions.expectedRevenueMinor) /
        requireNumber(PREDICTED.report.predictions.expectedRevenueMinor) /
        factor,
    ).toBeCloseTo(1, 8);
  });

  it('of a selection are those of its customers as a shop of their own', () => {
    const customers = everyone(STORE.columns).customers.filter((customer) => customer % 2 === 0);
    const keys = new Set(Array.from(customers, (customer) => STORE.columns.customerKeys[customer]));
    const part = computePredictions(
      STORE.columns,
      { customers, guestOrders: new Uint32Array(0) },
      { asOf: AS_OF, withAlternatives: false },
    );
    const own = columnsOf(rowsOf(STORE.columns).filter(({ customerKey }) => keys.has(customerKey ?? undefined)));
    expect(part.report).toEqual(predict(own, { withAlternatives: false }).report);
  });
});

describe('where the model does not speak', () => {
  it('the state does, and what is missing is counted', () => {
    const few = simulateStore({ ...A_STORE, customers: 480 }, 2).columns;
    const { churn, predictions, backtest, spend } = predict(few).report;
    const { count } = predict(few).customers;
    expect(churn).toMatchObject({
      model: null,
      params: null,
      hasDropout: null,
      expectedAlive: null,
      fallback: {
        rule: 'lifecycleState',
        reason: 'too-little-data',
        missing: [{ what: 'customers', has: count, needs: 500 }],
      },
    });
    const { lifecycle } = computeRetentionReport(few, { asOfDay: AS_OF_DAY, excluded: NONE_EXCLUDED });
    expect(churn.fallback?.states).toEqual(lifecycle.states);
    expect(predictions).toMatchObject({ inUse: 'simpleRule', expectedOrders: null, intervals: null });
    expect(predictions.simpleRule.expectedOrders).toBeGreaterThan(0);
    expect(backtest).toEqual({ ok: false, reason: 'too-little-data', detail: `customers: ${count} of 500` });
    expect(spend.p).not.toBeNull();
  });

  it('history and customers with three orders are asked for too', () => {
    const rows = Array.from({ length: 600 }, (_, customer) => anOrder({ at: daysAgo(179), customerKey: customer + 1 }));
    for (let customer = 1; customer <= 49; customer += 1) {
      rows.push(anOrder({ at: daysAgo(100), customerKey: customer }), anOrder({ at: daysAgo(50), customerKey: customer }));
    }
    rows.push(anOrder({ at: daysAgo(100), customerKey: 51 }));
    expect(predict(columnsOf(rows)).report.churn.fallback).toMatchObject({
      missing: [
        { what: 'historyDays', has: 179, needs: 180 },
        { what: 'customersWithThreeOrders', has: 49, needs: 50 },
      ],
    });
    rows.push(anOrder({ at: daysAgo(180), customerKey: 50 }), anOrder({ at: daysAgo(50), customerKey: 50 }));
    expect(predict(columnsOf(rows)).report.churn.fallback).not.toMatchObject({ reason: 'too-little-data' });
  });

  it('a store that nobody leaves has no churn, and orders are still expected', () => {
    const { report, customers } = predict(simulateStore({ ...A_STORE, r: 1.2, alpha: 60, leaving: null }, 5).columns);
    expect(report.churn).toMatchObject({
      hasDropout: false,
      expectedAlive: null,
      meanPAlive: null,
      fallback: { rule: 'lifecycleState', reason: 'no-dropout' },
    });
    expect(customers.pAlive).toBeNull();
    expect(report.predictions.expectedOrders).toBeGreaterThan(0);
    expect(report.predictions.intervals).not.toBeNull();
  });

  it('a rule does where the model lost its backtest, and the model is still told', () => {
    const { report, customers } = predict(columnsOf(clockworkOrders()), { withAlternatives: false });
    expect(report.backtest).toMatchObject({ ok: true, modelWins: false });
    expect(report.churn).toMatchObject({ model: 'MBG/NBD', fallback: { rule: 'lifecycleState', reason: 'lost-backtest' } });
    expect(report.predictions.inUse).toBe('simpleRule');
    expect(report.predictions.expectedOrders).not.toBeNull();
    expect(customers.ruleOrders365.reduce((sum, orders) => sum + orders, 0)).toBeCloseTo(
      report.predictions.simpleRule.expectedOrders,
      6,
    );
  });

  it('a store where nobody came back on a second day says so', () => {
    const rows = Array.from({ length: 600 }, (_, customer) => customer + 1).flatMap((customerKey) =>
      [0, 1, 2].map(() => anOrder({ at: daysAgo(100 + (customerKey % 200)), customerKey })),
    );
    const { report, customers } = predict(columnsOf(rows));
    expect(report.churn).toMatchObject({ model: null, fallback: { reason: 'no-fit' } });
    expect(report.spend).toMatchObject({ p: null, meanMinor: null, fallback: { reason: 'no-repeat-spend' } });
    expect(report.predictions).toMatchObject({ inUse: 'simpleRule', simpleRule: { expectedOrders: 0 } });
    expect(customers.predictedClv365Minor).toBeNull();
  });

  it('a shop with one price expects that price', () => {
    const seen = new Set<string>();
    const onceADay = rowsOf(STORE.columns).filter(({ customerKey, processedAtMs }) => {
      const isNew = !seen.has(`${customerKey} ${processedAtMs}`);
      seen.add(`${customerKey} ${processedAtMs}`);
      return isNew;
    });
    const { report } = predict(columnsOf(onceADay.map((row) => ({ ...row, valueMinor: 1999 }))), { withAlternatives: false });
    const { expectedOrders, expectedRevenueMinor, intervals } = report.predictions;
    expect(report.spend).toMatchObject({
      p: null,
      fallback: { reason: 'same-spend', uses: 'meanOfAll' },
      correlation: null,
      meanMinor: 1999,
    });
    expect(requireNumber(expectedRevenueMinor) / requireNumber(expectedOrders)).toBeCloseTo(1999, 8);
    expect(intervals?.expectedRevenueMinor).not.toBeNull();
  });

  it('no shop at all has no numbers, and no errors', () => {
    const { report, customers } = predict(columnsOf([]));
    expect(report.predictions).toMatchObject({ expectedOrders: null, simpleRule: { expectedOrders: 0 } });
    expect(report.churn.fallback).toMatchObject({ reason: 'too-little-data' });
    expect(customers.count).toBe(0);
  });
});
