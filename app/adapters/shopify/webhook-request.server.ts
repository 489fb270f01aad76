import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the headers of a webhook say. Only the body is signed: whatever matters is held against that, or asked. */
export interface WebhookHeaders {
  topic: string;
  domain: string;
  webhookId: string;
  eventId: string | null;
  apiVersion: string;
  triggeredAt: Date | null;
}

/**
 * Whether Shopify signed these bytes with one of the app's secrets; of two, one is on its way out. The text of the
 * signature is compared and not its bytes, because the last character of base64 has bits that decode to nothing: three
 * other texts mean the same bytes.
 */
export function isSignedBody(rawBody: Uint8Array, signature: string | null, secrets: readonly string[]): boolean {
  if (!signature) return false;
  const given = Buffer.from(signature, 'utf8');
  let isSigned = false;
  for (const secret of secrets) {
    const expected = Buffer.from(createHmac('sha256', secret).update(rawBody).digest('base64'), 'utf8');
    // The length of a signature is no secret, and each is compared to its end.
    if (given.length === expected.length && timingSafeEqual(given, expected)) isSigned = true;
  }
  return isSigned;
}

/** Null when one is missing that Shopify always sends. */
export function readWebhookHeaders(headers: Headers): WebhookHeaders | null {
  const topic = headers.get('x-shopify-topic');
  const domain = headers.get('x-shopify-shop-domain');
  const webhookId = headers.get('x-shopify-webhook-id');
  const apiVersion = headers.get('x-shopify-api-version');
  if (!topic || !domain || !webhookId || !apiVersion) return null;
  const triggeredAt = new Date(headers.get('x-shopify-triggered-at') ?? '');
  return {
    topic,
    domain,
    webhookId,
    eventId: headers.get('x-shopify-event-id'),
    apiVersion,
    triggeredAt: Number.isNaN(triggeredAt.getTime()) ? null : triggeredAt,
  };
}
