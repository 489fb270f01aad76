import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Tiers } from '#app/domain/loyalty/program/program.ts';
import type { TierFact } from '#app/domain/loyalty/tiers/derive-tier-basis.ts';
import { planTierChange } from '#app/domain/loyalty/tiers/plan-tier-change.ts';
import type { TierDecision } from '#app/domain/loyalty/tiers/plan-tier-change.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1, 12);
const timeZone = 'America/Santiago';

const tiers: fc.Arbitrary<Tiers> = fc.record({
  basis: fc.constantFrom('spend', 'points', 'orders'),
  window: fc.constantFrom('lifetime', 'calendar-year', 'rolling-year'),
  graceDays: fc.nat(60),
  levels: fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })).map(([second, more]) =>
    [0, second, second + more].map((threshold, index) => ({
      ...{ id: `level-${index}`, name: '', threshold, factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null },
    })),
  ),
});

/** Days go by; some bring an order, some another program, and each is followed by a review. */
const life = fc.array(fc.record({ days: fc.nat(120), amount: fc.nat(15), program: fc.option(tiers, { freq: 4 }) }), { minLength: 1, maxLength: 25 });

it('whatever the merchant changes, nobody falls before the days of grace that held when it was found', () => {
  fc.assert(
    fc.property(tiers, life, (first, steps) => {
      let held: Tiers = first;
      let atMs = START_MS;
      const facts: TierFact[] = [];
      const changes: TierDecision[] = [];
      for (const { days, amount, program } of steps) {
        atMs += days * DAY_MS;
        if (program !== null) held = program;
        if (amount > 0) facts.push({ atMs, spendMinor: amount, points: amount * 2, orders: 1 });
        const indexAt = (nowMs: number): number => Number(changes.findLast(({ effectiveAtMs }) => effectiveAtMs <= nowMs)?.tierId.at(-1) ?? 0);
        const before = indexAt(atMs);
        const given = Number(changes.at(-1)?.tierId.at(-1) ?? 0);
        const change = planTierChange({ tiers: held, changes, facts, atMs, timeZone });
        if (change === null) continue;
        changes.push(change);
        const graceEnd = dayOfInstant(atMs, timeZone) + held.graceDays;
        if (held.graceDays > 0) expect(indexAt(atMs)).toBeGreaterThanOrEqual(before);
        if (Number(change.tierId.at(-1)) < given) expect(dayOfInstant(change.effectiveAtMs, timeZone)).toBeGreaterThanOrEqual(graceEnd);
        // A review that follows at once finds nothing more.
        expect(planTierChange({ tiers: held, changes, facts, atMs, timeZone })).toBeNull();
      }
    }),
    { numRuns: 2_000 },
  );
});
