import type { Session, Shopify } from '@shopify/shopify-api';
import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { ShopifyAccessError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import type { SealedSessionStorage } from '#app/adapters/shopify/session-storage.server.ts';

// A call takes up to 15 s and a clock may be off, so a token with less than this left is replaced first.
const REFRESH_AHEAD_MS = 2 * 60 * 1000;
// First half of a two-part advisory lock; the shop is the second.
const REFRESH_LOCK = 0x70_65_72;

interface OfflineTokenOptions {
  shop: ShopRef;
  storage: SealedSessionStorage;
  api: Pick<Shopify, 'auth'>;
  pool: pg.Pool;
  now: () => Date;
}

/**
 * A live offline token of one shop. One process at a time refreshes a shop's token, under a session-level advisory
 * lock, which is no transaction and goes when its holder dies. Throws ShopifyAccessError when there is no grant.
 */
export function offlineTokenOf({ shop, storage, api, pool, now }: OfflineTokenOptions) {
  const load = async () => {
    const session = await storage.loadSession(`offline_${shop.domain}`);
    if (!session?.accessToken) throw new ShopifyAccessError(`${shop.domain} has not granted access`);
    return session;
  };
  const isFresh = (session: Session) =>
    !session.expires || session.expires.getTime() - now().getTime() > REFRESH_AHEAD_MS;

  return async (isRefused: boolean): Promise<string> => {
    const before = await load();
    if (isFresh(before) && !isRefused) return before.accessToken ?? '';
    const connection = await pool.connect();
    try {
      await connection.query('SELECT pg_advisory_lock($1, $2)', [REFRESH_LOCK, shop.shopId]);
      const current = await load();
      // Somebody else refreshed it while we waited.
      if (current.accessToken !== before.accessToken && isFresh(current)) return current.accessToken ?? '';
      if (!current.refreshToken) throw new ShopifyAccessError(`${shop.domain} gave no refresh token`);
      const { session } = await refresh(api, shop, current.refreshToken);
      await storage.storeSession(session);
      return session.accessToken ?? '';
    } finally {
      await connection.query('SELECT pg_advisory_unlock($1, $2)', [REFRESH_LOCK, shop.shopId]);
      connection.release();
    }
  };
}

async function refresh(api: Pick<Shopify, 'auth'>, shop: ShopRef, refreshToken: string): Promise<{ session: Session }> {
  try {
    return await api.auth.refreshToken({ shop: shop.domain, refreshToken });
  } catch (error) {
    // The library's errors print whole tokens, so neither their text nor they themselves travel on.
    const status = readStatus(error);
    if (status === 400 || status === 401 || status === 403) {
      throw new ShopifyAccessError(`${shop.domain} refused to refresh our token (${status})`);
    }
    throw new ShopifyUnavailableError(`${shop.domain} did not refresh our token (${status ?? 'no answer'})`);
  }
}

function readStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('response' in error)) return undefined;
  const { response } = error;
  return typeof response === 'object' && response !== null && 'code' in response && typeof response.code === 'number'
    ? response.code
    : undefined;
}
