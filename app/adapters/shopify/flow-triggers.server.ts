import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { requireScope } from '#app/adapters/shopify/missing-scope.server.ts';
import { ReceiveFlowTriggerDocument } from '#app/generated/admin-api.ts';

/**
 * Starts the workflows of a store that begin with a trigger of the app; none is no error. Throws the errors of the Admin
 * API. Flow knows no key by which it would tell a repeat: when the outcome is unknown, asking again may start them twice.
 */
export async function receiveFlowTrigger(admin: AdminApi, handle: string, payload: Readonly<Record<string, string | number>>): Promise<'taken' | 'refused'> {
  const { data, withheld } = await admin(ReceiveFlowTriggerDocument, { handle, payload });
  requireScope(withheld);
  if (!data.flowTriggerReceive) throw new ShopifyUnavailableError('Shopify does not say what came of a trigger');
  return data.flowTriggerReceive.userErrors.length === 0 ? 'taken' : 'refused';
}
