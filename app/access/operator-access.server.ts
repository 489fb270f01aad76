import { createHash, timingSafeEqual } from 'node:crypto';

import { env } from '#app/env.server.ts';

/**
 * Whether an Authorization header opens the operator's pages. Whom it does not open them for is told that there are
 * none: 404, as for any address that does not exist.
 */
export function isOperator(authorization: string | null | undefined): boolean {
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
  if (env.OPERATOR_TOKEN === undefined || token === undefined) return false;
  // Hashes are of one length, which the comparison needs and which tells nothing of the token.
  return timingSafeEqual(sha256(token), sha256(env.OPERATOR_TOKEN));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
