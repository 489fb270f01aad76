import type { WebhookDelivery } from '#app/generated/prisma/client.ts';

/** Shopify's answer is from before what the webhook tells of: its API may lag behind its webhooks for a moment. */
export class NotYetError extends Error {
  override name = 'NotYetError';
}

// One, two and four seconds; what is still so after that is how it is.
const TRIES_BEFORE_BELIEVED = 3;

/** `attempts` counts the try that is under way no more than the caller's copy of the row does. */
export function isPatienceOver({ attempts }: Pick<WebhookDelivery, 'attempts'>): boolean {
  return attempts >= TRIES_BEFORE_BELIEVED;
}
