import { describe, expect, it } from 'vitest';

import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { countAliveBands } from '#app/domain/retention/predictions/alive-bands.ts';
import { computePredictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import { expectEnough } from '#app/domain/retention/predictions/expected-enough.ts';
import { glanceAtPredictions } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { anOrder, columnsOf } from '../order-rows.ts';
import { A_STORE, AS_OF_DAY, simulateStore } from './simulate-store.ts';

const AS_OF = asOfDayIn('UTC', AS_OF_DAY);
const { columns } = simulateStore(A_STORE, 1);
const PREDICTIONS = computePredictions(columns, everyone(columns), { asOf: AS_OF, withAlternatives: false });
const GLANCE = glanceAtPredictions(columns, AS_OF, PREDICTIONS);

function on(daysAgo: number): string {
  return `${formatDay(AS_OF_DAY - daysAgo)}T12:00:00Z`;
}

describe('predictions at a glance', () => {
  it('count who came back as the orders say', () => {
    const splitDay = parseDay(GLANCE.backtest?.splitAt ?? '') ?? NaN;
    let came = 0;
    for (let customer = 0; customer < columns.customerCount; customer += 1) {
      const days = [...columns.days.slice(columns.customerOffsets[customer], columns.customerOffsets[customer + 1])];
      const isKnown = (days[0] ?? Infinity) <= splitDay;
      if (isKnown && days.some((day) => day > splitDay && day <= AS_OF_DAY)) came += 1;
    }
    expect(GLANCE.backtest?.returned.actual).toBe(came);
    expect(Math.abs((GLANCE.backtest?.returned.predicted ?? NaN) / came - 1)).toBeLessThan(0.1);
  });

  it('show whole weeks, and as many as a chart can', () => {
    const weeks = GLANCE.backtest?.weeks ?? [];
    const ends = weeks.map(({ endsOn }) => parseDay(endsOn) ?? NaN);
    expect(weeks.length).toBeGreaterThan(90);
    expect(weeks.length).toBeLessThanOrEqual(104);
    expect(ends.every((day, index) => index === 0 || day - (ends[index - 1] ?? NaN) === 7)).toBe(true);
  });

  it('put each customer into one band', () => {
    const bands = GLANCE.aliveBands ?? [];
    expect(bands.map(({ name }) => name)).toEqual(['sure', 'probable', 'open', 'gone']);
    expect(bands.reduce((sum, { customers }) => sum + customers, 0)).toBe(PREDICTIONS.customers.count);
    expect(countAliveBands(Float64Array.of(0, 0.2999, 0.3, 0.7, 0.9, 1, NaN)).map(({ customers }) => customers)).toEqual([2, 1, 1, 2]);
  });

  it('are small enough to be sent with every page', () => {
    expect(JSON.stringify(GLANCE).length).toBeLessThan(20_000);
  });
});

describe('what a shop is short of', () => {
  const missing = [
    { what: 'customers' as const, has: 200, needs: 500 },
    { what: 'historyDays' as const, has: 120, needs: 180 },
    { what: 'customersWithThreeOrders' as const, has: 0, needs: 50 },
  ];

  it('is expected at the pace of the last three months, and history on its day', () => {
    // 20 customers 120 days ago, and two a day in the last 90 days.
    const old = Array.from({ length: 20 }, (_, customer) => anOrder({ customerKey: customer, at: on(120) }));
    const young = Array.from({ length: 180 }, (_, customer) => anOrder({ customerKey: 100 + customer, at: on(Math.floor(customer / 2)) }));
    const shop = columnsOf([...old, ...young]);
    expect(expectEnough(shop, everyone(shop), { asOf: AS_OF, missing }).map(({ what, reachedOn }) => [what, reachedOn])).toEqual([
      ['customers', formatDay(AS_OF_DAY + 150)],
      ['historyDays', formatDay(AS_OF_DAY + 60)],
      ['customersWithThreeOrders', null],
    ]);
  });

  it('is not promised where it is more than two years away', () => {
    const shop = columnsOf(Array.from({ length: 200 }, (_, customer) => anOrder({ customerKey: customer, at: on(customer < 40 ? 10 : 120) })));
    const [customers] = expectEnough(shop, everyone(shop), { asOf: AS_OF, missing });
    // 40 in 90 days: 300 more take 675 days, which is near enough; 10 in 90 days would not be.
    expect(customers?.reachedOn).toBe(formatDay(AS_OF_DAY + 675));
    const slow = columnsOf(Array.from({ length: 200 }, (_, customer) => anOrder({ customerKey: customer, at: on(customer < 10 ? 10 : 120) })));
    expect(expectEnough(slow, everyone(slow), { asOf: AS_OF, missing })[0]?.reachedOn).toBeNull();
  });
});
