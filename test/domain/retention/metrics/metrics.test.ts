import { describe, expect, it } from 'vitest';
import { percentile } from '#app/domain/retention/metrics/percentile.ts';
import { deriveRfmGroup, RFM_GROUP_RULES } from '#app/domain/retention/metrics/rfm-group.ts';
import { anOrder, reportOn } from '../order-rows.ts';

function ordersAt(customerKey: number | null, ...instants: string[]) {
  return instants.map((at) => anOrder({ customerKey, at }));
}

describe('the basics', () => {
  it('count guests for orders, revenue and AOV, and for no number that is per customer', () => {
    const rows = [
      ...ordersAt(1, '2024-05-01T10:00:00Z', '2024-05-02T10:00:00Z'),
      anOrder({ customerKey: null, at: '2024-05-03T10:00:00Z', valueMinor: 4000 }),
    ];
    expect(reportOn(rows, '2024-05-31').overall).toEqual({
      customers: 1,
      orders: 3,
      guestOrders: 1,
      repeatCustomers: 1,
      repeatPurchaseRate: 1,
      purchaseFrequency: 2,
      revenueMinor: 6000,
      aovMinor: 2000,
      customerValueMinor: 4000,
      repeatOrderShare: 0.5,
      repeatRevenueShare: 0.5,
    });
  });

  it('tell a repeat inside the window from a return to the shop', () => {
    const { overall, trailing365 } = reportOn(ordersAt(1, '2022-01-01T10:00:00Z', '2024-05-01T10:00:00Z'), '2024-05-31');
    expect(overall.repeatPurchaseRate).toBe(1);
    expect(trailing365).toMatchObject({ repeatPurchaseRate: 0, returningCustomerRateShopify: 1, repeatOrderShare: 1 });
  });

  it('take 365 days that end at midnight after the as-of day, in shop time', () => {
    const inside = ['2023-06-01T04:00:00Z', '2024-05-31T03:59:59Z'];
    const outside = ['2023-06-01T03:59:59Z', '2024-05-31T04:00:00Z'];
    const rows = [...inside, ...outside].flatMap((at, customer) => ordersAt(customer, at));
    const report = reportOn(rows, '2024-05-30', { timeZone: 'America/New_York' });
    expect(report.trailing365.orders).toBe(2);
    expect(report.inputs.afterAsOf).toBe(1);
  });

  it('keep means exact in a currency without minor units', () => {
    const rows = [1000, 1001].map((valueMinor) => anOrder({ at: '2024-05-01T10:00:00Z', valueMinor }));
    const { overall, currency } = reportOn(rows, '2024-05-31', { currency: 'JPY' });
    expect({ aovMinor: overall.aovMinor, currency }).toEqual({ aovMinor: 1000.5, currency: 'JPY' });
  });
});

describe('the matured repeat rate', () => {
  it('takes a customer in exactly when the whole time has passed', () => {
    const rows = [...ordersAt(1, '2024-05-02T00:00:00Z'), ...ordersAt(2, '2024-05-02T00:00:01Z')];
    expect(reportOn(rows, '2024-05-31').maturedRepeatRate['30']).toEqual({ eligible: 1, repeated: 0, rate: 0 });
  });

  it('does not see a second order at the first instant after the as-of day', () => {
    const rows = ordersAt(1, '2024-05-02T00:00:00Z', '2024-06-01T00:00:00Z');
    expect(reportOn(rows, '2024-05-31').maturedRepeatRate['30']).toEqual({ eligible: 1, repeated: 0, rate: 0 });
  });

  it('counts a second order on the last instant of the time and not one after', () => {
    const rows = [
      ...ordersAt(1, '2024-01-01T00:00:00Z', '2024-01-31T00:00:00Z'),
      ...ordersAt(2, '2024-01-01T00:00:00Z', '2024-01-31T00:00:01Z'),
    ];
    expect(reportOn(rows, '2024-05-31').maturedRepeatRate['30']).toEqual({ eligible: 2, repeated: 1, rate: 0.5 });
  });

  it('is exact to the millisecond also where seconds with a fraction are not', () => {
    // 2^30 seconds lie between: the one is rounded finer than the other, and their difference is above 30 days.
    const pair = (customerKey: number, second: string) => ordersAt(customerKey, '2004-01-01T00:00:00.002Z', second);
    const rows = [...pair(1, '2004-01-31T00:00:00.002Z'), ...pair(2, '2004-01-31T00:00:00.003Z')];
    expect(reportOn(rows, '2004-05-31').maturedRepeatRate['30']).toEqual({ eligible: 2, repeated: 1, rate: 0.5 });
  });

  it('measures 24 hours a day although a day in spring has 23', () => {
    const rows = ordersAt(1, '2024-03-09T12:00:00-05:00', '2024-04-08T12:30:00-04:00');
    const report = reportOn(rows, '2024-05-31', { timeZone: 'America/New_York' });
    expect(report.maturedRepeatRate['30'].repeated).toBe(1);
    expect(report.daysBetweenOrders.median).toBe(30);
  });
});

describe('days between orders', () => {
  it('are calendar days: a minute over midnight is one, a whole day long is none', () => {
    const rows = ordersAt(1, '2024-05-01T00:00:00Z', '2024-05-01T23:59:00Z', '2024-05-02T00:00:00Z');
    expect(reportOn(rows, '2024-05-31').daysBetweenOrders).toMatchObject({
      n: 2,
      median: 0.5,
      firstToSecondMedian: 0,
      secondToThirdMedian: 1,
      thirdToFourthMedian: null,
    });
  });

  it('count the leap day', () => {
    const rows = ordersAt(1, '2024-02-28T12:00:00Z', '2024-03-01T12:00:00Z');
    expect(reportOn(rows, '2024-05-31').daysBetweenOrders.mean).toBe(2);
  });
});

describe('percentiles', () => {
  it.each([
    [[7], 25, 7],
    [[1, 2, 3, 4], 50, 2.5],
    [[1, 2, 3, 4], 25, 1.75],
    [[1, 2, 3, 4], 90, 3.7],
    [[10, 20], 0, 10],
    [[10, 20], 100, 20],
  ])('of %j at %i is %f, linear between neighbours (type 7)', (values, percent, expected) => {
    expect(percentile(Float64Array.from(values), percent)).toBeCloseTo(expected, 12);
  });

  it('are a value exactly where they fall on one, however far the next one is', () => {
    const sorted = Float64Array.from({ length: 36 }, (_, index) => (index <= 7 ? 1 : 1e12));
    expect(percentile(sorted, 20)).toBe(1);
  });
});

describe('monthly cohorts', () => {
  it('go by the month in shop time', () => {
    const rows = ordersAt(1, '2024-01-31T23:30:00Z', '2024-03-31T23:30:00Z');
    const berlin = reportOn(rows, '2024-04-30', { timeZone: 'Europe/Berlin' }).cohorts;
    expect(berlin.rows).toMatchObject([
      { cohort: '2024-02', size: 1, active: [1, 0, 1], orders: [1, 0, 1], revenueMinor: [1000, 0, 1000] },
    ]);
    expect(reportOn(rows, '2024-04-30').cohorts.rows[0]).toMatchObject({ cohort: '2024-01', active: [1, 0, 1, 0] });
  });

  it('mark the month that is still running and leave it out of the averages', () => {
    const rows = [
      ...ordersAt(1, '2024-01-05T00:00:00Z', '2024-02-05T00:00:00Z'),
      ...ordersAt(2, '2024-01-06T00:00:00Z', '2024-03-05T00:00:00Z'),
      ...ordersAt(3, '2024-02-07T00:00:00Z', '2024-03-05T00:00:00Z'),
      ...ordersAt(4, '2024-03-08T00:00:00Z'),
    ];
    const running = reportOn(rows, '2024-03-30').cohorts;
    expect(running.incompletePeriod).toBe('2024-03');
    expect(running.rows.map((row) => row.active)).toEqual([[2, 1, 1], [1, 1], [1]]);
    expect(running.weightedCurve).toEqual([
      { offset: 0, customers: 3, active: 3, retention: 1 },
      { offset: 1, customers: 2, active: 1, retention: 0.5 },
    ]);
    const over = reportOn(rows, '2024-03-31').cohorts;
    expect(over.incompletePeriod).toBeNull();
    expect(over.weightedCurve.map(({ customers, active }) => [customers, active])).toEqual([[4, 4], [3, 2], [2, 1]]);
  });

  it('have no row for a month without new customers', () => {
    const rows = [...ordersAt(1, '2024-01-05T00:00:00Z'), ...ordersAt(2, '2024-03-05T00:00:00Z')];
    expect(reportOn(rows, '2024-03-31').cohorts.rows.map((row) => row.cohort)).toEqual(['2024-01', '2024-03']);
  });
});

describe('RFM', () => {
  it('keeps ties together: customers who are alike have one score, and the others may be empty', () => {
    const rows = Array.from({ length: 10 }, (_, customer) => ordersAt(customer, '2024-05-01T10:00:00Z')).flat();
    const { breaks, groups } = reportOn(rows, '2024-05-31').rfm;
    expect(breaks).toEqual({ r: [30, 30, 30, 30], f: [1, 1, 1, 1], m: [1000, 1000, 1000, 1000] });
    // Nothing is strictly below: R is 5, F and M are 1.
    expect(groups.NEW).toBe(10);
  });

  it.each([
    [5, 5, 5, 'CHAMPIONS'], [5, 4, 4, 'CHAMPIONS'], [5, 3, 5, 'CHAMPIONS'], [5, 3, 4, 'ACTIVE'], [5, 2, 3, 'ACTIVE'],
    [5, 2, 2, 'NEW'], [5, 1, 3, 'NEW'], [4, 4, 4, 'LOYAL'], [4, 3, 4, 'ACTIVE'], [4, 1, 4, 'ACTIVE'],
    [4, 2, 2, 'PROMISING'], [3, 4, 4, 'LOYAL'], [3, 4, 3, 'NEEDS_ATTENTION'], [3, 1, 1, 'NEEDS_ATTENTION'],
    [2, 3, 3, 'AT_RISK'], [2, 5, 5, 'AT_RISK'], [2, 2, 3, 'ALMOST_LOST'], [2, 1, 1, 'ALMOST_LOST'],
    [1, 4, 4, 'PREVIOUSLY_LOYAL'], [1, 3, 4, 'DORMANT'], [1, 1, 1, 'DORMANT'],
  ])('puts R%i F%i M%i into %s', (r, f, m, group) => {
    expect(deriveRfmGroup({ r, f, m })).toBe(group);
  }); // prettier-ignore

  it('puts everybody where the rule that readers are shown does', () => {
    const holds: Record<string, (a: number, b: number) => boolean> = {
      '=': (a, b) => a === b,
      '≥': (a, b) => a >= b,
      '≤': (a, b) => a <= b,
      '<': (a, b) => a < b,
    };
    const scores = [1, 2, 3, 4, 5];
    for (const [r, f, m] of scores.flatMap((r) => scores.flatMap((f) => scores.map((m) => [r, f, m] as const)))) {
      const valueOf = (name: string) => ({ R: r, FM: (f + m) / 2 })[name] ?? Number(name);
      const isMet = (part: string) => {
        const words = part.split(' ');
        return words.every((sign, at) => at % 2 === 0 || holds[sign]?.(valueOf(words[at - 1] ?? ''), valueOf(words[at + 1] ?? '')) === true);
      };
      const groups = Object.entries(RFM_GROUP_RULES).filter(([, rule]) => rule.split(', ').every(isMet));
      expect([r, f, m, groups.map(([group]) => group)]).toEqual([r, f, m, [deriveRfmGroup({ r, f, m })]]);
    }
  });
});

describe('lifecycle states', () => {
  it('go by the rhythm of the shop once 200 gaps are known, and by a fixed rule before', () => {
    // 200 customers who come back after 10 days, and one after the other ordered last 1, 2, 3, ... days ago.
    const dayMs = 86_400_000;
    const endMs = Date.parse('2024-12-31T12:00:00Z');
    const rows = Array.from({ length: 200 }, (_, customer) => {
      const lastMs = endMs - customer * dayMs;
      return [lastMs - 10 * dayMs, lastMs].map((ms) =>
        anOrder({ customerKey: customer, at: new Date(ms).toISOString() }),
      );
    });
    expect(reportOn(rows.flat(), '2024-12-31').lifecycle).toEqual({
      basis: 'ownRhythm',
      gaps: 200,
      gapsNeeded: 200,
      upToDays: { active: 10, cooling: 10, atRisk: 10 },
      states: { active: 11, cooling: 0, atRisk: 0, lapsed: 189 },
      stages: { onboarding: 0, nurture: 0, activation: 0, oneTime: 0, building: 200, loyal: 0 },
    });
    expect(reportOn(rows.slice(1).flat(), '2024-12-31').lifecycle).toEqual({
      basis: 'fixedRule',
      gaps: 199,
      gapsNeeded: 200,
      upToDays: { active: 60, cooling: 120, atRisk: 180 },
      states: { active: 60, cooling: 60, atRisk: 60, lapsed: 19 },
      stages: { onboarding: 0, nurture: 0, activation: 0, oneTime: 0, building: 199, loyal: 0 },
    });
  });
});
