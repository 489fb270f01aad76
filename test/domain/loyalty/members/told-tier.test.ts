import { describe, expect, it } from 'vitest';

import { tellTierHistory } from '#app/domain/loyalty/members/told-tier.ts';
import type { RecordedTierChange } from '#app/domain/loyalty/members/told-tier.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';

const level = (id: string, name: string) => ({ id, name, threshold: 0, factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null });
const version = (number: number, names: Record<string, string>) => ({
  version: number,
  savedAtMs: 0,
  program: aProgram({ tiers: { basis: 'spend', window: 'lifetime', graceDays: 14, levels: Object.entries(names).map(([id, name]) => level(id, name)) } }),
});
const VERSIONS = [version(1, { bronze: 'Bronze', silver: 'Silver', pearl: 'Pearl' }), version(2, { bronze: 'Bronze', silver: 'Argent' })];

const change = (tierId: string, effectiveAtMs: number, code: string): RecordedTierChange => ({
  tierId,
  effectiveAtMs,
  reason: { code, basis: 'spend', amount: 500, threshold: 1000, from: '2026-01-01' },
});
const told = (changes: readonly RecordedTierChange[], nowMs = 100) => tellTierHistory(changes, { versions: VERSIONS, nowMs });

describe('the history of a member’s tiers', () => {
  it('is told with the newest first, by the names that tiers have now or last had', () => {
    expect(told([change('pearl', 10, 'reached'), change('silver', 20, 'level-removed')])).toEqual([
      { tier: 'Argent', effectiveAtMs: 20, code: 'level-removed', basis: 'spend', amount: 500, threshold: 1000, from: '2026-01-01', standing: 'holds' },
      { tier: 'Pearl', effectiveAtMs: 10, code: 'reached', basis: 'spend', amount: 500, threshold: 1000, from: '2026-01-01', standing: 'past' },
    ]);
    expect(told([change('gone', 10, 'reached')])[0]?.tier).toBe('gone');
  });

  it('tells a fall that lies ahead from one that never came', () => {
    const fall = change('bronze', 200, 'not-reached');
    expect(told([change('silver', 10, 'reached'), fall]).map(({ standing }) => standing)).toEqual(['ahead', 'holds']);
    const kept = [change('silver', 10, 'reached'), fall, change('silver', 150, 'kept')];
    expect(told(kept, 160).map(({ standing }) => standing)).toEqual(['holds', 'overtaken', 'past']);
    expect(told(kept, 300).map(({ standing }) => standing)).toEqual(['holds', 'overtaken', 'past']);
    expect(told([change('silver', 10, 'reached'), fall], 300).map(({ standing }) => standing)).toEqual(['holds', 'past']);
  });

  it('reads what a later version has written', () => {
    expect(told([{ tierId: 'silver', effectiveAtMs: 1, reason: { code: 'gift' } }])[0]).toMatchObject({ code: 'reached', basis: '', amount: 0, threshold: 0, from: null });
  });
});
