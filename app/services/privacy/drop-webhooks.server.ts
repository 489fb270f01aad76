import { markHandled } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { numericId } from '#app/adapters/shopify/gid.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { parseCustomerRequest, parseMerge, parseSubjectId } from '#app/services/sync/webhooks/webhook-payloads.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const DATA_REQUEST = 'customers/data_request';

/** What a customer's webhook says of whom. The body of customers/data_request carries an e-mail and a phone as well. */
const CUSTOMERS_IN: Readonly<Record<string, (body: string) => (bigint | null)[]>> = {
  [DATA_REQUEST]: (body) => [parseCustomerRequest(body).customerId],
  'customers/create': (body) => [parseSubjectId(body)],
  'customers/update': (body) => [parseSubjectId(body)],
  'customers/delete': (body) => [parseSubjectId(body)],
  'customers/merge': (body) => {
    const { keptGid, deletedGid } = parseMerge(body);
    return [numericId(keptGid), numericId(deletedGid)];
  },
};

/**
 * Ends the webhooks about one customer that could not be handled so far, dead or waiting for another try: what they ask
 * for is moot, and their bodies name the customer.
 */
export async function dropWebhooksNaming(
  context: Pick<ShopContext, 'sealedBox' | 'shop' | 'now'>,
  db: TenantDb,
  customerId: bigint,
): Promise<void> {
  const { shop, now } = context;
  const held = await db.webhookDelivery.findMany({
    where: {
      shopId: shop.shopId,
      bodySealed: { not: null },
      // The others that wait carry ids alone and are handled within seconds.
      OR: [{ state: 'waiting', topic: DATA_REQUEST }, { state: 'dead', topic: { in: Object.keys(CUSTOMERS_IN) } }],
    },
  });
  const isMoot = (delivery: WebhookDelivery) => customersIn(context, delivery).includes(customerId);
  const ids = held.filter(isMoot).map(({ webhookId }) => webhookId);
  if (ids.length > 0) await markHandled(db, shop, ids, 'redacted', now());
}

function customersIn(
  { sealedBox, shop }: Pick<ShopContext, 'sealedBox' | 'shop'>,
  { bodySealed, webhookId, topic }: WebhookDelivery,
): (bigint | null)[] {
  try {
    const place = { shopId: shop.shopId, table: 'webhook_inbox', column: 'body', row: webhookId };
    return bodySealed === null ? [] : (CUSTOMERS_IN[topic]?.(sealedBox.open(bodySealed, place)) ?? []);
  } catch {
    // A body that is not to be read names nobody; that is why it could not be handled.
    return [];
  }
}
