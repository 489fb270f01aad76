import type { ProductScope } from '../products/product-scope.ts';
import { deriveFirstProductAction } from './first-product-action.ts';
import { meanSecondOrderMinor } from './mean-second-order.ts';
import { deriveRefillAction } from './refill-action.ts';
import type { FirstProductAction, RefillAction } from './weekly-action.ts';

export type ProductAction = RefillAction | FirstProductAction;

/** What the lines of the orders tell a merchant to do. */
export function deriveProductActions(scope: ProductScope): ProductAction[] {
  const { columns, selection, asOf } = scope;
  const actions = [deriveRefillAction(scope), deriveFirstProductAction(scope, meanSecondOrderMinor(columns, selection, asOf))];
  return actions.filter((action) => action !== null);
}
