import { describe, expect, it } from 'vitest';
import { mbgNbdModel } from '#app/domain/retention/models/mbg-nbd.ts';
import type { PurchaseHistories, PurchaseHistory } from '#app/domain/retention/models/purchase-histories.ts';
import { forecastByLastYear, forecastBySimpleRule } from '#app/domain/retention/predictions/rivals.ts';
import { HORIZON_DAYS, NOT_EXPECTED, predictRows } from '#app/domain/retention/predictions/row-predictions.ts';

const MODEL = mbgNbdModel({ r: 0.6, alpha: 40, a: 0.8, b: 2.2 });

function historiesOf(rows: readonly PurchaseHistory[], customers = rows.map(() => 1)): PurchaseHistories {
  return {
    rowCount: rows.length,
    frequency: Float64Array.from(rows, ({ frequency }) => frequency),
    recency: Float64Array.from(rows, ({ recency }) => recency),
    age: Float64Array.from(rows, ({ age }) => age),
    customers: Float64Array.from(customers),
  };
}

const ROWS = [0, 1, 3, 12].flatMap((frequency) =>
  [0, 20, 100, 400].flatMap((recency) =>
    [0, 5, 60, 300].map((away) => ({ frequency, recency: frequency === 0 ? 0 : recency, age: recency + away })),
  ),
);

describe('the next order date', () => {
  it('is the first day on which a purchase by then is more likely than none', () => {
    const histories = historiesOf(ROWS);
    const { pAlive, daysToNextOrder } = predictRows(MODEL, histories);
    const found = ROWS.map((row, index) => {
      for (let days = 1; days <= HORIZON_DAYS; days += 1) {
        if (Number(pAlive[index]) * (1 - MODEL.pNoPurchaseWhileAlive(row, days)) > 0.5) return days;
      }
      return NOT_EXPECTED;
    });
    expect([...daysToNextOrder]).toEqual(found);
    // Both answers, and different days, are among them.
    expect(found).toContain(NOT_EXPECTED);
    expect(new Set(found).size).toBeGreaterThan(10);
  });
});

describe('expected orders', () => {
  it('are those of the model, history by history', () => {
    const { pAlive, expectedOrders, discountedOrders } = predictRows(MODEL, historiesOf(ROWS));
    expect([...pAlive]).toEqual(ROWS.map(MODEL.pAlive));
    expect([...expectedOrders]).toEqual(ROWS.map((row) => MODEL.expectedPurchases(row, 365)));
    expect(discountedOrders).toBe(expectedOrders);
  });

  it('count less the later they come when discounted, month by month', () => {
    const { expectedOrders, discountedOrders } = predictRows(MODEL, historiesOf(ROWS), { monthlyDiscountRate: 0.01 });
    ROWS.forEach((row, index) => {
      const months = Array.from({ length: 12 }, (_, month) => {
        const from = MODEL.expectedPurchases(row, (365 / 12) * month);
        return (MODEL.expectedPurchases(row, (365 / 12) * (month + 1)) - from) / 1.01 ** (month + 1);
      });
      const discounted = Number(discountedOrders[index]);
      expect(discounted).toBeCloseTo(
        months.reduce((sum, orders) => sum + orders, 0),
        12,
      );
      expect(discounted).toBeLessThan(Number(expectedOrders[index]) / 1.01 + 1e-12);
      expect(discounted).toBeGreaterThan(Number(expectedOrders[index]) / 1.01 ** 12);
    });
  });
});

describe('the rivals of the model', () => {
  it("go on as before until a customer has lapsed: the simple rule's", () => {
    const histories = historiesOf([
      { frequency: 4, recency: 150, age: 200 },
      { frequency: 4, recency: 149, age: 200 },
      { frequency: 0, recency: 0, age: 30 },
      { frequency: 0, recency: 0, age: 0 },
    ]);
    expect([...forecastBySimpleRule(histories, 50, 100)]).toEqual([2, 0, 0, 0]);
  });

  it("spread last year's purchases evenly over the days that customers were known in it", () => {
    const rows = [
      { frequency: 1, recency: 10, age: 1000 },
      { frequency: 0, recency: 0, age: 135 },
    ];
    expect(forecastByLastYear(historiesOf(rows, [2, 1]), 43.25, 100)).toBeCloseTo((43.25 / (2 * 365 + 135)) * 100, 12);
    expect(forecastByLastYear(historiesOf([{ frequency: 0, recency: 0, age: 0 }]), 0, 100)).toBe(0);
  });
});
