import { ShopifyAccessError, ShopifyRequestError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';

/**
 * Shopify counts uses of a code with some delay, and a request whose answer was lost may still be on its way: after so long
 * its word that there is nothing is believed.
 */
export const SETTLING_WAIT_MS = 600 * MS_PER_SECOND;

/** What Shopify did not take after so many sendings, each followed by its word that it is not there, is given up. */
export const MAX_ATTEMPTS = 8;

/** Runs a step that asks Shopify; `otherwise` gets a word of ours for what went wrong. Any other error is a fault of ours and goes up. */
export async function shopifyOr<T, E>(step: () => Promise<T>, otherwise: (error: string) => Promise<E>): Promise<T | E> {
  try {
    return await step();
  } catch (error) {
    return otherwise(wordOf(error));
  }
}

function wordOf(error: unknown): string {
  if (error instanceof ShopifyUnavailableError) return 'unavailable';
  if (error instanceof ShopifyAccessError) return 'access';
  if (error instanceof ShopifyRequestError) return 'request';
  throw error;
}
