import { jwtVerify } from 'jose';
import { z } from 'zod';

import { numericId } from '#app/adapters/shopify/gid.ts';
import { isShopDomain } from '#app/domain/ids.ts';
import type { ShopDomain } from '#app/domain/ids.ts';
import type { Result } from '#app/domain/result.ts';

/** Whom a buyer's session token speaks for. */
export interface CheckoutIdentity {
  shopDomain: ShopDomain;
  /** Only of a buyer who is signed in, in a shop that lets the app read customers. */
  customerId: bigint | null;
}

/** For our own log. Who sent the token learns only that it is refused. */
export type CheckoutTokenRefusal = {
  reason: 'missing' | 'too-long' | 'not-valid' | 'claims' | 'admin-token' | 'shop' | 'customer';
};

interface Expected {
  clientId: string;
  clientSecret: string;
  now: Date;
}

const BEARER = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i;
const MAX_HEADER_LENGTH = 8 * 1024;
const CLOCK_SKEW_SECONDS = 10;

const claimsSchema = z.object({
  // One audience and not a list of them: a token for several apps is for none.
  aud: z.string(),
  dest: z.string(),
  jti: z.string().min(1),
  exp: z.number(),
  nbf: z.number(),
  iss: z.string().optional(),
  sub: z.string().optional(),
  sid: z.unknown().optional(),
});

/**
 * Checks the session token of a checkout extension, by our own hand: the library's `authenticate.public.checkout`
 * does not look at the audience, takes a token that never ends, and turns away whatever looks like a bot.
 */
export async function verifyCheckoutToken(
  authorization: string | null,
  { clientId, clientSecret, now }: Expected,
): Promise<Result<CheckoutIdentity, CheckoutTokenRefusal>> {
  if (authorization === null) return refuse('missing');
  if (authorization.length > MAX_HEADER_LENGTH) return refuse('too-long');
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) return refuse('missing');
  const verified = await jwtVerify(token, new TextEncoder().encode(clientSecret), {
    algorithms: ['HS256'],
    audience: clientId,
    requiredClaims: ['exp', 'nbf', 'aud', 'dest', 'jti'],
    clockTolerance: CLOCK_SKEW_SECONDS,
    currentDate: now,
  }).catch(() => null);
  if (verified === null) return refuse('not-valid');
  const claims = claimsSchema.safeParse(verified.payload);
  if (!claims.success) return refuse('claims');
  return readIdentity(claims.data);
}

function readIdentity(claims: z.infer<typeof claimsSchema>): Result<CheckoutIdentity, CheckoutTokenRefusal> {
  // Staff and buyers get tokens of one secret and one audience. What tells them apart is checked by name, so that a
  // member of staff is never taken for a buyer because some field happens to have the right shape.
  const isAdminToken =
    claims.iss?.endsWith('/admin') === true || claims.sid !== undefined || /^\d+$/.test(claims.sub ?? '');
  if (isAdminToken) return refuse('admin-token');
  // Shopify writes the bare domain here. Exactly one more spelling means the same and nothing else.
  const shopDomain = claims.dest.startsWith('https://') ? claims.dest.slice('https://'.length) : claims.dest;
  if (!isShopDomain(shopDomain) || namesAnotherShop(claims.iss, shopDomain)) return refuse('shop');
  if (claims.sub === undefined) return { ok: true, value: { shopDomain, customerId: null } };
  const customerId = claims.sub.startsWith('gid://shopify/Customer/') ? numericId(claims.sub) : null;
  return customerId === null ? refuse('customer') : { ok: true, value: { shopDomain, customerId } };
}

/** Newer tokens carry an issuer in a form that Shopify does not document; a shop's domain in it must be the same shop. */
function namesAnotherShop(issuer: string | undefined, shopDomain: string): boolean {
  const named = /([a-z0-9-]+\.myshopify\.com)/i.exec(issuer ?? '')?.[1];
  return named !== undefined && named !== shopDomain;
}

function refuse(reason: CheckoutTokenRefusal['reason']): { ok: false; reason: CheckoutTokenRefusal['reason'] } {
  return { ok: false, reason };
}
