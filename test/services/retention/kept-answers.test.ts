import { describe, expect, it } from 'vitest';

import { KeptAnswers } from '#app/services/retention/kept-answers.server.ts';

describe('answers that are kept', () => {
  it('are computed once for the same question of the same source', () => {
    const kept = new KeptAnswers<object, number | null>(2);
    const source = {};
    expect(kept.of(source, 'a', () => 1)).toBe(1);
    expect(kept.of(source, 'a', () => 2)).toBe(1);
    expect(kept.of(source, 'none', () => null)).toBeNull();
    expect(kept.of(source, 'none', () => 3)).toBeNull();
  });

  it('are none of another source', () => {
    const kept = new KeptAnswers<object, number>(2);
    expect([kept.of({}, 'a', () => 1), kept.of({}, 'a', () => 2)]).toEqual([1, 2]);
  });

  it('make room by the one that was not asked for the longest', () => {
    const kept = new KeptAnswers<object, number>(2);
    const source = {};
    kept.of(source, 'a', () => 1);
    kept.of(source, 'b', () => 2);
    kept.of(source, 'a', () => 0);
    kept.of(source, 'c', () => 3);
    expect(['a', 'c', 'b'].map((key) => kept.of(source, key, () => 9))).toEqual([1, 3, 9]);
  });
});
