import { describe, expect, it } from 'vitest';

import { everyone } from '#app/domain/retention/columns/selection.ts';
import { compareWindows } from '#app/domain/retention/report/compare-windows.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { anOrder, columnsOf, dayNamed } from '#test/domain/retention/order-rows.ts';

function compare(instants: readonly string[], { asOf, days }: { asOf: string; days: number }) {
  const columns = columnsOf(instants.map((at, index) => anOrder({ customerKey: index + 1, at })));
  const firstOrderDay = instants.length === 0 ? null : Math.min(...columns.days);
  return compareWindows(columns, everyone(columns), { asOfDay: dayNamed(asOf), days, firstOrderDay });
}

describe('numbers beside those of the time before', () => {
  it('are of the days just before, and of the same days a year ago', () => {
    const orders = ['2025-01-01', '2025-11-05', '2026-09-25', '2026-10-30', '2026-11-20', '2026-11-21'];
    const { window, previous, yearBefore } = compare(orders.map((day) => `${day}T12:00:00Z`), { asOf: '2026-11-20', days: 30 });
    expect([window.from, window.to, window.basics.orders]).toEqual(['2026-10-22', '2026-11-20', 2]);
    expect([previous?.from, previous?.to, previous?.basics.orders]).toEqual(['2026-09-22', '2026-10-21', 1]);
    expect([yearBefore?.from, yearBefore?.to, yearBefore?.basics.orders]).toEqual(['2025-10-22', '2025-11-20', 1]);
  });

  it('are not shown where the history begins later', () => {
    const { previous, yearBefore } = compare(['2026-09-23T12:00:00Z', '2026-11-01T12:00:00Z'], { asOf: '2026-11-20', days: 30 });
    expect([previous, yearBefore]).toEqual([null, null]);
    const empty = compare([], { asOf: '2026-11-20', days: 30 });
    expect(empty).toMatchObject({ window: { basics: { orders: 0 } }, previous: null, yearBefore: null });
  });

  it('say on which day they will be there, and are', () => {
    for (const first of ['2026-09-23', '2024-02-29', '2023-03-01']) {
      const { knownOn } = compare([`${first}T12:00:00Z`], { asOf: first, days: 30 });
      const on = (day: string, earlier: number) => compare([`${first}T12:00:00Z`], { asOf: formatDay(dayNamed(day) - earlier), days: 30 });
      const [previous = '', yearBefore = ''] = [knownOn?.previous, knownOn?.yearBefore];
      expect([first, on(previous, 0).previous?.from, on(previous, 1).previous]).toEqual([first, first, null]);
      expect([first, on(yearBefore, 0).yearBefore === null, on(yearBefore, 1).yearBefore]).toEqual([first, false, null]);
    }
    expect(compare([], { asOf: '2026-11-20', days: 30 }).knownOn).toBeNull();
  });

  it('have one comparison where the year before is the time before', () => {
    const { previous, yearBefore } = compare(['2020-01-01T12:00:00Z'], { asOf: '2026-11-20', days: 365 });
    expect(previous).toMatchObject({ from: '2024-11-21', to: '2025-11-20' });
    expect(yearBefore).toBeNull();
  });

  it('know leap days', () => {
    const { yearBefore } = compare(['2020-01-01T12:00:00Z'], { asOf: '2024-02-29', days: 30 });
    expect([yearBefore?.from, yearBefore?.to]).toEqual(['2023-01-31', '2023-02-28']);
  });
});
