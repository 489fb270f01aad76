import type { Shopify } from '@shopify/shopify-api';

import type { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { findShop } from '#app/adapters/db/shop-registry.server.ts';
import { receiveIntoInbox, type InboxVerdict } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import type { PrismaClient } from '#app/generated/prisma/client.ts';

interface WebhookReceiver {
  prisma: PrismaClient;
  sealedBox: SealedBox;
  api: Pick<Shopify, 'webhooks'>;
}

export interface IncomingWebhook {
  rawBody: string;
  rawRequest: Request;
  /** Topics that the address is for; the topic's header is not signed, so it is not believed beyond these. */
  topics: readonly string[];
}

export type ReceiveOutcome =
  | { ok: true; verdict: InboxVerdict }
  | { ok: false; reason: 'bad-signature' | 'missing-headers' | 'other-topic' };

/**
 * Checks the signature and keeps the webhook; everything else is the worker's. No session is loaded and no token
 * refreshed here, so that an uninstalled shop's webhooks are taken like any other's (shopify-app-js #3360).
 */
export async function receiveWebhook(
  { prisma, sealedBox, api }: WebhookReceiver,
  { rawBody, rawRequest, topics }: IncomingWebhook,
): Promise<ReceiveOutcome> {
  const check = await api.webhooks.validate({ rawBody, rawRequest });
  if (!check.valid) {
    return { ok: false, reason: check.reason === 'missing_headers' ? 'missing-headers' : 'bad-signature' };
  }
  if (check.webhookType !== 'webhooks') return { ok: false, reason: 'other-topic' };
  const topic = topics.find((name) => isNamed(name, check.topic));
  if (!topic) return { ok: false, reason: 'other-topic' };

  const shop = await findShop(prisma, check.domain);
  if (!shop) return { ok: true, verdict: 'unknown-shop' };
  const place = { shopId: shop.shopId, table: 'webhook_inbox', column: 'body', row: check.webhookId };
  const verdict = await receiveIntoInbox(prisma, {
    domain: check.domain,
    webhookId: check.webhookId,
    eventId: check.eventId ?? null,
    topic,
    apiVersion: check.apiVersion,
    triggeredAt: readInstant(check.triggeredAt),
    bodySealed: sealedBox.seal(rawBody, place),
  });
  return { ok: true, verdict };
}

/** The library says ORDERS_CREATE where Shopify and we say orders/create. */
function isNamed(topic: string, libraryName: string): boolean {
  return topic.toUpperCase().replaceAll(/[/.]/g, '_') === libraryName;
}

function readInstant(text: string | undefined): Date | null {
  const instant = new Date(text ?? '');
  return Number.isNaN(instant.getTime()) ? null : instant;
}
