import { describe, expect, it } from 'vitest';

import { deriveProductActions } from '#app/domain/retention/advice/derive-product-actions.ts';
import type { ProductAction } from '#app/domain/retention/advice/derive-product-actions.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { computeCustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import { computeUrgencies } from '#app/domain/retention/products/replenishment-urgency.ts';
import { ALL_CUSTOMERS } from '#app/domain/segments/segment.ts';
import { selectMembers } from '#app/domain/segments/select-members.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayNamed } from '#test/domain/retention/order-rows.ts';
import { aPurchase, scopeOf } from '#test/domain/retention/products/purchases.ts';
import type { Purchase } from '#test/domain/retention/products/purchases.ts';

const AS_OF = '2026-11-20';
const TODAY = dayNamed(AS_OF);

/** A customer who bought the products so many days before today, for 20.00 each time. */
function aBuyer(customerKey: number, of: string, daysAgo: readonly number[]): Purchase[] {
  return daysAgo.map((days) => aPurchase({ customerKey, at: `${formatDay(TODAY - days)}T12:00:00Z`, of: [of], valueMinor: 20_00 }));
}

const actionsOf = (purchases: readonly Purchase[][]): ProductAction[] => deriveProductActions(scopeOf(purchases.flat(), AS_OF));

function the<Kind extends ProductAction['kind']>(kind: Kind, actions: readonly ProductAction[]) {
  return actions.find((action): action is Extract<ProductAction, { kind: Kind }> => action.kind === kind);
}

/** Long ago, of 80 who bought coffee: 20 bought it again after 20 days, 40 after 30, and 20 never did. */
const COFFEE = Array.from({ length: 80 }, (_, key) => aBuyer(key + 1, 'coffee', key < 20 ? [400, 380] : key < 60 ? [400, 370] : [400]));

describe('customers who are due for a product', () => {
  it('are told with what became of those who had gone without it as long', () => {
    const due = Array.from({ length: 8 }, (_, index) => aBuyer(1_000 + index, 'coffee', [25]));
    const tooEarly = aBuyer(2_000, 'coffee', [19]);
    const tooLate = aBuyer(2_001, 'coffee', [30]);
    const action = the('refill', actionsOf([...COFFEE, ...due, tooEarly, tooLate]));
    expect(action).toMatchObject({ productTitle: 'The coffee', customers: 8, fromDays: 20, toDays: 29 });
    const shop = scopeOf([...COFFEE, ...due, tooEarly, tooLate].flat(), AS_OF);
    const rows = computeCustomerRows(shop.columns, everyone(shop.columns), shop.asOf);
    const members = selectMembers({ ...shop, rows, predictions: null, urgencies: computeUrgencies(shop), tiers: null }, action?.segment ?? ALL_CUSTOMERS);
    expect(members.count).toBe(8);
    // Silences that went past day 25: 40 that ended on day 30, 60 after a second purchase, 20 after the only one.
    expect(action).toMatchObject({ earlier: 120, usualShare: 40 / 120 });
    expect(action?.stake).toMatchObject({ number: 8, orderMinor: 20_00, worthMinor: Math.round(((8 * 40) / 120) * 20_00) });
  });

  it('are not told where they are fewer than five, or where too few earlier cases speak for them', () => {
    const due = Array.from({ length: 4 }, (_, index) => aBuyer(1_000 + index, 'coffee', [25]));
    expect(the('refill', actionsOf([...COFFEE, ...due]))).toBeUndefined();
    expect(the('refill', actionsOf(Array.from({ length: 9 }, (_, key) => aBuyer(key, 'tea', [25]))))).toBeUndefined();
  });

  it('are those of the product that most money waits for', () => {
    const rare = Array.from({ length: 60 }, (_, key) => aBuyer(5_000 + key, 'cocoa', key < 30 ? [400, 380] : [400, 370]));
    const dueFor = (of: string, count: number, from: number) => Array.from({ length: count }, (_, index) => aBuyer(from + index, of, [25]));
    const actions = actionsOf([...COFFEE, ...rare, ...dueFor('coffee', 6, 1_000), ...dueFor('cocoa', 40, 7_000)]);
    expect(the('refill', actions)?.productTitle).toBe('The cocoa');
  });
});

describe('a product with which customers begin who come back', () => {
  /** 100 begin with soap, 60 of whom come back; 300 begin with something else, 60 of whom do. All have had the time. */
  const soap = Array.from({ length: 100 }, (_, key) => aBuyer(key + 1, 'soap', key < 60 ? [489, 460] : [489]));
  const others = Array.from({ length: 300 }, (_, key) => aBuyer(1_000 + key, `thing ${key % 100}`, key < 60 ? [300, 270] : [300]));

  it('is told with the rate of the store, and what the difference came to a month', () => {
    const action = the('firstProduct', actionsOf([...soap, ...others]));
    expect(action).toMatchObject({ productTitle: 'The soap', days: 90, customers: 100, rate: 0.6, rateOfShop: 0.3 });
    // 30 customers more than at the rate of the store, at 20.00, in the 400 days from the first order to 90 days ago.
    // That is 7.5 of the 100 in thirty days, as whole people.
    expect(action?.stake).toEqual({ number: 8, chance: 0.3, orderMinor: 20_00, worthMinor: 48_00 });
    expect(action?.segment.conditions).toEqual([
      { kind: 'choice', field: 'firstProduct', anyOf: ['soap'] },
      { kind: 'range', field: 'daysSinceFirstOrder', from: 90, to: null },
    ]);
  });

  it('is not told where luck explains it, nor where it is most of the store', () => {
    const noBetter = Array.from({ length: 100 }, (_, key) => aBuyer(key + 1, 'soap', key < 22 ? [489, 460] : [489]));
    expect(the('firstProduct', actionsOf([...noBetter, ...others]))).toBeUndefined();
    expect(the('firstProduct', actionsOf([...soap, ...others.slice(0, 80)]))).toBeUndefined();
  });
});

it('nothing is told of a store without lines', () => {
  expect(actionsOf([])).toEqual([]);
});
