import { describe, expect, it } from 'vitest';

import { everyone } from '#app/domain/retention/columns/selection.ts';
import { OrderColumnsBuilder } from '#app/domain/retention/columns/order-columns-builder.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { DEFAULT_COUNTING } from '#app/domain/retention/metrics/order-value.ts';
import { compareModels } from '#app/domain/retention/predictions/compare-models.ts';
import { computePredictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import { anOrder, columnsOf } from '../order-rows.ts';
import { A_STORE, AS_OF_DAY, simulateStore } from './simulate-store.ts';

const AS_OF = asOfDayIn('UTC', AS_OF_DAY);

describe('models beside each other', () => {
  const { columns } = simulateStore(A_STORE, 1);
  const compared = compareModels(columns, everyone(columns), AS_OF);
  const { report } = computePredictions(columns, everyone(columns), { asOf: AS_OF });

  it('are fitted as the report fits them, and the first is that of the pages', () => {
    expect(compared?.models.map(({ name }) => name)).toEqual(['MBG/NBD', 'BG/NBD', 'Pareto/NBD']);
    const [mbg, bg, pareto] = compared?.models ?? [];
    expect(mbg).toMatchObject({ logLikelihood: report.churn.logLikelihood, expectedAlive: report.churn.expectedAlive });
    const alternatives = report.churn.alternatives;
    expect([bg?.logLikelihood, pareto?.logLikelihood]).toEqual(
      [alternatives['BG/NBD'], alternatives['Pareto/NBD']].map((fit) => (fit.ok ? fit.logLikelihood : null)),
    );
    expect(mbg?.expectedOrders).toBeCloseTo(report.predictions.expectedOrders ?? NaN, 6);
  });

  it('agree about a store that is as they suppose, and each says how many are still there', () => {
    expect(compared?.furthestShare).toBeGreaterThan(0);
    expect(compared?.furthestShare).toBeLessThan(0.1);
    for (const { expectedAlive } of compared?.models ?? []) expect(expectedAlive).toBeGreaterThan(0);
    const [first, ...others] = (compared?.models ?? []).map(({ expectedOrders }) => expectedOrders ?? NaN);
    expect(compared?.furthestShare).toBe(Math.max(...others.map((other) => Math.abs(other / (first ?? NaN) - 1))));
  });

  it('have no Pareto/NBD among them of so many customers that nobody would wait for it, here and in the report', () => {
    const builder = new OrderColumnsBuilder({ timeZone: 'UTC', currency: 'EUR', counting: DEFAULT_COUNTING });
    const dayMs = 86_400_000;
    const template = anOrder({ at: '2024-01-01T10:00:00Z' });
    for (let customer = 0, orderId = 1; customer < 300_000; customer += 1) {
      // A few habits, so that the histories collapse and the other models are fitted at once.
      const habit = customer % 8;
      for (let order = 0; order < (habit === 0 ? 3 : 1); order += 1, orderId += 1) {
        builder.append({ ...template, customerKey: customer + 1, orderId, processedAtMs: (AS_OF_DAY - 300 + habit * 10 + order * 40) * dayMs });
      }
    }
    const many = builder.build();
    const steps: string[] = [];
    const { report: ofMany } = computePredictions(many, everyone(many), { asOf: AS_OF, onStep: (step) => steps.push(step) });
    expect(ofMany.churn.alternatives['Pareto/NBD']).toMatchObject({ ok: false, reason: 'too-many-customers' });
    expect(steps).toEqual(['MBG/NBD', 'backtest', 'BG/NBD']);
    expect(compareModels(many, everyone(many), AS_OF)?.models[2]).toMatchObject({ name: 'Pareto/NBD', wasTried: false });
  });

  it('are not asked where too little is known', () => {
    const few = columnsOf([anOrder({ customerKey: 1, at: '2024-01-01T10:00:00Z' })]);
    expect(compareModels(few, everyone(few), AS_OF)).toBeNull();
  });
});
