import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { countMarks, MarkedIdsBuilder, remark } from '#app/domain/retention/columns/marked-ids.ts';
import type { MarkedIds } from '#app/domain/retention/columns/marked-ids.ts';

function built(entries: Iterable<readonly [number, number]>): MarkedIds {
  const builder = new MarkedIdsBuilder();
  for (const [id, mark] of entries) builder.append(id, mark);
  return builder.build();
}

const id = fc.integer({ min: -30, max: 30 });
const mark = fc.integer({ min: 0, max: 5 });

describe('marked ids', () => {
  it('are ascending in whatever order they came', () => {
    expect(built([[7, 1], [-2, 0], [5_000_000_000_000, 3]])).toEqual({
      ids: Float64Array.of(-2, 7, 5_000_000_000_000),
      marks: Uint8Array.of(0, 1, 3),
    });
  });

  it('that change are those of a map that changes', () => {
    const before = fc.array(fc.tuple(id, mark)).map((entries) => new Map(entries));
    const changes = fc.array(fc.tuple(id, fc.option(mark))).map((entries) => new Map(entries));
    fc.assert(
      fc.property(before, changes, (old, changed) => {
        const expected = new Map(old);
        for (const [key, value] of changed) {
          if (value === null) expected.delete(key);
          else expected.set(key, value);
        }
        expect(remark(built(old), changed)).toEqual(built(expected));
      }),
    );
  });

  it('are counted by their marks', () => {
    expect(countMarks(built([[1, 2], [2, 0], [3, 2]]), 4)).toEqual([1, 0, 2, 0]);
  });
});
