import { describe, expect, it } from 'vitest';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import { afterChange, deriveTrace, planTraceChange, UNKNOWN_TRACE, withIntent } from '#app/domain/loyalty/traces/trace-values.ts';

const NOW = Date.parse('2026-11-20T23:30:00Z');
const DAY = 86_400_000;
const program = { ...defaultProgram({ currency: 'EUR', unitMinor: 100 }), status: { kind: 'live' as const } };
const member = { balancePoints: -30, pendingPoints: 120, enrolledAtMs: NOW, isExcluded: false };
const input = { program, member, changes: [], isTagging: false, nowMs: NOW, timeZone: 'Europe/Berlin' };

describe('what Shopify is to have of a member', () => {
  it('is by the days of the shop, and says of debt what it is', () => {
    expect(deriveTrace(input)).toEqual({
      values: { points: '-30', pending_points: '120', tier: 'bronze', tier_name: 'Bronze', member_since: '2026-11-21' },
      ...{ tierId: 'bronze', tag: null, nextMs: null },
    });
  });

  it('is no tier where the program has none, and nothing where it is off', () => {
    expect(deriveTrace({ ...input, program: { ...program, tiers: null }, isTagging: true })).toMatchObject({ values: { points: '-30' }, tierId: null, tag: null });
    expect(deriveTrace({ ...input, program: { ...program, status: { kind: 'off' } }, isTagging: true })).toEqual({ values: {}, tierId: null, tag: null, nextMs: null });
  });

  it('says until when a tier is held that will be lost, and not that one was reached again', () => {
    const gold = { tierId: 'gold', effectiveAtMs: NOW - DAY };
    const fall = { tierId: 'silver', effectiveAtMs: NOW + 10 * DAY };
    expect(deriveTrace({ ...input, changes: [gold, fall] })).toMatchObject({ values: { tier: 'gold', tier_ends_on: '2026-12-01' }, nextMs: fall.effectiveAtMs });
    const kept = { tierId: 'gold', effectiveAtMs: fall.effectiveAtMs };
    expect(deriveTrace({ ...input, changes: [gold, fall, kept] }).values).not.toHaveProperty('tier_ends_on');
  });

  it('has a tag that Shopify takes, where tags are wanted or the tier has its own', () => {
    const { tiers } = program;
    if (tiers === null) throw new Error('no tiers');
    const named = (name: string, tag: string | null = null) => ({ ...program, tiers: { ...tiers, levels: tiers.levels.map((level) => ({ ...level, name, tag })) } });
    expect(deriveTrace({ ...input, isTagging: true }).tag).toBe('Tier: Bronze');
    expect(deriveTrace({ ...input, isTagging: true, member: { ...member, isExcluded: true } }).tag).toBeNull();
    expect(deriveTrace({ ...input, isTagging: true, program: named('Tea,  and\nmore') }).tag).toBe('Tier: Tea and more');
    expect(deriveTrace({ ...input, program: named('Bronze', 'early') }).tag).toBe('early');
    expect(deriveTrace({ ...input, isTagging: true, program: named('x'.repeat(300)) }).tag).toHaveLength(255);
  });
});

describe('what is sent', () => {
  const values = { points: '5', tier: 'gold' };

  it('is what differs, and what is not to be there any more', () => {
    const change = planTraceChange({ points: '4', tier: 'gold', tier_ends_on: '2026-01-01' }, values);
    expect(change).toEqual({ set: [{ key: 'points', type: 'number_integer', value: '5' }], drop: ['tier_ends_on'] });
    expect(planTraceChange(values, values)).toEqual({ set: [], drop: [] });
  });

  it('is on record as unknown until the answer is known, and is then sent again whatever holds', () => {
    const before = { points: '4', tier_ends_on: '2026-01-01' };
    const change = planTraceChange(before, { points: '5' });
    const underWay = withIntent(before, change);
    expect(underWay).toEqual({ points: null, tier_ends_on: null });
    expect(planTraceChange(underWay, { points: '4' })).toEqual({ set: [{ key: 'points', type: 'number_integer', value: '4' }], drop: ['tier_ends_on'] });
    expect(afterChange(underWay, change)).toEqual({ points: '5' });
  });

  it('is everything where nothing is known', () => {
    expect(planTraceChange(UNKNOWN_TRACE, {})).toEqual({ set: [], drop: ['points', 'pending_points', 'tier', 'tier_name', 'member_since', 'tier_ends_on'] });
  });
});
