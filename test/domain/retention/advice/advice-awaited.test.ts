import { describe, expect, it } from 'vitest';

import { awaitAdvice } from '#app/domain/retention/advice/advice-awaited.ts';
import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { anOrder, columnsOf, dayNamed } from '#test/domain/retention/order-rows.ts';

const TODAY = dayNamed('2026-11-20');

/** Customers who ordered so many days before today. */
function customers(count: number, daysAgo: readonly number[]): OrderRow[] {
  const from = daysAgo[0] ?? 0;
  return Array.from({ length: count }, (_, index) => daysAgo.map((days) => anOrder({ customerKey: 1_000 * from + index, at: `${formatDay(TODAY - days)}T12:00:00Z` }))).flat();
}

function awaitedBy(orders: OrderRow[], asOfDay = TODAY) {
  const columns = columnsOf(orders);
  return awaitAdvice(columns, everyone(columns), asOfDayIn('UTC', asOfDay));
}

describe('advice that a store’s past does not carry yet', () => {
  it('waits for fifty second orders, until the day on which they are there at the pace of three months', () => {
    // 20 of 30 are of three months: 20 more in as many.
    const shop = [...customers(10, [300, 200]), ...customers(20, [200, 50]), ...customers(70, [30])];
    expect(awaitedBy(shop)).toEqual({ has: 30, needed: 50, fromDays: null, reachedOn: formatDay(TODAY + 90) });
  });

  it('counts a customer once, however often they came back', () => {
    expect(awaitedBy(customers(10, [80, 70, 60, 50, 40, 30]))).toMatchObject({ has: 10, reachedOn: formatDay(TODAY + 360) });
  });

  it('counts a second order 89 days ago to the three months and one 90 days ago not', () => {
    expect(awaitedBy(customers(45, [200, 89]))?.reachedOn).toBe(formatDay(TODAY + 10));
    expect(awaitedBy(customers(45, [200, 90]))).toEqual({ has: 45, needed: 50, fromDays: null, reachedOn: null });
  });

  it('then waits for fifty who were not back when others begin to, until they have had thirty days more', () => {
    // Sixty came back after ten days, so that it is those who were not who speak for somebody now.
    const back = customers(60, [30, 20]);
    expect(awaitedBy([...back, ...customers(49, [40]), ...customers(1, [39])])).toEqual({ has: 49, needed: 50, fromDays: 10, reachedOn: formatDay(TODAY + 1) });
    expect(awaitedBy([...back, ...customers(50, [40])])).toBeNull();
    // Forty in three months: ten more in 23 days, and forty after them.
    expect(awaitedBy([...back, ...customers(40, [20])])).toEqual({ has: 0, needed: 50, fromDays: 10, reachedOn: formatDay(TODAY + 23 + 40) });
  });

  it('counts as not back who came later than others begin to', () => {
    const back = customers(90, [60, 50]);
    expect(awaitedBy([...back, ...customers(50, [45, 34])])).toBeNull();
    expect(awaitedBy([...back, ...customers(50, [45, 35])])).toMatchObject({ has: 0, reachedOn: null });
  });

  it('does not know on a day in the past who came back after it', () => {
    const shop = [...customers(60, [100, 90]), ...customers(50, [20, 12])];
    expect(awaitedBy(shop, TODAY - 15)).toMatchObject({ has: 0, fromDays: 10, reachedOn: formatDay(TODAY + 20) });
  });

  it('waits for nothing once there are both, and of a day in the past for what was missing then', () => {
    const shop = [...customers(50, [200, 190]), ...customers(50, [201])];
    expect(awaitedBy(shop)).toBeNull();
    expect(awaitedBy(shop, TODAY - 191)).toEqual({ has: 0, needed: 50, fromDays: null, reachedOn: null });
  });
});
