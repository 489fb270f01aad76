import { createHmac, randomUUID } from 'node:crypto';

/** Signs claims as a compact JWT by HS256, as Shopify signs each of its session tokens with the app's secret. */
export function signToken(claims: Record<string, unknown>, secret: string): string {
  const signedPart = `${encodePart({ alg: 'HS256', typ: 'JWT' })}.${encodePart(claims)}`;
  return `${signedPart}.${createHmac('sha256', secret).update(signedPart).digest('base64url')}`;
}

/**
 * `nbf`, `iat`, `exp` and `jti` of a token that lives from now. Reads the real clock, not the one that the control page
 * moves: the app checks tokens against its own.
 */
export function tokenLifetime(lifetimeSeconds: number): { nbf: number; iat: number; exp: number; jti: string } {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return { nbf: nowSeconds, iat: nowSeconds, exp: nowSeconds + lifetimeSeconds, jti: randomUUID() };
}

function encodePart(part: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
