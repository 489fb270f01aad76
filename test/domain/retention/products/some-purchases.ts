import fc from 'fast-check';
import { aPurchase } from './purchases.ts';
import type { Purchase } from './purchases.ts';

const SHOP_OPENS_MS = Date.parse('2025-01-01T00:00:00Z');
const MS_AN_HOUR = 3_600_000;

/** A small shop from 2025 to the middle of 2026: few customers and products, so that everything happens often. */
export function somePurchases({ customers = 6, hours = 24 * 600, ...lengths }: {
  customers?: number;
  hours?: number;
  minLength?: number;
  maxLength: number;
}): fc.Arbitrary<Purchase[]> {
  const purchase = fc
    .record({
      customer: fc.option(fc.integer({ min: 1, max: customers }), { freq: 8 }),
      hour: fc.integer({ min: 0, max: hours }),
      of: fc.subarray(['a', 'b', 'c', 'd', 'e', 'f']),
      valueMinor: fc.integer({ min: 0, max: 100_000 }),
    })
    .map(({ customer, hour, of, valueMinor }) =>
      aPurchase({ customerKey: customer, at: new Date(SHOP_OPENS_MS + hour * MS_AN_HOUR).toISOString(), of, valueMinor }),
    );
  return fc.array(purchase, lengths);
}
