import { describe, expect, it } from 'vitest';

import { sumSides } from '#app/domain/offers/holdout/sum-sides.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);
const DAY_S = DAY_MS / 1000;

/** Orders as [customer, days after the start, value]; customers ascending, and each one's orders by time. */
function columnsOf(orders: readonly [number, number, number][]) {
  const customers = [...new Set(orders.map(([customer]) => customer))].sort((a, b) => a - b);
  const offsets = customers.map((customer) => orders.findIndex(([of]) => of === customer));
  return {
    customerKeys: Float64Array.from(customers),
    customerOffsets: Uint32Array.from([...offsets, orders.length]),
    instantSeconds: Uint32Array.from(orders.map(([, day]) => START_MS / 1000 + day * DAY_S)),
    valuesMinor: Uint32Array.from(orders.map(([, , value]) => value)),
  };
}

const decided = (customerKey: number, isHeldOut: boolean, day = 0) => ({ customerKey, isHeldOut, decidedAtMs: START_MS + day * DAY_MS });
const in60 = { followedDays: 60, nowMs: START_MS + 100 * DAY_MS };

describe('what both sides did', () => {
  it('counts who came back and what they spent, within the days after the decision and no others', () => {
    const columns = columnsOf([
      [1, 0, 1000], [1, 30, 500], [1, 60, 250], [1, 61, 9999],
      [2, 0, 1000],
      [3, 0, 1000], [3, 59, 70],
    ]);
    const sides = sumSides(columns, [decided(1, false), decided(2, false), decided(3, true), decided(4, true)], in60);
    expect(sides.offered).toEqual({ customers: 2, returned: 1, spentMinor: 750, squaresMinor: 562_500 });
    expect(sides.heldOut).toEqual({ customers: 2, returned: 1, spentMinor: 70, squaresMinor: 4_900 });
  });

  it('counts who came back for nothing as somebody who came back', () => {
    const sides = sumSides(columnsOf([[1, 0, 1000], [1, 30, 0]]), [decided(1, false)], in60);
    expect(sides.offered).toEqual({ customers: 1, returned: 1, spentMinor: 0, squaresMinor: 0 });
  });

  it('leaves out who is still followed, and says when the first result comes', () => {
    const sides = sumSides(columnsOf([[1, 41, 5], [2, 45, 5]]), [decided(1, false, 41), decided(2, true, 45), decided(3, true, 40)], in60);
    expect(sides).toMatchObject({ offered: { customers: 0 }, heldOut: { customers: 1, returned: 0 }, waiting: 2, nextAtMs: START_MS + 101 * DAY_MS });
  });

  it('follows somebody who was forgotten under the number that stands for them', () => {
    const sides = sumSides(columnsOf([[-77, 10, 300]]), [decided(-77, false)], in60);
    expect(sides.offered).toMatchObject({ customers: 1, returned: 1, spentMinor: 300 });
  });
});
