import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSegments } from '#app/domain/segments/count-segments.ts';
import { READY_MADE_SEGMENTS, READY_MADE_THEMES } from '#app/domain/segments/ready-made-segments.ts';
import { checkSegmentName, checkSegmentRule, readSavedQuery, writeSavedQuery } from '#app/domain/segments/saved-segment.ts';
import { ALL_CUSTOMERS } from '#app/domain/segments/segment.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import { selectMembers } from '#app/domain/segments/select-members.ts';
import { anOrder } from '../retention/order-rows.ts';
import { ANY_SEGMENT, ANY_SHOP, segmentScopeOf } from './any-segment-scope.ts';

const READY_MADE = READY_MADE_SEGMENTS.map(({ segment }) => segment);

describe('the ready-made segments', () => {
  it('have ids that do not change, for addresses and other systems hold them', () => {
    expect(READY_MADE_SEGMENTS.map(({ id }) => id)).toEqual([
      'vip', 'vip-away', 'first-time', 'returning',
      'stage-onboarding', 'stage-nurture', 'stage-activation', 'stage-oneTime', 'stage-building', 'stage-loyal',
      'state-active', 'state-cooling', 'state-atRisk', 'state-lapsed', 'refill-due', 'refill-late',
      'group-CHAMPIONS', 'group-LOYAL', 'group-ACTIVE', 'group-NEW', 'group-PROMISING', 'group-NEEDS_ATTENTION', 'group-AT_RISK',
      'group-PREVIOUSLY_LOYAL', 'group-ALMOST_LOST', 'group-DORMANT',
    ]); // prettier-ignore
  });

  it('count each customer once in lifecycle, rhythm and groups', () => {
    fc.assert(
      fc.property(ANY_SHOP, ({ orders, asOfDay }) => {
        const scope = segmentScopeOf(orders, asOfDay);
        const counts = countSegments(scope, READY_MADE).map(({ count }) => count);
        for (const theme of READY_MADE_THEMES.filter((one) => one !== 'value' && one !== 'refill')) {
          const ofTheme = counts.filter((_, i) => READY_MADE_SEGMENTS[i]?.theme === theme);
          expect([theme, ofTheme.reduce((sum, count) => sum + count, 0)]).toEqual([theme, scope.rows.count]);
        }
      }),
    );
  });

  it.each([
    ['who ordered twice', [[100], [200], [300], [400], [600, 700], [2500, 2500]], [0, 0, 0, 0, 0, 1]],
    ['nobody where the top order is an only one', [[100], [200], [300], [400], [600, 700], [5000]], [0, 0, 0, 0, 0, 0]],
  ])('call very important, of the fifth that spent the most, %s', (_, spent, isVip) => {
    const orders = spent.flatMap((values, customerKey) => values.map((valueMinor, i) => anOrder({ customerKey, valueMinor, at: `2026-01-0${i + 1}T00:00:00Z` })));
    const scope = segmentScopeOf(orders, '2026-01-02');
    const vip = READY_MADE_SEGMENTS.find(({ id }) => id === 'vip')?.segment ?? ALL_CUSTOMERS;
    expect([...scope.rows.m]).toEqual([1, 1, 2, 3, 4, 5]);
    expect([...selectMembers(scope, vip).isMember]).toEqual(isVip);
  });
});

describe('many segments', () => {
  it('are counted as one at a time is', () => {
    fc.assert(
      fc.property(ANY_SHOP, fc.array(ANY_SEGMENT, { maxLength: 4 }), ({ orders, asOfDay }, segments) => {
        const scope = segmentScopeOf(orders, asOfDay);
        const all = [...READY_MADE, ...segments];
        expect(countSegments(scope, all)).toEqual(all.map((segment) => {
          const { count, notKnown } = selectMembers(scope, segment);
          return { count, notKnown };
        }));
      }),
      { numRuns: 40 },
    );
  });
});

it('counts nobody twice for a choice that is named twice', () => {
  const scope = segmentScopeOf([anOrder({ customerKey: 1, at: '2024-01-10T00:00:00Z' })], '2024-01-11');
  const segment: Segment = { match: 'all', conditions: [{ kind: 'choice', field: 'stage', anyOf: ['onboarding', 'onboarding'] }] };
  expect(countSegments(scope, [segment])).toEqual([{ count: 1, notKnown: [] }]);
});

describe('a saved rule', () => {
  const someConditions = ANY_SEGMENT.filter(({ conditions }) => conditions.length > 0 && conditions.every((one) => one.kind === 'choice' || one.from !== null || one.to !== null));

  it('comes back as it was', () => {
    fc.assert(
      fc.property(someConditions, (segment: Segment) => {
        const match = segment.conditions.length > 1 ? segment.match : 'all';
        expect(readSavedQuery(writeSavedQuery(segment))).toEqual({ segment: { ...segment, match }, unread: [] });
      }),
    );
  });

  it.each([
    ['orders=2..&colour=blue', ['colour'], 1],
    ['orders=many&state=lapsed', ['orders'], 1],
    ['', [''], 0],
    ['match=any', [''], 0],
    ['{"orders":2}', ['{"orders":2}'], 0],
  ])('%j is not taken for other customers than it meant: %j is unread', (query, unread, conditions) => {
    const read = readSavedQuery(query);
    expect([read.unread, read.segment.conditions.length]).toEqual([unread, conditions]);
  });

  it('is refused without conditions, where nobody can ever meet it, and when it is too long', () => {
    const range = (from: number | null, to: number | null): Segment => ({ match: 'all', conditions: [{ kind: 'range', field: 'orders', from, to }] });
    expect(checkSegmentRule(ALL_CUSTOMERS, '')).toEqual({ ok: false, reason: 'no-conditions' });
    expect(checkSegmentRule(range(5, 2), 'orders=5..2')).toEqual({ ok: false, reason: 'contradiction', field: 'orders' });
    expect(checkSegmentRule(range(2, 2), 'x'.repeat(4001))).toEqual({ ok: false, reason: 'rule-too-long' });
    expect(checkSegmentRule(range(2, 2), 'orders=2..2')).toMatchObject({ ok: true });
    expect(checkSegmentRule(range(2, null), 'orders=2..')).toMatchObject({ ok: true });
  });
});

describe('the name of a segment', () => {
  it.each([
    ['  Big   spenders\n', 'Big spenders'],
    ['Cafe\u0301', 'Café'],
    ['高价值客户', '高价值客户'],
    ['👩‍🚀'.repeat(20), '👩‍🚀'.repeat(20)],
    ['a\u0000b', 'a b'],
  ])('%j is kept as %j', (typed, name) => expect(checkSegmentName(typed)).toEqual({ ok: true, value: name }));

  it.each([['', 'name-missing'], [' \t\n', 'name-missing'], ['\u200B\u200D', 'name-missing'], ['x'.repeat(81), 'name-too-long']])('%j is refused: %s', (typed, reason) =>
    expect(checkSegmentName(typed)).toEqual({ ok: false, reason }));
});
