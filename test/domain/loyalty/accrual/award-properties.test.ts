import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeOrderAward } from '#app/domain/loyalty/accrual/compute-order-award.ts';
import type { OrderAward } from '#app/domain/loyalty/accrual/compute-order-award.ts';
import { ACTIVE_CURRENCIES } from '#app/domain/money/currency.ts';
import { afterRefunds } from '#test/domain/loyalty/accrual/an-earning-order.ts';
import { ANY_REFUNDS, ANY_TIER, anyProgram, anySoldOrder, refundOfAll } from '#test/domain/loyalty/accrual/any-program.ts';
import { anyCase, awardsOf, postedAfter } from '#test/domain/loyalty/accrual/posted-awards.ts';
import type { Case } from '#test/domain/loyalty/accrual/posted-awards.ts';

const ANY_CURRENCIES = fc.tuple(fc.constantFrom(...ACTIVE_CURRENCIES), fc.constantFrom('JPY', 'USD', 'KWD', 'CLF', 'EUR'));

const ANY_CASE = ANY_CURRENCIES.chain(([currency, other]) =>
  fc.boolean().chain((isDomestic) => anyCase(currency, isDomestic ? currency : other)),
);

/**
 * What is left of an order is converted as a whole and rounded then, so that in another currency than the shop's lines that
 * stay may be worth one unit more than they were beside the line that went. In the shop's own they never are.
 */
function pointsOfOneUnit({ reason }: OrderAward, shopCurrency: string): number {
  if (reason.code !== 'order-earned' || reason.currency === shopCurrency) return 0;
  const bestFactor = Math.max(...reason.lines.map(({ factorBasisPoints }) => factorBasisPoints));
  return Math.ceil((bestFactor * reason.ratePoints) / (10_000 * reason.ratePerMinor));
}

const holds = (property: (any: Case) => void, numRuns = 1_500): void => fc.assert(fc.property(ANY_CASE, property), { numRuns });

describe('what an order gave', () => {
  it.each(ACTIVE_CURRENCIES)('is taken back to the last point by a full refund: %s', (currency) => {
    const cases = fc.record({ program: anyProgram(currency, 'USD'), sold: anySoldOrder(currency, 'USD'), tier: ANY_TIER, refunds: ANY_REFUNDS });
    fc.assert(
      fc.property(cases, (any) => {
        const awards = awardsOf(any);
        const { points } = postedAfter(awards, [...any.refunds, ...refundOfAll(any.sold)]);
        expect(points).toBe(0);
      }),
      { numRuns: 12 },
    );
  });

  it('is the same whatever the order of partial refunds, and whether each was seen or only the last', () => {
    holds((any) => {
      const awards = awardsOf(any);
      const once = awards.after(any.refunds).targetPoints;
      expect(postedAfter(awards, any.refunds).points).toBe(once);
      expect(postedAfter(awards, [...any.refunds].reverse()).points).toBe(once);
      expect(computeOrderAward({ ...any, order: afterRefunds(any.sold, any.refunds), choices: null }).targetPoints).toBe(once);
    });
  });

  it('never rises with a refund, is never below nought and never above the cap', () => {
    holds((any) => {
      const { first, after } = awardsOf(any);
      let before = first;
      expect(before.targetPoints).toBeLessThanOrEqual(any.program.earning.maximumPointsAnOrder ?? Infinity);
      any.refunds.forEach((_, index) => {
        const award = after(any.refunds.slice(0, index + 1));
        expect(Number.isSafeInteger(award.targetPoints)).toBe(true);
        expect(award.targetPoints).toBeGreaterThanOrEqual(0);
        expect(award.targetPoints).toBeLessThanOrEqual(before.targetPoints + pointsOfOneUnit(before, any.sold.currency));
        before = award;
      });
    }, 4_000);
  });

  it('is explained: bases add up to the value, points of lines and bonus to the points', () => {
    let earned = 0;
    holds((any) => {
      const { targetPoints, reason } = awardsOf(any).after(any.refunds);
      if (reason.code !== 'order-earned') {
        expect(targetPoints).toBe(0);
        return;
      }
      earned += 1;
      const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
      expect(sum(reason.lines.map(({ baseMinor }) => baseMinor))).toBe(reason.valueMinor);
      expect(sum(reason.lines.map(({ points }) => points)) + (reason.bonus?.points ?? 0)).toBe(targetPoints);
      for (const line of reason.lines) {
        expect(line.points).toBeGreaterThanOrEqual(0);
        if (line.factorBasisPoints === 0) expect(line.points).toBe(0);
      }
    });
    expect(earned).toBeGreaterThan(500);
  });

  it('is the exact sum over its lines, rounded half up once', () => {
    holds((any) => {
      const { targetPoints, reason } = awardsOf({ ...any, program: { ...any.program, earning: { ...any.program.earning, thresholdBonuses: [], maximumPointsAnOrder: null } } }).after(any.refunds);
      if (reason.code !== 'order-earned' || reason.cappedAtPoints !== null) return;
      // 2 x exact, in units of 1 / (perMinor x 10,000), so that one half is a whole number.
      const unit = BigInt(reason.ratePerMinor) * 10_000n;
      const exact = reason.lines.reduce((sum, line) => sum + BigInt(line.baseMinor) * BigInt(line.factorBasisPoints) * BigInt(reason.ratePoints), 0n);
      const error = 2n * (BigInt(targetPoints) * unit - exact);
      expect(error).toBeGreaterThan(-unit);
      expect(error).toBeLessThanOrEqual(unit);
    });
  });
});
