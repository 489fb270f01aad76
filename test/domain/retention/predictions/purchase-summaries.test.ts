import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { OrderColumns, OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { countRepeatDays } from '#app/domain/retention/predictions/purchase-days.ts';
import { summarizePurchases } from '#app/domain/retention/predictions/purchase-summaries.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { anOrder, columnsOf, dayNamed } from '../order-rows.ts';

function summariesOf(rows: readonly OrderRow[], asOf: string, timeZone = 'UTC') {
  const columns = columnsOf(rows, { timeZone });
  return summarizePurchases(columns, everyone(columns), asOfDayIn(timeZone, dayNamed(asOf)));
}

/** The definitions of METRICS section 6 once more, from the rows, with maps of day texts. */
function naiveSummary(rows: readonly OrderRow[], asOf: string, timeZone: string) {
  const byCustomer = new Map<unknown, Map<string, number>>();
  for (const { customerKey, processedAtMs, valueMinor } of rows) {
    const day = Temporal.Instant.fromEpochMilliseconds(processedAtMs).toZonedDateTimeISO(timeZone).toPlainDate().toString();
    if (customerKey === null || day > asOf) continue;
    const days = byCustomer.get(customerKey) ?? new Map<string, number>();
    days.set(day, (days.get(day) ?? 0) + valueMinor);
    byCustomer.set(customerKey, days);
  }
  const daysBetween = (from: string, to: string) => Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days;
  return [...byCustomer].map(([key, days]) => {
    const [first = '', ...repeats] = [...days.keys()].sort();
    const last = repeats.at(-1) ?? first;
    const repeatMinor = repeats.reduce((sum, day) => sum + (days.get(day) ?? NaN), 0);
    return {
      key,
      x: repeats.length,
      recency: daysBetween(first, last),
      age: daysBetween(first, asOf),
      zbar: repeats.length === 0 ? 0 : repeatMinor / repeats.length,
    };
  });
}

function listed(columns: OrderColumns, asOf: string) {
  const summaries = summarizePurchases(columns, everyone(columns), asOfDayIn(columns.timeZone, dayNamed(asOf)));
  return Array.from(summaries.customers, (customer, i) => ({
    key: columns.customerKeys[customer],
    x: summaries.frequency[i],
    recency: summaries.recency[i],
    age: summaries.age[i],
    zbar: summaries.repeatMeanMinor[i],
  }));
}

/** Many orders on the same days, some around midnight in the shop's zone and around a change of clocks. */
function randomRows(seed: number): OrderRow[] {
  const random = seededRandom(seed);
  return Array.from({ length: 400 }, (_, index) =>
    anOrder({
      at: new Date(Date.UTC(2024, 9, 1) + random.between(0, 60 * 48) * 1_800_000).toISOString(),
      orderId: index + 1,
      customerKey: random.chance(0.1) ? null : random.between(1, 60),
      valueMinor: random.between(0, 5000),
    }),
  );
}

describe('purchase summaries', () => {
  it('take the orders of one day in shop time for one purchase, worth their sum', () => {
    const rows = [
      anOrder({ at: '2025-01-01T10:00:00Z', valueMinor: 500 }),
      anOrder({ at: '2025-01-11T04:59:00Z', valueMinor: 100 }),
      anOrder({ at: '2025-01-11T05:01:00Z', valueMinor: 200 }),
      anOrder({ at: '2025-01-11T20:00:00Z', valueMinor: 400 }),
    ];
    const utc = summariesOf(rows, '2025-01-31');
    expect([...utc.frequency, ...utc.recency, ...utc.age, ...utc.repeatMeanMinor]).toEqual([1, 10, 30, 700]);
    const newYork = summariesOf(rows, '2025-01-31', 'America/New_York');
    expect([...newYork.frequency, ...newYork.recency, ...newYork.age, ...newYork.repeatMeanMinor]).toEqual([2, 10, 30, 350]);
  });

  it('leave a second order on the first day out of the repeat purchases and of their mean', () => {
    const rows = [
      anOrder({ at: '2025-01-01T10:00:00Z', valueMinor: 500 }),
      anOrder({ at: '2025-01-01T11:00:00Z', valueMinor: 9900 }),
      anOrder({ at: '2025-01-03T11:00:00Z', valueMinor: 300 }),
    ];
    const { frequency, orders, repeatMeanMinor } = summariesOf(rows, '2025-01-05');
    expect([...frequency, ...orders, ...repeatMeanMinor]).toEqual([1, 3, 300]);
  });

  it('give somebody who first came on the as-of day the age 0, and know nobody who came later', () => {
    const rows = [
      anOrder({ at: '2025-01-05T10:00:00Z', customerKey: 1 }),
      anOrder({ at: '2025-01-06T10:00:00Z', customerKey: 2 }),
    ];
    const { count, age } = summariesOf(rows, '2025-01-05');
    expect({ count, age: [...age] }).toEqual({ count: 1, age: [0] });
  });

  it.each(['UTC', 'Europe/London', 'America/St_Johns', 'Pacific/Auckland'])('agree with the naive definition in %s', (zone) => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const rows = randomRows(seed);
      const columns = columnsOf(rows, { timeZone: zone });
      const byKey = (a: { key: unknown }, b: { key: unknown }) => Number(a.key) - Number(b.key);
      expect(listed(columns, '2024-11-05')).toEqual(naiveSummary(rows, '2024-11-05', zone).sort(byKey));
    }
  });

  it('know each history once, in order, with all its customers', () => {
    const { histories, rowOfCustomer, count, frequency, recency, age } = summariesOf(randomRows(7), '2024-11-20');
    const texts = Array.from({ length: histories.rowCount }, (_, row) =>
      [histories.age[row], histories.recency[row], histories.frequency[row]].map((n) => String(n).padStart(4)).join(),
    );
    expect(texts).toEqual([...new Set(texts)].sort());
    expect(histories.customers.reduce((sum, n) => sum + n, 0)).toBe(count);
    for (let i = 0; i < count; i += 1) {
      const row = Number(rowOfCustomer[i]);
      expect([histories.frequency[row], histories.recency[row], histories.age[row]]).toEqual([
        frequency[i],
        recency[i],
        age[i],
      ]);
    }
  });

  it('of nobody have no rows', () => {
    const { count, histories } = summariesOf([anOrder({ at: '2025-01-05T10:00:00Z', customerKey: null })], '2025-01-06');
    expect({ count, rows: histories.rowCount }).toEqual({ count: 0, rows: 0 });
  });
});

describe('repeat days of a span', () => {
  it('are the purchases that the later summary has more than the earlier one', () => {
    const rows = randomRows(11);
    const columns = columnsOf(rows, { timeZone: 'Europe/London' });
    const [split, end] = ['2024-10-25', '2024-11-19'].map((day) => asOfDayIn('Europe/London', dayNamed(day)));
    if (split === undefined || end === undefined) throw new Error('no days');
    const before = summarizePurchases(columns, everyone(columns), split);
    const after = summarizePurchases(columns, everyone(columns), end);
    const span = countRepeatDays(columns, before.customers, { afterDay: split.day, asOf: end });
    const later = new Map(Array.from(after.customers, (customer, i) => [customer, i]));
    before.customers.forEach((customer, i) => {
      const j = Number(later.get(customer));
      const spent = (k: number, { frequency, repeatMeanMinor }: typeof after) =>
        Number(frequency[k]) * Number(repeatMeanMinor[k]);
      expect(span.purchases[i]).toBe(Number(after.frequency[j]) - Number(before.frequency[i]));
      expect(span.valueMinor[i]).toBeCloseTo(spent(j, after) - spent(i, before), 6);
    });
    expect(span.purchasesByDay).toHaveLength(end.day - split.day);
    expect(span.purchasesByDay.reduce((sum, n) => sum + n, 0)).toBe(span.totalPurchases);
  });
});
