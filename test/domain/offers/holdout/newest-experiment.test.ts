import { describe, expect, it } from 'vitest';

import { byRule, newestExperiment } from '#app/domain/offers/holdout/newest-experiment.ts';
import type { OfferDecision } from '#app/domain/offers/holdout/sum-sides.ts';

const decided = (customerKey: number, holdoutBasisPoints: number, decidedAtMs: number, ruleId = 'a'): OfferDecision => ({ customerKey, holdoutBasisPoints, decidedAtMs, ruleId, isHeldOut: false });

describe('who is compared', () => {
  it('is who was decided on under the share that was in force last, also in an earlier time of that share', () => {
    const experiment = newestExperiment([decided(1, 1_000, 70), decided(2, 500, 20), decided(3, 1_000, 10), decided(4, 500, 40)]);
    expect(experiment).toMatchObject({ holdoutBasisPoints: 1_000, fromMs: 10, toMs: 70 });
    expect(experiment?.decisions.map(({ customerKey }) => customerKey)).toEqual([1, 3]);
  });

  it('is nobody while chance has decided on nobody', () => {
    expect(newestExperiment([])).toBeNull();
  });

  it('is told apart by the rule that fitted first', () => {
    const groups = byRule([decided(1, 500, 1, 'b'), decided(2, 500, 2, 'a'), decided(3, 500, 3, 'b'), decided(4, 500, 4, 'c')], new Map());
    expect(groups.map(({ ruleId, decisions }) => [ruleId, decisions.length])).toEqual([['b', 2], ['a', 1], ['c', 1]]);
  });

  it('is, by rule, who was decided on by its present terms; a rule of which nobody was is still told of', () => {
    const decisions = [decided(1, 500, 10, 'a'), decided(2, 500, 20, 'a'), decided(3, 500, 30, 'a'), decided(4, 500, 15, 'b'), decided(5, 500, 15, 'c')];
    const groups = byRule(decisions, new Map([['a', 20], ['b', 16], ['c', 15]]));
    expect(groups.map(({ ruleId, sinceMs, decisions: own }) => [ruleId, sinceMs, own.map(({ customerKey }) => customerKey)])).toEqual([
      ['a', 20, [2, 3]],
      ['c', null, [5]],
      ['b', 16, []],
    ]);
  });
});
