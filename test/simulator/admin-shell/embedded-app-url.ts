import { createHmac } from 'node:crypto';

import type { SimApp, SimShopState } from '../simulator.ts';
import { signSessionToken } from '../session-token.ts';
import { signedInStaff } from '../staff.ts';
import { tokenLifetime } from './token-lifetime.ts';

/** An admin session token lives for one minute. */
const SESSION_TOKEN_SECONDS = 60;

export interface FrameRequest {
  /** Path inside the app with a leading slash, and the query that a deep link carries. */
  path: string;
  query: URLSearchParams;
  /** `en` or `zh-CN`: the language of the admin, not of the shop. */
  locale: string;
  /** Names one sign-in of one member of staff. */
  sessionId: string;
}

/** `perennial-demo` of `perennial-demo.myshopify.com`. */
export function storeHandle(shopDomain: string): string {
  return shopDomain.replace(/\.myshopify\.com$/, '');
}

/** Claims as in Shopify's documentation of session tokens for embedded apps. */
export function mintAdminSessionToken(app: SimApp, shop: SimShopState, sessionId: string): string {
  const claims = {
    iss: `https://${shop.shop.domain}/admin`,
    dest: `https://${shop.shop.domain}`,
    aud: app.clientId,
    sub: String(signedInStaff(shop.shop).id),
    ...tokenLifetime(SESSION_TOKEN_SECONDS),
    sid: sessionId,
  };
  return signSessionToken(claims, app.clientSecret);
}

/** The address that the admin gives to the app's frame, with every parameter that Shopify sends and their signature. */
export function embeddedAppUrl(app: SimApp, shop: SimShopState, request: FrameRequest): string {
  const url = new URL(app.publicUrl + request.path);
  const params = new URLSearchParams(request.query);
  const sent = {
    embedded: '1',
    host: Buffer.from(`admin.shopify.com/store/${storeHandle(shop.shop.domain)}`)
      .toString('base64')
      .replace(/=+$/, ''),
    id_token: mintAdminSessionToken(app, shop, request.sessionId),
    locale: request.locale,
    session: request.sessionId,
    shop: shop.shop.domain,
    timestamp: String(Math.floor(Date.now() / 1000)),
  };
  for (const [name, value] of Object.entries(sent)) params.set(name, value);
  params.delete('hmac');
  params.set('hmac', signParams(params, app.clientSecret));
  url.search = params.toString();
  return url.href;
}

/** Hex HMAC-SHA256 over the parameters sorted by name and joined by `&`. */
export function signParams(params: URLSearchParams, secret: string): string {
  const sorted = [...params.entries()]
    .filter(([name]) => name !== 'hmac')
    .sort(([left], [right]) => left.localeCompare(right));
  // Spaces count as %20 in the signed text, however the address itself writes them.
  const signed = new URLSearchParams(sorted).toString().replaceAll('+', '%20');
  return createHmac('sha256', secret).update(signed).digest('hex');
}
