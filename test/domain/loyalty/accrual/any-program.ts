import fc from 'fast-check';
import type { TierAtAward } from '#app/domain/loyalty/accrual/award-reason.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { aProgram } from '#test/domain/loyalty/accrual/an-earning-order.ts';
import type { RefundStep, SoldOrder } from '#test/domain/loyalty/accrual/an-earning-order.ts';

const PRODUCTS = 4;
const MOST_LINES = 5;

const ANY_FACTOR = fc.constantFrom(0, 5_000, 10_000, 12_500, 15_000, 20_000, 33_333, 100_000);

export const ANY_TIER: fc.Arbitrary<TierAtAward | null> = fc.option(
  fc.record({ id: fc.constantFrom('silver', 'gold'), factorBasisPoints: ANY_FACTOR }),
);

/** Rates from far below one to far above, for one or both of the currencies, and everything else that earning knows. */
export function anyProgram(currency: string, presentmentCurrency: string): fc.Arbitrary<Program> {
  const anyCurrency = fc.constantFrom(currency, presentmentCurrency);
  const anyRate = fc.record({ points: fc.integer({ min: 1, max: 500 }), perMinor: fc.constantFrom(1, 3, 100, 1_000, 9_999, 100_000) });
  return fc
    .record({
      rates: fc.tuple(anyRate, fc.option(anyRate)),
      otherCurrencies: fc.constantFrom('convert' as const, 'nothing' as const),
      multipliers: fc.array(fc.record({ productId: fc.option(fc.nat(PRODUCTS)), factorBasisPoints: ANY_FACTOR }), { maxLength: 3 }),
      thresholdBonuses: fc.array(fc.record({ currency: anyCurrency, minimumMinor: fc.nat(200_000), points: fc.nat(500) }), { maxLength: 3 }),
      maximumPointsAnOrder: fc.option(fc.integer({ min: 1, max: 5_000 })),
    })
    .map(({ rates: [own, other], otherCurrencies, multipliers, thresholdBonuses, maximumPointsAnOrder }) =>
      aProgram({
        otherCurrencies,
        maximumPointsAnOrder,
        rates: [
          { currency, ...own },
          ...(other === null || presentmentCurrency === currency ? [] : [{ currency: presentmentCurrency, ...other }]),
        ],
        multipliers: multipliers.map(({ productId, factorBasisPoints }, index) => ({
          id: `m${index}`,
          name: '',
          scope: productId === null ? { kind: 'all' } : { kind: 'products', productIds: [productId] },
          factorBasisPoints,
          startsAtMs: null,
          endsAtMs: null,
        })),
        thresholdBonuses: thresholdBonuses.map((bonus, index) => ({ id: `b${index}`, ...bonus })),
      }),
    );
}

export function anySoldOrder(currency: string, presentmentCurrency: string): fc.Arbitrary<SoldOrder> {
  return fc
    .record({
      lines: fc.array(
        fc.record({
          productId: fc.nat(PRODUCTS),
          unitMinor: fc.oneof(fc.nat(300), fc.nat(1_000_000)),
          quantity: fc.integer({ min: 1, max: 4 }),
        }),
        { minLength: 1, maxLength: MOST_LINES },
      ),
      presentmentPerMille: fc.constantFrom(3, 700, 1_000, 1_083, 149_700),
    })
    .map(({ lines, presentmentPerMille }) => {
      const subtotalMinor = lines.reduce((sum, { unitMinor, quantity }) => sum + unitMinor * quantity, 0);
      return {
        currency,
        presentmentCurrency,
        presentmentSubtotalMinor: Math.round((subtotalMinor * presentmentPerMille) / 1_000),
        lines: lines.map((line, index) => ({ lineId: BigInt(index + 1), ...line })),
      };
    });
}

export const ANY_REFUNDS: fc.Arbitrary<RefundStep[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ lineIndex: fc.nat(MOST_LINES - 1), pieces: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ freeMinor: fc.nat(50_000) }) },
  ),
  { maxLength: 6 },
);

/** Everything that was sold comes back. */
export function refundOfAll({ lines }: SoldOrder): RefundStep[] {
  return lines.map(({ quantity }, lineIndex) => ({ lineIndex, pieces: quantity }));
}
