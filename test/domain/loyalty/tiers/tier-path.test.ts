import { describe, expect, it } from 'vitest';

import type { TierLevel, Tiers } from '#app/domain/loyalty/program/program.ts';
import type { TierFact } from '#app/domain/loyalty/tiers/derive-tier-basis.ts';
import { deriveTierBasis } from '#app/domain/loyalty/tiers/derive-tier-basis.ts';
import { planTierChange, planTierRise } from '#app/domain/loyalty/tiers/plan-tier-change.ts';
import type { TierDecision } from '#app/domain/loyalty/tiers/plan-tier-change.ts';
import { tierAt } from '#app/domain/loyalty/tiers/tier-at.ts';
import { ReviewedTierPath } from '#app/domain/loyalty/tiers/tier-path.ts';
import { startOfDay } from '#app/domain/time/day-of-instant.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';

const ZONE = 'Europe/Berlin';

function at(day: string, hour = 12): number {
  return startOfDay(parseDay(day) ?? NaN, ZONE) + hour * 3_600_000;
}

function level(id: string, threshold: number): TierLevel {
  return { id, name: id, threshold, factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null };
}

const LEVELS = [level('bronze', 0), level('silver', 1000), level('gold', 2000)];

function someTiers(change: Partial<Tiers> = {}): Tiers {
  return { basis: 'spend', window: 'rolling-year', graceDays: 30, levels: LEVELS, ...change };
}

function spent(day: string, spendMinor: number, rest: Partial<TierFact> = {}): TierFact {
  return { atMs: at(day), spendMinor, points: 0, orders: 1, ...rest };
}

function pathOf(tiers: Tiers, facts: readonly TierFact[]): ReviewedTierPath {
  const path = new ReviewedTierPath({ tiers }, ZONE);
  for (const fact of facts) path.note(fact);
  return path;
}

describe('what a member has come to', () => {
  const facts = [
    spent('2024-06-01', 100, { points: 1 }),
    spent('2025-03-01', 40, { points: 20 }),
    spent('2025-12-31', 30, { points: 3 }),
    spent('2026-01-01', 50, { points: 4, orders: 0 }),
  ];
  const now = { atMs: at('2026-03-01'), timeZone: ZONE };

  it('is counted in spend, points or orders', () => {
    const amounts = (['spend', 'points', 'orders'] as const).map((basis) => deriveTierBasis(facts, { basis, window: 'lifetime' }, now).amount);
    expect(amounts).toEqual([220, 28, 3]);
  });

  it('is that of the better of two calendar years', () => {
    const basis = deriveTierBasis(facts, { basis: 'spend', window: 'calendar-year' }, now);
    expect(basis).toEqual({ amount: 70, fromDay: parseDay('2025-01-01') });
    const later = { atMs: at('2027-01-01', 0), timeZone: ZONE };
    expect(deriveTierBasis(facts, { basis: 'spend', window: 'calendar-year' }, later)).toEqual({ amount: 50, fromDay: parseDay('2026-01-01') });
  });

  it('is that of 365 days of the shop, of which the last is today', () => {
    const rolling = (atMs: number): number => deriveTierBasis(facts, { basis: 'spend', window: 'rolling-year' }, { atMs, timeZone: ZONE }).amount;
    expect(rolling(at('2026-02-28', 23))).toBe(120);
    expect(rolling(at('2026-03-01', 0))).toBe(80);
  });
});

describe('a member', () => {
  it('rises at the very order that reaches a tier, over one that lies between', () => {
    const path = pathOf(someTiers(), [spent('2026-01-10', 900), spent('2026-02-10', 1100)]);
    expect(path.levelAt(at('2026-02-10') - 1)?.id).toBe('bronze');
    expect(path.levelAt(at('2026-02-10'))?.id).toBe('gold');
    expect(path.changes).toEqual([
      {
        tierId: 'gold',
        effectiveAtMs: at('2026-02-10'),
        graceUntilMs: null,
        reason: { code: 'reached', basis: 'spend', window: 'rolling-year', amount: 2000, threshold: 2000, levelThreshold: 2000, from: '2025-02-11' },
      },
    ]);
  });

  it('falls thirty days after the rolling year has dropped below, at the first instant of the day', () => {
    const path = pathOf(someTiers(), [spent('2026-01-10', 900), spent('2026-02-10', 1100)]);
    // From 10 January 2027 the first order is outside, from 10 February the second.
    expect(path.levelAt(at('2027-02-09', 0) - 1)?.id).toBe('gold');
    expect(path.levelAt(at('2027-02-09', 0))?.id).toBe('silver');
    expect(path.levelAt(at('2027-03-12', 0) - 1)?.id).toBe('silver');
    expect(path.levelAt(at('2027-03-12', 0))?.id).toBe('bronze');
    expect(path.changes.map(({ reason }) => reason.code)).toEqual(['reached', 'not-reached', 'not-reached']);
  });

  it('keeps a tier for the year after the one in which they reached it, and its days of grace', () => {
    const path = pathOf(someTiers({ window: 'calendar-year' }), [spent('2025-03-01', 1500)]);
    expect(path.levelAt(at('2027-01-31', 0) - 1)?.id).toBe('silver');
    expect(path.levelAt(at('2027-01-31', 0))?.id).toBe('bronze');
  });

  it('who reaches the tier again within the days of grace keeps it', () => {
    const path = pathOf(someTiers(), [spent('2026-01-10', 2000), spent('2027-01-20', 2000)]);
    expect(path.levelAt(at('2027-01-25'))?.id).toBe('gold');
    expect(path.levelAt(at('2027-06-01'))?.id).toBe('gold');
    expect(path.changes.map(({ reason }) => reason.code)).toEqual(['reached', 'not-reached', 'kept']);
  });

  it('who reaches some of it again falls only as far', () => {
    const path = pathOf(someTiers(), [spent('2026-01-10', 2000), spent('2027-01-20', 1000)]);
    expect(path.levelAt(at('2027-02-08'))?.id).toBe('gold');
    expect(path.levelAt(at('2027-02-09'))?.id).toBe('silver');
  });

  it('never falls by a lifetime alone', () => {
    expect(pathOf(someTiers({ window: 'lifetime' }), [spent('2016-01-10', 2000)]).levelAt(at('2026-06-01'))?.id).toBe('gold');
  });
});

describe('a change of the program', () => {
  const gold: TierDecision = {
    tierId: 'gold',
    effectiveAtMs: at('2026-01-10'),
    graceUntilMs: null,
    reason: { code: 'reached', basis: 'spend', window: 'rolling-year', amount: 2000, threshold: 2000, levelThreshold: 2000, from: null },
  };
  const facts = [spent('2026-01-10', 2000, { points: 10 })];
  const review = { changes: [gold], facts, atMs: at('2026-02-01'), timeZone: ZONE };

  it('of the basis lowers nobody before their days of grace are over', () => {
    const tiers = someTiers({ basis: 'points' });
    const change = planTierChange({ ...review, tiers });
    expect(change).toMatchObject({ tierId: 'bronze', effectiveAtMs: at('2026-03-03', 0), reason: { code: 'not-reached', basis: 'points', amount: 10 } });
    const changes = change === null ? [] : [gold, change];
    expect(tierAt({ tiers }, changes, at('2026-03-02', 23))?.id).toBe('gold');
    expect(planTierChange({ ...review, changes, tiers })).toBeNull();
    // And back again: all is as it was.
    expect(planTierChange({ ...review, changes, tiers: someTiers() })).toMatchObject({ tierId: 'gold', reason: { code: 'kept' } });
  });

  it('to lower thresholds raises at once', () => {
    const tiers = someTiers({ levels: [...LEVELS, level('platinum', 2000 + 1), level('diamond', 1_000_000)].map((each) => ({ ...each, threshold: each.threshold / 2 })) });
    expect(planTierChange({ ...review, tiers })).toMatchObject({ tierId: 'platinum', effectiveAtMs: review.atMs });
  });

  it('that removes a tier gives its members the one next to it', () => {
    const tiers = someTiers({ levels: [level('bronze', 0), level('steel', 500), level('gem', 2500)] });
    expect(planTierChange({ ...review, facts: [], tiers })).toMatchObject({ tierId: 'steel', effectiveAtMs: review.atMs, reason: { code: 'level-removed' } });
  });
});

it('for an instant that is past, a member is only ever raised', () => {
  const gold = pathOf(someTiers(), [spent('2026-01-10', 2000)]).changes;
  const late = { tiers: someTiers(), changes: gold, facts: [spent('2026-01-10', 2000)], atMs: at('2026-01-05'), timeZone: ZONE };
  expect(planTierChange(late)).not.toBeNull();
  expect(planTierRise(late)).toBeNull();
});
