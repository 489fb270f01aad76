import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile } from '#app/domain/retention/metrics/percentile.ts';
import { percentilesOfMoney } from '#app/domain/retention/metrics/percentiles-of-money.ts';
import { countValues, percentileOfCounts } from '#app/domain/retention/metrics/value-counts.ts';

const PERCENTS = [0, 20, 40, 50, 60, 80, 90, 100];

describe('percentiles of values that are not sorted', () => {
  it('of money are those of the sorted amounts to the last bit, with ties and amounts of any size', () => {
    const amount = fc.oneof(fc.nat(3), fc.nat(5000), fc.constant(0), fc.nat(2 ** 40), fc.maxSafeNat());
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 80 }), (amounts) => {
        const values = Float64Array.from(amounts);
        const before = [...values];
        const sorted = values.slice().sort();
        expect(percentilesOfMoney(values, PERCENTS)).toEqual(PERCENTS.flatMap((percent) => percentile(sorted, percent) ?? []));
        expect([...values]).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('of counted numbers are those of the sorted ones', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 80 }), (numbers) => {
        const counted = countValues(Uint32Array.from(numbers));
        const sorted = Int32Array.from(numbers).sort();
        for (const percent of PERCENTS) expect(percentileOfCounts(counted, percent)).toBe(percentile(sorted, percent));
      }),
    );
  });
});
