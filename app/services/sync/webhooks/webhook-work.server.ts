import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { recordDataRequest } from '#app/services/privacy/record-data-request.server.ts';
import { redactCustomer } from '#app/services/privacy/redact-customer.server.ts';
import { redactShop } from '#app/services/privacy/redact-shop.server.ts';
import { recordUninstall } from '#app/services/sync/record-uninstall.server.ts';
import { mergeCustomers, refreshCustomer, removeCustomer } from '#app/services/sync/refresh-customer.server.ts';
import { refreshOrder, removeOrder } from '#app/services/sync/refresh-order.server.ts';
import { refreshShopFacts } from '#app/services/sync/refresh-shop-facts.server.ts';
import { parseCustomerRequest, parseMerge, parseSubjectId } from '#app/services/sync/webhooks/webhook-payloads.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Does the work and says in a word or two what came of it. Safe to repeat. */
export type WebhookWork = (context: ShopContext, delivery: WebhookDelivery) => Promise<string>;

/** Webhooks with one key are one piece of work. Throws when the body lacks what the work needs. */
type ReadWebhook = (body: string, webhookId: string) => { key: string; work: WebhookWork };

const readOrderChange: ReadWebhook = (body) => {
  const orderId = parseSubjectId(body);
  return { key: `order ${orderId}`, work: (context) => refreshOrder(context, orderId) };
};

const readCustomerChange: ReadWebhook = (body) => {
  const customerId = parseSubjectId(body);
  return { key: `customer ${customerId}`, work: (context) => refreshCustomer(context, customerId) };
};

const readShopChange: ReadWebhook = () => ({
  key: 'shop',
  work: async (context) => {
    await refreshShopFacts(context);
    return 'refreshed';
  },
});

export const WEBHOOK_WORK: Readonly<Record<string, ReadWebhook>> = {
  'orders/create': readOrderChange,
  'orders/updated': readOrderChange,
  'orders/delete': (body) => {
    const orderId = parseSubjectId(body);
    return { key: `order-deleted ${orderId}`, work: (context) => removeOrder(context, orderId) };
  },
  'customers/create': readCustomerChange,
  'customers/update': readCustomerChange,
  'customers/delete': (body) => {
    const customerId = parseSubjectId(body);
    return { key: `customer-deleted ${customerId}`, work: (context) => removeCustomer(context, customerId) };
  },
  'customers/merge': (body) => {
    const merge = parseMerge(body);
    return { key: `merge ${merge.deletedGid}`, work: (context) => mergeCustomers(context, merge) };
  },
  'app/uninstalled': () => ({ key: 'uninstalled', work: recordUninstall }),
  'app/scopes_update': readShopChange,
  'shop/update': readShopChange,
  // The import that waits for the operation looks by itself, since this webhook is not promised to come.
  'bulk_operations/finish': () => ({ key: 'bulk-finish', work: async () => 'noted' }),
  // Each compliance webhook is work of its own: two may name one customer and yet ask for different orders.
  'customers/data_request': (body, webhookId) => {
    const request = parseCustomerRequest(body);
    return {
      key: `data-request ${webhookId}`,
      work: (context, delivery) => recordDataRequest(context, delivery, request),
    };
  },
  'customers/redact': (body, webhookId) => {
    const request = parseCustomerRequest(body);
    return { key: `redact ${webhookId}`, work: (context, delivery) => redactCustomer(context, request, delivery) };
  },
  'shop/redact': (_body, webhookId) => ({ key: `redact-shop ${webhookId}`, work: redactShop }),
};
