import { describe, expect, it } from 'vitest';

import { chooseWeeklyActions } from '#app/domain/retention/advice/choose-weekly-actions.ts';
import type { WeeklyAction, WeeklyActionKind } from '#app/domain/retention/advice/weekly-action.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
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
  it('are told with the share of those who had waited as long before them', () => {
    const now = Array.from({ length: 8 }, (_, index) => aCustomer(1_000 + index, [15]));
    const tooEarly = [aCustomer(2_000, [9])];
    const tooLate = [aCustomer(2_001, [21])];
    const action = the('secondOrder', actionsOf([...LONG_AGO, ...now, ...tooEarly, ...tooLate]));
    // The waits are 20 x 10 and 40 x 20: p25 is 10, p75 is 20. All 101 who are past day 20 had waited for 10 days.
    expect(action).toMatchObject({ customers: 8, fromDays: 10, toDays: 20, earlier: 101, usualShare: 60 / 101 });
    expect(action?.atStakeMinor).toBe(Math.round(((8 * 60) / 101) * 1_000));
    expect(action?.segment.conditions).toContainEqual({ kind: 'range', field: 'daysSinceFirstOrder', from: 10, to: 20 });
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
    const late = Array.from({ length: 6 }, (_, index) => aCustomer(1_000 + index, [210, 180, 150]));
    const action = the('lateRegulars', actionsOf([...before, ...late]));
    // Earlier cases: the 60 silences after a third order, and the 15 after a fourth.
    expect(action).toMatchObject({ customers: 6, sinceDays: 120, untilDays: 180, earlier: 75, usualShare: 15 / 75 });
    expect(action?.atStakeMinor).toBe(6 * 3 * 1_000);
  });

  it('are not told when they are on time', () => {
    const onTime = Array.from({ length: 6 }, (_, index) => aCustomer(1_000 + index, [210, 180, 100]));
    expect(the('lateRegulars', actionsOf([...before, ...onTime]))).toBeUndefined();
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
    expect(action).toMatchObject({ cohort: '2026-09', size: 50, rate: 0.1, rateBefore: 0.4 });
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
    expect(the('switchOnOffer', actionsOf(shop, false))).toEqual({ kind: 'switchOnOffer', firstOrders: 8, days: 30 });
    expect(the('switchOnOffer', actionsOf(shop, true))).toBeUndefined();
    expect(the('switchOnOffer', actionsOf(LONG_AGO, false))).toBeUndefined();
  });

  it('are none for a shop of which nothing can be said', () => {
    expect(actionsOf([])).toEqual([]);
    expect(actionsOf([aCustomer(1, [3])])).toEqual([]);
  });
});
