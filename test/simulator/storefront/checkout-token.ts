import { createHmac, timingSafeEqual } from 'node:crypto';

import { tokenLifetime } from '../admin-shell/token-lifetime.ts';
import { signSessionToken } from '../session-token.ts';
import type { SimApp, SimShopState } from '../simulator.ts';

/** A token for a checkout extension lives for five minutes. */
const CHECKOUT_TOKEN_SECONDS = 5 * 60;

/** What the local Shopify does when an extension asks for its session token. */
export type CheckoutTokenMode = 'valid' | 'expired' | 'wrong-audience' | 'unavailable';

/**
 * The session token of a checkout extension: the bare domain as `dest`, no `sid`, and `sub` only for a buyer who is
 * signed in.
 */
export function mintCheckoutToken(
  app: SimApp,
  shop: SimShopState,
  signedInCustomerId: number | undefined,
  mode: Exclude<CheckoutTokenMode, 'unavailable'> = 'valid',
): string {
  const lifetime = tokenLifetime(CHECKOUT_TOKEN_SECONDS);
  const agedSeconds = mode === 'expired' ? 2 * CHECKOUT_TOKEN_SECONDS : 0;
  const claims = {
    dest: shop.shop.domain,
    aud: mode === 'wrong-audience' ? 'another-app' : app.clientId,
    jti: lifetime.jti,
    nbf: lifetime.nbf - agedSeconds,
    iat: lifetime.iat - agedSeconds,
    exp: lifetime.exp - agedSeconds,
    ...(signedInCustomerId === undefined ? {} : { sub: `gid://shopify/Customer/${signedInCustomerId}` }),
  };
  return signSessionToken(claims, app.clientSecret);
}

/** The last part of a thank-you page's address: nobody can guess that of another order. */
export function orderTokenOf(app: SimApp, shop: SimShopState, orderId: number): string {
  return `${orderId.toString(36)}-${orderSignature(app, shop, orderId).slice(0, 24)}`;
}

/** The order's id, or undefined when the token was not made by `orderTokenOf` for this store. */
export function readOrderToken(app: SimApp, shop: SimShopState, token: string): number | undefined {
  const orderId = Number.parseInt(token.split('-')[0] ?? '', 36);
  if (!Number.isSafeInteger(orderId)) return undefined;
  const expected = Buffer.from(orderTokenOf(app, shop, orderId));
  const given = Buffer.from(token);
  return expected.length === given.length && timingSafeEqual(expected, given) ? orderId : undefined;
}

/** `PX4K9QZ2B`: what Shopify shows as the confirmation number, which tells nothing about the order's id. */
export function confirmationNumberOf(app: SimApp, shop: SimShopState, orderId: number): string {
  return BigInt(`0x${orderSignature(app, shop, orderId).slice(-16)}`)
    .toString(36)
    .toUpperCase()
    .padStart(9, '0')
    .slice(-9);
}

function orderSignature(app: SimApp, shop: SimShopState, orderId: number): string {
  return createHmac('sha256', app.clientSecret).update(`${shop.shop.domain} ${orderId}`).digest('hex');
}
