import { createHmac, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

import { CLOCK_SKEW_SECONDS, refuseProof } from '#app/adapters/shopify/proofs/proof.ts';
import type { Proved, ProofSettings } from '#app/adapters/shopify/proofs/proof.ts';

// Shopify's are below 1 KB. What is longer is not worth a hash.
const MAX_TOKEN_LENGTH = 8 * 1024;
const THREE_PARTS = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

const headerSchema = z.object({
  alg: z.string(),
  typ: z.literal('JWT').optional(),
  // An extension that we do not know and are told not to ignore.
  crit: z.never().optional(),
});

const claimsSchema = z.object({
  // One audience and not a list of them: a token for several apps is for none.
  aud: z.string(),
  dest: z.string(),
  jti: z.string().min(1),
  exp: z.number(),
  nbf: z.number(),
  iat: z.number(),
  iss: z.string().optional(),
  sub: z.string().optional(),
  sid: z.unknown().optional(),
});

export type SignedClaims = z.infer<typeof claimsSchema>;

/**
 * What any session token of Shopify must fulfil, whoever it speaks for. Its lifetime is left to `checkLifetime`, so that
 * `expired` means that nothing else is wrong.
 */
export function readSignedClaims(token: string, { clientId, clientSecrets }: ProofSettings): Proved<SignedClaims> {
  if (token.length > MAX_TOKEN_LENGTH) return refuseProof('too-long');
  const [, header, payload, signature] = THREE_PARTS.exec(token) ?? [];
  if (header === undefined || payload === undefined || signature === undefined) return refuseProof('malformed');
  const head = headerSchema.safeParse(decodePart(header));
  if (!head.success) return refuseProof('malformed');
  if (head.data.alg !== 'HS256') return refuseProof('algorithm');
  if (!isSignedByOneOf(clientSecrets, `${header}.${payload}`, signature)) return refuseProof('signature');
  const claims = claimsSchema.safeParse(decodePart(payload));
  if (!claims.success) return refuseProof('claims');
  if (claims.data.aud !== clientId) return refuseProof('audience');
  return { ok: true, value: claims.data };
}

export function checkLifetime({ exp, nbf, iat }: SignedClaims, now: Date): Proved<null> {
  const nowSeconds = Math.floor(now.getTime() / 1000);
  if (exp <= nbf) return refuseProof('claims');
  if (Math.max(nbf, iat) > nowSeconds + CLOCK_SKEW_SECONDS) return refuseProof('not-yet');
  if (exp <= nowSeconds - CLOCK_SKEW_SECONDS) return refuseProof('expired');
  return { ok: true, value: null };
}

/**
 * A token that was found good, as it would be with the present secret: while Shopify changes it, some are still signed
 * with the one before, and the library knows one secret.
 */
export function signWithPresent(token: string, [present = '']: readonly string[]): string {
  const signed = token.slice(0, token.lastIndexOf('.'));
  return `${signed}.${createHmac('sha256', present).update(signed).digest('base64url')}`;
}

/**
 * On this thread: the hash takes a few microseconds, and Web Crypto has another thread make it, which waits for a processor
 * there and back. The text is compared and not its bytes: other spellings of the same bytes would make many tokens of one.
 */
function isSignedByOneOf(secrets: readonly string[], signed: string, signature: string): boolean {
  const given = Buffer.from(signature, 'ascii');
  return secrets.some((secret) => {
    const expected = Buffer.from(createHmac('sha256', secret).update(signed).digest('base64url'), 'ascii');
    // The length of a signature is no secret, and each is compared to its end.
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function decodePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
