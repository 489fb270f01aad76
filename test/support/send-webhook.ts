import { createHmac, randomUUID } from 'node:crypto';

import { TEST_APP } from './app-under-test.ts';

export interface SentWebhook {
  /** Of the address that the app is reached at. */
  appUrl: string;
  path: string;
  topic: string;
  shop: string;
  body: string;
  /** Headers that differ from what Shopify would send. */
  headers?: Record<string, string>;
}

/** A webhook as Shopify sends it, signed, under an id of its own. */
export function sendWebhook(webhook: SentWebhook): Promise<Response> {
  return fetch(signedWebhook(webhook));
}

/** The same, for whoever hands it over without a network. */
export function signedWebhook({ appUrl, path, topic, shop, body, headers = {} }: SentWebhook): Request {
  return new Request(`${appUrl}${path}`, {
    method: 'POST',
    body,
    headers: {
      'Content-Type': 'application/json',
      'X-Shopify-Topic': topic,
      'X-Shopify-Shop-Domain': shop,
      'X-Shopify-API-Version': '2026-10',
      'X-Shopify-Webhook-Id': randomUUID(),
      'X-Shopify-Hmac-Sha256': createHmac('sha256', TEST_APP.clientSecret).update(body).digest('base64'),
      ...headers,
    },
  });
}
