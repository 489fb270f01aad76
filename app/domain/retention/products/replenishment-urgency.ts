import { everyone } from '../columns/selection.ts';
import type { ProductScope } from './product-scope.ts';
import { computeRhythms, listCustomersDue, readDue } from './replenishment.ts';
import type { Rhythm } from './replenishment.ts';

/** How a customer stands to a product whose rhythm is known: see `Replenishment`. */
export const REPLENISHMENT_URGENCIES = ['due', 'late'] as const;

export type ReplenishmentUrgency = (typeof REPLENISHMENT_URGENCIES)[number];

/** Sets of urgencies by the sum of these. */
export const URGENCY_BITS: Readonly<Record<ReplenishmentUrgency, number>> = { due: 1, late: 2 };

export interface Urgencies {
  /** By the customer's index: the bits of whatever is true for at least one product. */
  readonly ofCustomers: Uint8Array;
  /** Of the products that have one, by their codes. */
  readonly rhythms: ReadonlyMap<number, Rhythm>;
}

type ProductScopeOfAll = Omit<ProductScope, 'selection'>;

/**
 * How each customer of the shop stands to all products together. Null where no product was bought again often enough to
 * have a rhythm.
 */
export function computeUrgencies(scope: ProductScopeOfAll): Urgencies | null {
  const ofAll = { ...scope, selection: everyone(scope.columns) };
  const rhythms = computeRhythms(ofAll);
  if (rhythms.size === 0) return null;
  const ofCustomers = new Uint8Array(scope.columns.customerCount);
  readDue(ofAll, rhythms, (_product, customer, isLate) => {
    ofCustomers[customer] = (ofCustomers[customer] ?? NaN) | (isLate ? URGENCY_BITS.late : URGENCY_BITS.due);
  });
  return { ofCustomers, rhythms };
}

/**
 * Who is due for a product, or late, by their indices. Null where the product has no rhythm, or is no product of the shop.
 *
 * @param product its key, written out
 */
export function customersOfUrgency(
  scope: ProductScopeOfAll & Pick<Urgencies, 'rhythms'>,
  { urgency, product }: { urgency: ReplenishmentUrgency; product: string },
): Uint32Array | null {
  const code = scope.lines.dictionary.findIndex(({ id }) => String(id) === product);
  const rhythm = scope.rhythms.get(code);
  return rhythm === undefined ? null : listCustomersDue({ ...scope, selection: everyone(scope.columns) }, code, rhythm)[urgency].customers;
}
