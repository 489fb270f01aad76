import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { customerOfRow } from '#app/domain/retention/metrics/customer-rows.ts';
import { LIFECYCLE_STAGES, LIFECYCLE_STATES, RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import type { SegmentScope } from '#app/domain/segments/segment-scope.ts';
import { ALL_CUSTOMERS } from '#app/domain/segments/segment.ts';
import type { ChoiceField, Condition, RangeField, Segment } from '#app/domain/segments/segment.ts';
import { rowOfCustomer, selectMembers } from '#app/domain/segments/select-members.ts';
import { anOrder, dayNamed } from '../retention/order-rows.ts';
import { ANY_SEGMENT, ANY_SHOP, pAliveOf, productsOf, segmentScopeOf, tierOf, urgencyOf } from './any-segment-scope.ts';

const MS_A_DAY = 86_400_000;

/** The same by the words of the definition, from the orders, one customer after the other. */
function naiveMembers(orders: readonly OrderRow[], scope: SegmentScope, segment: Segment): number[] {
  const members: number[] = [];
  for (let row = 0; row < scope.rows.count; row += 1) {
    const key = Number(customerKeyAt(scope.columns, customerOfRow(scope.rows, row)));
    const meets = (condition: Condition): boolean => {
      if (condition.kind === 'choice') {
        const values: (string | null)[] = choicesOf(orders, scope, { row, key })[condition.field];
        return values.some((value) => condition.anyOf.includes(value));
      }
      const value = numbersOf(orders, scope, key)[condition.field];
      return (condition.from === null || value >= condition.from) && (condition.to === null || value <= condition.to);
    };
    const { match, conditions } = segment;
    if (conditions.length === 0 || (match === 'all' ? conditions.every(meets) : conditions.some(meets))) members.push(key);
  }
  return members;
}

function ordersOf(orders: readonly OrderRow[], { asOf }: SegmentScope, key: number): OrderRow[] {
  const own = orders.filter(({ customerKey, processedAtMs }) => customerKey === key && processedAtMs < asOf.endMs);
  return own.toSorted((a, b) => a.processedAtMs - b.processedAtMs || a.orderId - b.orderId);
}

function numbersOf(orders: readonly OrderRow[], scope: SegmentScope, key: number): Record<RangeField, number> {
  const own = ordersOf(orders, scope, key);
  const daysSince = (order: OrderRow | undefined) => scope.asOf.day - Math.floor((order?.processedAtMs ?? NaN) / MS_A_DAY);
  return {
    orders: own.length,
    spentMinor: own.reduce((sum, { valueMinor }) => sum + valueMinor, 0),
    averageOrderMinor: Math.round(own.reduce((sum, { valueMinor }) => sum + valueMinor, 0) / own.length),
    spentScore: scope.rows.m[rowOf(scope, key)] ?? NaN,
    daysSinceFirstOrder: daysSince(own[0]),
    daysSinceLastOrder: daysSince(own.at(-1)),
    pAlive: pAliveOf(key),
    expectedOrders365: pAliveOf(key) * 10,
    predictedClv365Minor: pAliveOf(key) * 1000,
  };
}

function rowOf({ columns, rows }: SegmentScope, key: number): number {
  return Array.from({ length: rows.count }, (_, row) => customerKeyAt(columns, customerOfRow(rows, row))).indexOf(key);
}

function choicesOf(orders: readonly OrderRow[], scope: SegmentScope, { row, key }: { row: number; key: number }): Record<ChoiceField, (string | null)[]> {
  const [first] = ordersOf(orders, scope, key);
  const { groups, states, stages } = scope.rows;
  const products = productsOf(first?.orderId ?? NaN);
  return {
    rfmGroup: [RFM_GROUPS[groups[row] ?? NaN] ?? null],
    state: [LIFECYCLE_STATES[states[row] ?? NaN] ?? null],
    stage: [LIFECYCLE_STAGES[stages[row] ?? NaN] ?? null],
    country: [first?.country ?? null],
    region: [first?.region ?? null],
    channel: [first?.channel ?? null],
    discountCode: [first?.discountCode ?? null],
    presentmentCurrency: [first?.presentmentCurrency ?? null],
    firstProduct: products.length === 0 ? [null] : products,
    replenishment: [['due'], ['late'], ['due', 'late']][urgencyOf(key) - 1] ?? [],
    tier: [tierOf(key)],
  };
}

function keysOf(scope: SegmentScope, isMember: Uint8Array): number[] {
  return [...isMember.keys()].filter((row) => isMember[row] === 1).map((row) => Number(customerKeyAt(scope.columns, customerOfRow(scope.rows, row))));
}

describe('the members of a segment', () => {
  it('are those of whom its conditions are true', () => {
    fc.assert(
      fc.property(ANY_SHOP, ANY_SEGMENT, ({ orders, asOfDay }, segment) => {
        const scope = segmentScopeOf(orders, asOfDay);
        const { count, isMember, notKnown } = selectMembers(scope, segment);
        const members = keysOf(scope, isMember);
        expect(members).toEqual(naiveMembers(orders, scope, segment));
        expect([count, notKnown]).toEqual([members.length, []]);
      }),
      { numRuns: 300 },
    );
  });

  it('are all who have ordered by the day, without conditions', () => {
    const orders = [
      anOrder({ customerKey: 1, at: '2024-01-10T00:00:00Z' }),
      anOrder({ customerKey: 2, at: '2024-09-10T00:00:00Z' }),
      anOrder({ customerKey: null, at: '2024-01-10T00:00:00Z' }),
    ];
    const scope = segmentScopeOf(orders, '2024-03-01');
    for (const match of ['all', 'any'] as const) expect(selectMembers(scope, { ...ALL_CUSTOMERS, match }).count).toBe(1);
    expect([rowOfCustomer(scope.rows, 0), rowOfCustomer(scope.rows, 1)]).toEqual([0, -1]);
  });

  it('are asked for the mean of their orders to the nearest minor unit, half of one up', () => {
    const orders = [100, 201].map((valueMinor) => anOrder({ customerKey: 1, valueMinor, at: '2024-01-10T00:00:00Z' }));
    const scope = segmentScopeOf(orders, '2024-03-01');
    const meanIs = (minor: number) => selectMembers(scope, { match: 'all', conditions: [{ kind: 'range', field: 'averageOrderMinor', from: minor, to: minor }] }).count;
    expect([meanIs(150), meanIs(151)]).toEqual([0, 1]);
  });

  it('are not known where every product that is named is bought again too seldom to be due', () => {
    const scope = segmentScopeOf([anOrder({ customerKey: 1, at: '2024-01-10T00:00:00Z' })], '2024-03-01');
    const dueFor = (...anyOf: string[]) => selectMembers(scope, { match: 'all', conditions: [{ kind: 'choice', field: 'replenishment', anyOf }] });
    expect(dueFor('due:tea', 'late:tea')).toMatchObject({ count: 0, notKnown: ['replenishment'] });
    expect(dueFor('due:tea', 'due')).toMatchObject({ notKnown: [] });
  });

  it('are nobody where what is asked is not known of anybody, and that is told', () => {
    const orders = [anOrder({ customerKey: 1, at: '2024-01-10T00:00:00Z' })];
    const scope = segmentScopeOf(orders, '2024-03-01', { predictions: false, lines: false, tiers: false });
    const conditions: Condition[] = [
      { kind: 'range', field: 'pAlive', from: 0, to: 1 },
      { kind: 'choice', field: 'firstProduct', anyOf: ['tea', null] },
      { kind: 'choice', field: 'replenishment', anyOf: ['due', 'late'] },
      { kind: 'choice', field: 'tier', anyOf: ['silver', null] },
    ];
    expect(selectMembers(scope, { match: 'all', conditions })).toMatchObject({ count: 0, notKnown: ['pAlive', 'firstProduct', 'replenishment', 'tier'] });
    const beside: Condition[] = [{ kind: 'range', field: 'orders', from: 1, to: null }, ...conditions];
    expect(selectMembers(scope, { match: 'all', conditions: beside }).count).toBe(0);
    const orOrders: Condition[] = [...conditions, { kind: 'range', field: 'orders', from: 1, to: null }];
    expect(selectMembers(scope, { match: 'any', conditions: orOrders })).toMatchObject({ count: 1, notKnown: ['pAlive', 'firstProduct', 'replenishment', 'tier'] });
    expect(scope.asOf.day).toBe(dayNamed('2024-03-01'));
  });
});
