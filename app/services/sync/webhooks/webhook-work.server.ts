import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { recordDataRequest } from '#app/services/privacy/record-data-request.server.ts';
import { redactCustomer } from '#app/services/privacy/redact-customer.server.ts';
import { redactShop } from '#app/services/privacy/redact-shop.server.ts';
import { recordUninstall } from '#app/services/sync/record-uninstall.server.ts';
import { mergeCustomers } from '#app/services/sync/refresh-customer.server.ts';
import { refreshShopFacts } from '#app/services/sync/refresh-shop-facts.server.ts';
import { NotYetError, isPatienceOver } from '#app/services/sync/webhooks/not-yet.ts';
import {
  parseCustomerRequest,
  parseMerge,
  parseSubjectId,
  parseVersion,
} from '#app/services/sync/webhooks/webhook-payloads.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Does the work and says in a word or two what came of it. Safe to repeat. */
export type WebhookWork = (context: ShopContext, delivery: WebhookDelivery) => Promise<string>;

/** What a webhook is about, read from its body. */
export type WebhookSubject =
  /** Records are read from Shopify many at once, whatever their webhooks say. */
  | { kind: 'order' | 'customer'; id: bigint; isRemoval: boolean; version: Date | null }
  /** Webhooks with one key are one piece of work. */
  | { kind: 'work'; key: string; work: WebhookWork };

/** Throws when the body lacks what the work needs. */
type ReadWebhook = (body: string, webhookId: string) => WebhookSubject;

const changeOf =
  (kind: 'order' | 'customer'): ReadWebhook =>
  (body) => ({ kind, id: parseSubjectId(body), isRemoval: false, version: parseVersion(body) });

const removalOf =
  (kind: 'order' | 'customer'): ReadWebhook =>
  (body) => ({ kind, id: parseSubjectId(body), isRemoval: true, version: null });

const readShopChange: ReadWebhook = () => ({
  kind: 'work',
  key: 'shop',
  work: async (context) => {
    await refreshShopFacts(context);
    return 'refreshed';
  },
});

export const READ_WEBHOOK: Readonly<Record<string, ReadWebhook>> = {
  'orders/create': changeOf('order'),
  'orders/updated': changeOf('order'),
  'orders/delete': removalOf('order'),
  'customers/create': changeOf('customer'),
  'customers/update': changeOf('customer'),
  'customers/delete': removalOf('customer'),
  'customers/merge': (body) => {
    const merge = parseMerge(body);
    return {
      kind: 'work',
      key: `merge ${merge.deletedGid}`,
      work: async (context, delivery) => {
        const outcome = await mergeCustomers(context, merge);
        if (outcome === 'still-there' && !isPatienceOver(delivery)) throw new NotYetError('Both customers are still there');
        return outcome;
      },
    };
  },
  'app/uninstalled': () => ({ kind: 'work', key: 'uninstalled', work: recordUninstall }),
  'app/scopes_update': readShopChange,
  'shop/update': readShopChange,
  'customer_account_settings/update': readShopChange,
  // The import that waits for the operation looks by itself, since this webhook is not promised to come.
  'bulk_operations/finish': () => ({ kind: 'work', key: 'bulk-finish', work: async () => 'noted' }),
  // Each compliance webhook is work of its own: two may name one customer and yet ask for different orders.
  'customers/data_request': (body, webhookId) => {
    const request = parseCustomerRequest(body);
    return {
      kind: 'work',
      key: `data-request ${webhookId}`,
      work: (context, delivery) => recordDataRequest(context, delivery, request),
    };
  },
  'customers/redact': (body, webhookId) => {
    const request = parseCustomerRequest(body);
    return {
      kind: 'work',
      key: `redact ${webhookId}`,
      work: (context, delivery) => redactCustomer(context, request, delivery),
    };
  },
  'shop/redact': (_body, webhookId) => ({ kind: 'work', key: `redact-shop ${webhookId}`, work: redactShop }),
};
