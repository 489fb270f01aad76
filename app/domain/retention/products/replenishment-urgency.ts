import { everyone } from '../columns/selection.ts';
import type { ProductScope } from './product-scope.ts';
import { computeRhythms, readDue } from './replenishment.ts';

/** How a customer stands to a product whose rhythm is known: see `Replenishment`. */
export const REPLENISHMENT_URGENCIES = ['due', 'late'] as const;

export type ReplenishmentUrgency = (typeof REPLENISHMENT_URGENCIES)[number];

/** Sets of urgencies by the sum of these. */
export const URGENCY_BITS: Readonly<Record<ReplenishmentUrgency, number>> = { due: 1, late: 2 };

/** How many sets there are: neither, due for some product, late for some, due for one and late for another. */
export const URGENCY_SETS = 4;

/**
 * How each customer of the shop stands to all products together, by the customer's index: the bits of whatever is true
 * for at least one of them. Null where no product was bought again often enough to have a rhythm.
 */
export function computeUrgencies(scope: Omit<ProductScope, 'selection'>): Uint8Array | null {
  const ofAll = { ...scope, selection: everyone(scope.columns) };
  const rhythms = computeRhythms(ofAll);
  if (rhythms.size === 0) return null;
  const urgencies = new Uint8Array(scope.columns.customerCount);
  readDue(ofAll, rhythms, (_product, customer, isLate) => {
    urgencies[customer] = (urgencies[customer] ?? NaN) | (isLate ? URGENCY_BITS.late : URGENCY_BITS.due);
  });
  return urgencies;
}
