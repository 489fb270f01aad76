import { expect, it } from 'vitest';
import { alignPredictions } from '#app/domain/retention/predictions/align-predictions.ts';
import type { PredictionsInUse } from '#app/domain/retention/predictions/predictions-in-use.ts';
import { anOrder, columnsOf } from '../order-rows.ts';

const columnsWith = (...keys: (number | string)[]) => columnsOf(keys.map((customerKey) => anOrder({ customerKey, at: '2024-01-10T00:00:00Z' })));

it('stays with each customer when others come and go, and knows nothing of who is new', () => {
  const earlier = columnsWith(2, 4, 6, 'a@example.com');
  const customers = Uint32Array.of(0, 1, 2, 3);
  const pAlive = Float64Array.of(0.2, 0.4, 0.6, 0.8);
  const of: PredictionsInUse = {
    ...{ count: 4, customers, inUse: 'model', pAlive, predictedClv365Minor: null, nextOrderDay: Int32Array.of(2, 4, 6, 8) },
    ...{ frequency: Uint32Array.of(2, 4, 6, 8), recency: customers, age: customers, expectedOrders365: pAlive },
  };
  const columns = columnsWith(-9, 2, 5, 6, 'a@example.com', 'b@example.com');
  // The one with the key 5 has not ordered by the day that is looked at.
  const aligned = alignPredictions(of, earlier, { columns, rows: { count: 5, customers: Uint32Array.of(0, 1, 3, 4, 5) } });
  expect([...(aligned.pAlive ?? [])]).toEqual([NaN, 0.2, 0.6, 0.8, NaN]);
  expect([...aligned.frequency]).toEqual([0, 2, 6, 8, 0]);
  expect([...(aligned.nextOrderDay ?? [])].slice(1, 4)).toEqual([2, 6, 8]);
  expect({ count: aligned.count, value: aligned.predictedClv365Minor, inUse: aligned.inUse }).toEqual({ count: 5, value: null, inUse: 'model' });
});
