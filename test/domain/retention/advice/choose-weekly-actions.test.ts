import { describe, expect, it } from 'vitest';

import { chooseWeeklyActions } from '#app/domain/retention/advice/choose-weekly-actions.ts';
import type { ProductAction } from '#app/domain/retention/advice/derive-product-actions.ts';
import type { WeeklyAction, WeeklyActionKind } from '#app/domain/retention/advice/weekly-action.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { computeCustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import { ALL_CUSTOMERS } from '#app/domain/segments/segment.ts';
import { selectMembers } from '#app/domain/segments/select-members.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { anOrder, columnsOf, dayNamed } from '#test/domain/retention/order-rows.ts';
import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';

const TODAY = dayNamed('2026-11-20');

/** A customer who ordered so many days before today, for 10.00 each time. */
function aCustomer(customerKey: number, daysAgo: readonly number[]): OrderRow[] {
  return daysAgo.map((days) => anOrder({ customerKey, at: `${formatDay(TODAY - days)}T12:00:00Z` }));
}

function actionsOf(customers: OrderRow[][], isOfferOn = true): WeeklyAction[] {
  const columns = columnsOf(customers.flat());
  return chooseWeeklyActions(columns, everyone(columns), { asOf: asOfDayIn('UTC', TODAY), isOfferOn });
}

function the<Kind extends WeeklyActionKind>(kind: Kind, actions: readonly WeeklyAction[]) {
  return actions.find((action): action is Extract<WeeklyAction, { kind: Kind }> => action.kind === kind);
}

/** Of 100 first-time buyers long ago: 20 came back after 10 days, 40 after 20, 40 never. */
const LONG_AGO = Array.from({ length: 100 }, (_, key) =>
  aCustomer(key + 1, key < 20 ? [400, 390] : key < 60 ? [400, 380] : [400]),
);

describe('first-time buyers in the days in which others came back', () => {
  const waiting = (count: number, days: number) => Array.from({ length: count }, (_, index) => aCustomer(days * 1_000 + index, [days]));

  it('are told with the share of those who had waited as long before them', () => {
    const action = the('secondOrder', actionsOf([...LONG_AGO, ...waiting(8, 15), ...waiting(1, 9), ...waiting(1, 21)]));
    // The waits are 20 x 10 and 40 x 20: p25 is 10, p75 is 20. 80 had waited for 15 days, of whom 40 came back.
    expect(action).toMatchObject({ customers: 8, fromDays: 10, toDays: 20, earlier: 80, usualShare: 0.5 });
    expect(action?.stake).toEqual({ number: 8, chance: 0.5, orderMinor: 1_000, worthMinor: 4_000 });
    expect(action?.segment.conditions).toContainEqual({ kind: 'range', field: 'daysSinceFirstOrder', from: 10, to: 20 });
  });

  it('have the chance of their own day each: who has waited past it comes back no more', () => {
    const twice = [...LONG_AGO, ...LONG_AGO.map((orders) => orders.map((order) => ({ ...order, customerKey: Number(order.customerKey) + 500 })))];
    // On day 20 the 160 who came to day 15 are 80, and nobody ever came back after it.
    expect(the('secondOrder', actionsOf([...twice, ...waiting(6, 15), ...waiting(6, 20)]))).toMatchObject({ customers: 12, earlier: 80, usualShare: 0.25 });
    expect(the('secondOrder', actionsOf([...twice, ...waiting(12, 20)]))?.stake.worthMinor).toBe(0);
  });

  it('are held against those only whose time to come back is over', () => {
    // Of the 60 of 40 days ago three came back on day 17: the next 30 days after day 15 are not over for any of them.
    const soon = Array.from({ length: 60 }, (_, index) => aCustomer(5_000 + index, index < 3 ? [40, 23] : [40]));
    expect(the('secondOrder', actionsOf([...LONG_AGO, ...soon, ...waiting(8, 15)]))).toMatchObject({ earlier: 80, usualShare: 0.5 });
  });

  it('are not told while fewer than fifty earlier buyers speak for them', () => {
    const now = Array.from({ length: 8 }, (_, index) => aCustomer(1_000 + index, [15]));
    expect(the('secondOrder', actionsOf([...LONG_AGO.slice(0, 40), ...now]))).toBeUndefined();
  });
});

describe('regulars who are later than they used to be', () => {
  // 60 regulars with gaps of 30 days, whose 4th order came after 150 days or never: past the limits of the fixed rule.
  const before = Array.from({ length: 60 }, (_, key) => aCustomer(key + 1, key < 15 ? [900, 870, 840, 690] : [900, 870, 840]));

  it('are told with what became of those who were as late before', () => {
    const late = Array.from({ length: 6 }, (_, index) => aCustomer(1_000 + index, [190, 160, 130]));
    const action = the('lateRegulars', actionsOf([...before, ...late]));
    // Earlier cases: the 60 silences after a third order, and the 15 after a fourth.
    expect(action).toMatchObject({ customers: 6, sinceDays: 121, untilDays: 180, earlier: 75, usualShare: expect.closeTo(15 / 75, 12) });
    // One usual order of each, and not what they spent in a year.
    expect(action?.stake).toMatchObject({ number: 6, orderMinor: 1_000, worthMinor: 1_200 });
  });

  it('are not told when they are on time', () => {
    const lastBefore = (days: number) => Array.from({ length: 6 }, (_, index) => aCustomer(1_000 + index, [210, 180, days]));
    // 120 days are the last of the state before: the list has those from 121 on.
    for (const days of [100, 120]) expect(the('lateRegulars', actionsOf([...before, ...lastBefore(days)]))).toBeUndefined();
    expect(the('lateRegulars', actionsOf([...before, ...lastBefore(121)]))).toMatchObject({ customers: 6, sinceDays: 121 });
  });
});

describe('the best who have been silent the longest', () => {
  it('are told with the chance that is left after such a silence, which is not that all of them come back', () => {
    // 75 regulars stopped long ago, 15 of whom came back for once after 350 days; 10 more have been silent for 330.
    const before = Array.from({ length: 75 }, (_, key) => aCustomer(key + 1, key < 15 ? [900, 870, 840, 490] : [900, 870, 840]));
    const now = Array.from({ length: 10 }, (_, index) => aCustomer(1_000 + index, [390, 360, 330]));
    const others = Array.from({ length: 345 }, (_, index) => aCustomer(2_000 + index, [1 + (index % 100)]));
    const action = the('lostBest', actionsOf([...before, ...now, ...others]));
    // After 330 days 15 of 90; after 490 none of 60; after 840 nobody can say, which counts as none.
    expect(action).toMatchObject({ customers: 85, earlier: 60 });
    expect(action?.usualShare).toBeCloseTo((10 * 15) / 90 / 85, 12);
    expect(action?.stake).toMatchObject({ number: 85, orderMinor: 1_000, worthMinor: 1_667 });
  });
});

describe('the newest month of first-time buyers', () => {
  /** Each month before: 50 buyers, of whom 20 come back after 10 days. September is the newest that has had 30 days. */
  const dayInMonth = (monthsAgo: number): number => TODAY - dayNamed(`${monthsAgo > 10 ? 2025 : 2026}-${String(((10 - monthsAgo + 24) % 12) + 1).padStart(2, '0')}-05`);
  const month = (monthsAgo: number, returning: number): OrderRow[][] =>
    Array.from({ length: 50 }, (_, index) => {
      const first = dayInMonth(monthsAgo);
      return aCustomer(monthsAgo * 1_000 + index, index < returning ? [first, first - 10] : [first]);
    });
  const yearBefore = Array.from({ length: 12 }, (_, index) => month(index + 3, 20)).flat();

  it('is told when it came back clearly less than the year before it', () => {
    const action = the('newestCohort', actionsOf([...yearBefore, ...month(2, 5), ...month(1, 50)]));
    expect(action).toMatchObject({ cohort: '2026-09', customers: 50, rate: 0.1, rateBefore: 0.4 });
    expect(action?.segment.conditions).toEqual([{ kind: 'range', field: 'daysSinceFirstOrder', from: 51, to: 80 }]);
    expect(action?.stake.worthMinor).toBe(0.3 * 50 * 1_000);
    expect(action?.zScore).toBeLessThan(-2.5);
  });

  it('is not told when chance explains it', () => {
    expect(the('newestCohort', actionsOf([...yearBefore, ...month(2, 17)]))).toBeUndefined();
  });
});

describe('the things to do this week', () => {
  it('put an offer that is switched off among them while first-time buyers come', () => {
    const now = Array.from({ length: 8 }, (_, index) => aCustomer(1_000 + index, [15]));
    const shop = [...LONG_AGO, ...now];
    const action = the('switchOnOffer', actionsOf(shop, false));
    expect(action).toMatchObject({ customers: 8, days: 30, stake: { number: 8, chance: 0.6, orderMinor: 1_000, worthMinor: 4_800 } });
    expect(action?.segment.conditions).toEqual([{ kind: 'range', field: 'daysSinceFirstOrder', from: 0, to: 29 }]);
    expect(the('switchOnOffer', actionsOf(shop, true))).toBeUndefined();
    expect(the('switchOnOffer', actionsOf(LONG_AGO, false))).toBeUndefined();
  });

  it('are three, those with the most at stake first, and an offer that is switched off has no place of its own', () => {
    const shop = columnsOf([...LONG_AGO, ...Array.from({ length: 8 }, (_, index) => aCustomer(1_000 + index, [15]))].flat());
    const asked = { asOf: asOfDayIn('UTC', TODAY), isOfferOn: false };
    const kindsOf = (ofProducts: ProductAction[]) => chooseWeeklyActions(shop, everyone(shop), { ...asked, ofProducts }).map(({ kind }) => kind);
    const refill = (worthMinor: number): ProductAction => ({
      ...{ kind: 'refill', productTitle: 'Tea', customers: 8, fromDays: 20, toDays: 29, earlier: 80, usualShare: 0.5 },
      segment: ALL_CUSTOMERS,
      stake: { number: 8, chance: 0.5, orderMinor: worthMinor / 4, worthMinor },
    });
    expect(kindsOf([])).toEqual(['switchOnOffer', 'secondOrder']);
    expect(kindsOf([refill(4_400)])).toEqual(['switchOnOffer', 'refill', 'secondOrder']);
    expect(kindsOf([refill(9_000), refill(8_000), refill(7_000)])).toEqual(['refill', 'refill', 'refill']);
  });

  it('lead to as many customers as they speak of', () => {
    const regulars = Array.from({ length: 60 }, (_, key) => aCustomer(key + 5_000, key < 15 ? [900, 870, 840, 690] : [900, 870, 840]));
    const late = Array.from({ length: 6 }, (_, index) => aCustomer(index + 6_000, [190, 160, 130]));
    const now = Array.from({ length: 8 }, (_, index) => aCustomer(1_000 + index, [15]));
    const kindsChecked = [[...LONG_AGO, ...now], [...regulars, ...late]].map((shop) => {
      const columns = columnsOf(shop.flat());
      const asOf = asOfDayIn('UTC', TODAY);
      const rows = computeCustomerRows(columns, everyone(columns), asOf);
      const actions = chooseWeeklyActions(columns, everyone(columns), { asOf, isOfferOn: false });
      return actions.flatMap((action) => {
        if (!('segment' in action)) return [];
        const members = selectMembers({ columns, rows, asOf, predictions: null, lines: null, urgencies: null, tiers: null }, action.segment);
        expect(members.count).toBe(action.customers);
        return action.kind;
      });
    });
    expect(kindsChecked).toEqual([['switchOnOffer', 'secondOrder'], ['lateRegulars']]);
  });

  it('are none for a shop of which nothing can be said', () => {
    expect(actionsOf([])).toEqual([]);
    expect(actionsOf([aCustomer(1, [3])])).toEqual([]);
  });
});
