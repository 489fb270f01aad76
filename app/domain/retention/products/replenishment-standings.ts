import { everyone } from '../columns/selection.ts';
import type { ProductScope } from './product-scope.ts';
import { computeRhythms, readDue } from './replenishment.ts';

/** How a customer stands to a product whose rhythm is known: see `Replenishment`. */
export const REPLENISHMENT_STANDINGS = ['due', 'late'] as const;

export type ReplenishmentStanding = (typeof REPLENISHMENT_STANDINGS)[number];

/** Sets of standings by the sum of these. */
export const STANDING_BITS: Readonly<Record<ReplenishmentStanding, number>> = { due: 1, late: 2 };

/** How many sets there are: neither, due for some product, late for some, due for one and late for another. */
export const STANDING_SETS = 4;

/**
 * How each customer of the shop stands to all products together, by the customer's index: the bits of whatever is true
 * for at least one of them. Null where no product was bought again often enough to have a rhythm.
 */
export function computeStandings(scope: Omit<ProductScope, 'selection'>): Uint8Array | null {
  const ofAll = { ...scope, selection: everyone(scope.columns) };
  const rhythms = computeRhythms(ofAll);
  if (rhythms.size === 0) return null;
  const standings = new Uint8Array(scope.columns.customerCount);
  readDue(ofAll, rhythms, (_product, customer, isLate) => {
    standings[customer] = (standings[customer] ?? NaN) | (isLate ? STANDING_BITS.late : STANDING_BITS.due);
  });
  return standings;
}
