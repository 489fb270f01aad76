import { describe, expect, it } from 'vitest';

import { deriveStoreStanding } from '#app/domain/retention/advice/store-standing.ts';
import type { StoreStanding } from '#app/domain/retention/advice/store-standing.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { anOrder, columnsOf, dayNamed } from '#test/domain/retention/order-rows.ts';

const TODAY = dayNamed('2026-11-20');
const NOTHING_EXCLUDED = { test: 0, deleted: 0, cancelled: 0, refunded: 0, unknownState: 0 };

interface Store {
  customers: number;
  /** Days before today on which each of them ordered. */
  daysAgo: readonly number[];
  /** Of the last of these days only so many did. */
  ofLast?: number;
  valueMinor?: number;
  currency?: string;
}

function standingOf({ customers, daysAgo, ofLast = customers, valueMinor = 50_00, currency = 'EUR' }: Store, asOfDay = TODAY): StoreStanding {
  const rows: OrderRow[] = [];
  for (let customerKey = 1; customerKey <= customers; customerKey += 1) {
    daysAgo.forEach((days, i) => {
      if (i < daysAgo.length - 1 || customerKey <= ofLast) rows.push(anOrder({ customerKey, valueMinor, at: `${formatDay(TODAY - days)}T12:00:00Z` }));
    });
  }
  const columns = columnsOf(rows, { currency });
  return deriveStoreStanding(columns, computeRetentionReport(columns, { asOfDay, excluded: NOTHING_EXCLUDED }), { day: asOfDay });
}

describe('the stage of a store', () => {
  it.each([
    [99, 'starting'],
    [100, 'gaining'],
    [999, 'gaining'],
    [1_000, 'steady'],
    [10_000, 'established'],
  ] as const)('with %s customers who order is %s', (customers, stage) => {
    expect(standingOf({ customers, daysAgo: [10] }).stage).toBe(stage);
  });

  it('goes by the year’s orders where they are fewer than the customers would say', () => {
    // A thousand customers of long ago, twenty of whom still order.
    expect(standingOf({ customers: 1_000, daysAgo: [900, 10], ofLast: 20 })).toMatchObject({ stage: 'starting', customers: 1_000, ordersOfYear: 20 });
  });
});

describe('the place of a store', () => {
  it('is that of coffee where orders are small and most come back within the year', () => {
    const { orderValue, comingBack } = standingOf({ customers: 200, daysAgo: [700, 400, 100], valueMinor: 20_00 });
    expect(orderValue).toEqual({ measured: 20_00, anchor: 75_00, isHigh: false, isNear: false });
    expect(comingBack).toEqual({ measured: 1, anchor: 0.32, isHigh: true, isNear: false });
  });

  it('is that of furniture where orders are large and few come back', () => {
    const standing = standingOf({ customers: 200, daysAgo: [400, 350], ofLast: 60, valueMinor: 900_000, currency: 'JPY' });
    expect(standing.orderValue).toMatchObject({ measured: 900_000, anchor: 12_500, isHigh: true });
    // 60 of 200 came back: 30 %, and that is close to 32 %.
    expect(standing.comingBack).toEqual({ measured: 0.3, anchor: 0.32, isHigh: false, isNear: true });
  });

  it('is not given where too little is known, and then says what is missing and until when', () => {
    expect(standingOf({ customers: 49, daysAgo: [100] })).toMatchObject({ orderValue: null, whyNoOrderValue: 'fewOrders', comingBack: null });
    // The fiftieth began 100 days ago.
    expect(standingOf({ customers: 60, daysAgo: [100] })).toMatchObject({ whyNoOrderValue: null, comingBack: null, orderValueKnownOn: null, comingBackKnownOn: { date: formatDay(TODAY - 100 + 366), isSure: true } });
    expect(standingOf({ customers: 60, daysAgo: [400], currency: 'VES' })).toMatchObject({ orderValue: null, whyNoOrderValue: 'fewOrders' });
    expect(standingOf({ customers: 60, daysAgo: [400, 10], currency: 'VES' })).toMatchObject({ orderValue: null, whyNoOrderValue: 'noAnchor' });
  });
});

describe('what is not known of a store yet', () => {
  const inDays = (days: number) => formatDay(TODAY + days);

  it('is its orders’ size until fifty are in one year, at the pace of three months', () => {
    // Forty of three months: ten more in 22 or 23 days.
    expect(standingOf({ customers: 40, daysAgo: [20] }).orderValueKnownOn).toBe(inDays(23));
    expect(standingOf({ customers: 40, daysAgo: [89] }).orderValueKnownOn).toBe(inDays(23));
    expect(standingOf({ customers: 40, daysAgo: [90] }).orderValueKnownOn).toBeNull();
    expect(standingOf({ customers: 50, daysAgo: [20] })).toMatchObject({ whyNoOrderValue: null, orderValueKnownOn: null });
  });

  it('does not count to that year what is older by then', () => {
    // Eleven of three months bring ten more in 82 days, which is the last on which 282 days ago is within 365.
    expect(standingOf({ customers: 29, daysAgo: [282, 10], ofLast: 11 }).orderValueKnownOn).toBe(inDays(82));
    // A day more, and these eleven have to bring 39.
    expect(standingOf({ customers: 29, daysAgo: [283, 10], ofLast: 11 }).orderValueKnownOn).toBe(inDays(320));
    // Ten, and 39 more before those ten are older than a year: never fifty.
    expect(standingOf({ customers: 10, daysAgo: [10] }).orderValueKnownOn).toBeNull();
  });

  it('is how many come back until a year after the fiftieth began, which others will be at the pace of three months', () => {
    // Ten more of forty in three months.
    expect(standingOf({ customers: 40, daysAgo: [89] }).comingBackKnownOn).toEqual({ date: inDays(23 + 366), isSure: false });
    expect(standingOf({ customers: 40, daysAgo: [90] }).comingBackKnownOn).toBeNull();
    expect(standingOf({ customers: 10, daysAgo: [20] }).comingBackKnownOn).toEqual({ date: inDays(360 + 366), isSure: false });
    expect(standingOf({ customers: 9, daysAgo: [20] }).comingBackKnownOn).toBeNull();
  });

  it('is said of a day in the past by what was known then', () => {
    expect(standingOf({ customers: 60, daysAgo: [100] }, TODAY - 101)).toMatchObject({ orderValueKnownOn: null, comingBackKnownOn: null });
  });
});

it('one more order of one in a hundred is worked out from the last 365 days', () => {
  // 250 customers with an order of 50.00: 2.5 more orders.
  expect(standingOf({ customers: 250, daysAgo: [30] }).onePointMore).toEqual({ customers: 250, worthMinor: 125_00 });
  expect(standingOf({ customers: 99, daysAgo: [30] }).onePointMore).toBeNull();
  expect(standingOf({ customers: 250, daysAgo: [400] }).onePointMore).toBeNull();
});
