import { randomUUID } from 'node:crypto';

export interface TokenLifetime {
  nbf: number;
  iat: number;
  exp: number;
  jti: string;
}

/**
 * The claims of a session token that lives from now, in seconds since 1970. Reads the real clock, not the one that the
 * control page moves: the app checks tokens against its own.
 */
export function tokenLifetime(lifetimeSeconds: number): TokenLifetime {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return { nbf: nowSeconds, iat: nowSeconds, exp: nowSeconds + lifetimeSeconds, jti: randomUUID() };
}
