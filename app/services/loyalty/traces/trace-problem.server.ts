import { ShopifyAccessError, ShopifyRequestError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { MetafieldRefusedError } from '#app/adapters/shopify/customer-metafields.server.ts';
import { MissingScopeError } from '#app/adapters/shopify/missing-scope.server.ts';

export type TraceProblem = 'unavailable' | 'access' | 'scope' | 'refused';

/** Only errors that tell of Shopify; any other is a fault of ours and goes up. */
export function traceProblemOf(error: unknown): TraceProblem {
  if (error instanceof ShopifyUnavailableError) return 'unavailable';
  if (error instanceof MissingScopeError) return 'scope';
  if (error instanceof ShopifyAccessError) return 'access';
  if (error instanceof ShopifyRequestError || error instanceof MetafieldRefusedError) return 'refused';
  throw error;
}
