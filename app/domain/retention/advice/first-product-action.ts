import type { ProductScope } from '../products/product-scope.ts';
import { computeFirstProducts } from '../products/first-products.ts';
import type { FirstProduct } from '../products/first-products.ts';
import { AHEAD_DAYS } from './silence-cases.ts';
import { stakeOf } from './stake.ts';
import type { FirstProductAction } from './weekly-action.ts';

/** Who begins with what most begin with is the store: showing it to more people changes nothing. */
const MOST_OF_STORE = 0.5;

/**
 * The product whose first buyers come back clearly more often than the shop's customers: of those that luck does not
 * explain (see `computeFirstProducts`), the one with the largest difference in money. No proof of a cause.
 */
export function deriveFirstProductAction(scope: ProductScope, secondOrderMinor: number): FirstProductAction | null {
  const { products, everyone, withinDays } = computeFirstProducts(scope);
  const rateOfShop = everyone.repeatRate;
  const days = daysOfMatured(scope, withinDays);
  if (rateOfShop === null || days < AHEAD_DAYS) return null;
  let best: { product: FirstProduct; rate: number; moreMinor: number } | null = null;
  for (const product of products) {
    const { standing, repeatRate: rate, matured } = product;
    if (standing !== 'above' || rate === null || matured > everyone.matured * MOST_OF_STORE) continue;
    const moreMinor = (rate - rateOfShop) * matured * secondOrderMinor;
    if (best === null || moreMinor > best.moreMinor) best = { product, rate, moreMinor };
  }
  if (best === null) return null;
  const { product, rate } = best;
  // What is at stake is a month's worth, so that it can stand beside what waits this week.
  const number = Math.round((product.matured * AHEAD_DAYS) / days);
  if (number === 0) return null;
  return {
    kind: 'firstProduct',
    productTitle: product.product.title,
    days: withinDays,
    customers: product.matured,
    segment: {
      match: 'all',
      conditions: [
        { kind: 'choice', field: 'firstProduct', anyOf: [String(product.product.id)] },
        { kind: 'range', field: 'daysSinceFirstOrder', from: withinDays, to: null },
      ],
    },
    rate,
    rateOfShop,
    stake: stakeOf({ number, chance: rate - rateOfShop, orderMinor: secondOrderMinor }),
  };
}

/** From the first order of any customer to the last day on which one had the time to come back. */
function daysOfMatured({ columns, selection, asOf }: ProductScope, withinDays: number): number {
  const { customerOffsets, days } = columns;
  let first = Infinity;
  for (let k = 0; k < selection.customers.length; k += 1) {
    first = Math.min(first, days[customerOffsets[selection.customers[k] ?? NaN] ?? NaN] ?? NaN);
  }
  return asOf.day - withinDays - first + 1;
}
