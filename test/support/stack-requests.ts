import { createHmac, randomUUID } from 'node:crypto';

import { signSessionToken } from '#test/simulator/session-token.ts';
import { BROWSER_AGENT } from './app-under-test.ts';
import type { PlannedRequest } from './open-loop.ts';
import type { PerennialUnderTest } from './perennial-under-test.ts';

/** A webhook of a change of an order, signed, under an id of its own. */
export function orderWebhook(webhook: { orderId: number; domain: string; secret: string; updatedAt: string; offsetMs: number }): PlannedRequest {
  const { orderId, domain, secret, updatedAt, offsetMs } = webhook;
  const body = JSON.stringify({ id: orderId, admin_graphql_api_id: `gid://shopify/Order/${orderId}`, updated_at: updatedAt });
  return {
    offsetMs,
    path: '/webhooks/orders',
    body,
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      'X-Shopify-Topic': 'orders/updated',
      'X-Shopify-Shop-Domain': domain,
      'X-Shopify-API-Version': '2026-10',
      'X-Shopify-Webhook-Id': randomUUID(),
      'X-Shopify-Event-Id': randomUUID(),
      'X-Shopify-Triggered-At': updatedAt,
      'X-Shopify-Hmac-Sha256': createHmac('sha256', secret).update(body).digest('base64'),
    },
  };
}

/** A merchant's visit, the first of which installs the app and asks for the history. */
export async function visitAsMerchant({ simulator }: Pick<PerennialUnderTest, 'simulator'>, domain: string, appUrl: string): Promise<Response> {
  const { clientId, clientSecret } = simulator.simulator.app;
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = { iss: `https://${domain}/admin`, dest: `https://${domain}`, aud: clientId, sub: '1', exp: nowSeconds + 60, nbf: nowSeconds - 1, iat: nowSeconds, jti: randomUUID(), sid: 'visit' };
  const host = Buffer.from(`admin.shopify.com/store/${domain.split('.')[0]}`).toString('base64');
  const query = new URLSearchParams({ embedded: '1', shop: domain, host, id_token: signSessionToken(claims, clientSecret) });
  return fetch(`${appUrl}/app?${query}`, { headers: { 'User-Agent': BROWSER_AGENT } });
}
