import { noteShopifyCall, type ShopifyCallOutcome } from '#app/adapters/metrics/metrics.server.ts';
import {
  ShopifyAccessError,
  ShopifyRequestError,
  ShopifyUnavailableError,
  type AdminApi,
} from '#app/adapters/shopify/admin-api.server.ts';
import type { Runtime } from '#app/runtime.server.ts';

/** Counts each call with its duration and what came of it. */
export function observeAdminApi(admin: AdminApi, monotonicMs: Runtime['monotonicMs']): AdminApi {
  return async (document, variables) => {
    const startedMs = monotonicMs();
    const note = (outcome: ShopifyCallOutcome) => noteShopifyCall(outcome, (monotonicMs() - startedMs) / 1000);
    try {
      const answer = await admin(document, variables);
      note('answered');
      return answer;
    } catch (error) {
      note(outcomeOf(error));
      throw error;
    }
  };
}

function outcomeOf(error: unknown): ShopifyCallOutcome {
  if (error instanceof ShopifyUnavailableError) return 'unavailable';
  if (error instanceof ShopifyAccessError) return 'access-refused';
  if (error instanceof ShopifyRequestError) return 'request-refused';
  return 'failed';
}
