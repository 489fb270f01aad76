import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { findMismatch, type Mismatch } from '#app/services/sync/webhooks/webhook-binding.ts';
import { READ_WEBHOOK, type WebhookSubject, type WebhookWork } from '#app/services/sync/webhooks/webhook-work.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface RecordDelivery {
  delivery: WebhookDelivery;
  isRemoval: boolean;
  version: Date | null;
}

/** All that waits about one order or customer: one piece of work, since each only says that something changed. */
export interface RecordItem {
  kind: 'order' | 'customer';
  id: bigint;
  about: RecordDelivery[];
}

export interface WorkItem {
  kind: 'work';
  /** Read from the latest of `deliveries`. */
  work: WebhookWork;
  deliveries: WebhookDelivery[];
}

export type InboxItem = RecordItem | WorkItem;

export interface ReadInbox {
  /** In the order in which their first webhooks came. */
  items: InboxItem[];
  /** What makes no sense. */
  refused: { delivery: WebhookDelivery; error: unknown }[];
  /** What is not what its headers say. */
  mismatched: { delivery: WebhookDelivery; mismatch: Mismatch }[];
}

/** Opens and reads what is due, and puts together what is one piece of work. */
export function readInbox(context: ShopContext, due: readonly WebhookDelivery[]): ReadInbox {
  const items = new Map<string, InboxItem>();
  const read: ReadInbox = { items: [], refused: [], mismatched: [] };
  for (const delivery of due) {
    try {
      const body = openBody(context, delivery);
      const mismatch = findMismatch(context.shop.domain, delivery.topic, body);
      if (mismatch === null) addTo(items, delivery, subjectOf(delivery, body));
      else read.mismatched.push({ delivery, mismatch });
    } catch (error) {
      read.refused.push({ delivery, error });
    }
  }
  read.items = [...items.values()];
  return read;
}

export function deliveriesOf(item: InboxItem): WebhookDelivery[] {
  return item.kind === 'work' ? item.deliveries : item.about.map(({ delivery }) => delivery);
}

export function idsOf(deliveries: readonly WebhookDelivery[]): string[] {
  return deliveries.map(({ webhookId }) => webhookId);
}

function subjectOf({ topic, webhookId }: WebhookDelivery, body: string): WebhookSubject {
  const read = READ_WEBHOOK[topic];
  if (!read) throw new UnhandledTopicError(`Nothing handles ${topic}`);
  return read(body, webhookId);
}

function addTo(items: Map<string, InboxItem>, delivery: WebhookDelivery, subject: WebhookSubject): void {
  if (subject.kind === 'work') {
    const known = items.get(subject.key);
    const deliveries = known?.kind === 'work' ? known.deliveries : [];
    deliveries.push(delivery);
    items.set(subject.key, { kind: 'work', work: subject.work, deliveries });
    return;
  }
  const { kind, id, isRemoval, version } = subject;
  const key = `${kind} ${id}`;
  const known = items.get(key);
  const item: RecordItem = known && known.kind !== 'work' ? known : { kind, id, about: [] };
  item.about.push({ delivery, isRemoval, version });
  items.set(key, item);
}

class UnhandledTopicError extends Error {
  override name = 'UnhandledTopicError';
}

function openBody({ sealedBox, shop }: ShopContext, { bodySealed, webhookId }: WebhookDelivery): string {
  if (bodySealed === null) return '{}';
  return sealedBox.open(bodySealed, { shopId: shop.shopId, table: 'webhook_inbox', column: 'body', row: webhookId });
}
