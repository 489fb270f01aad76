import type { Session, Shopify } from '@shopify/shopify-api';
import type pg from 'pg';

import { withSessionLock } from '#app/adapters/db/session-lock.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import {
  ShopifyAccessError,
  ShopifyGrantUnclearError,
  ShopifyUnavailableError,
} from '#app/adapters/shopify/admin-api.server.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { SealedSessionStorage } from '#app/adapters/shopify/session-storage.server.ts';

// A call takes up to 15 s and a clock may be off, so a token with less than this left is replaced first.
const REFRESH_AHEAD_MS = 2 * 60 * 1000;
// The library's own request has no end.
const REFRESH_DEADLINE_MS = 15_000;
// First half of a two-part advisory lock; a number of the shop's domain is the second.
const TOKEN_LOCK = 0x70_65_72;
// Each holds a connection for its lock while it needs another one to read and write the token: without a bound, a
// pool's worth of refreshes would wait for each other for ever.
const MAX_REFRESHES_AT_ONCE = 2;

interface OfflineTokenOptions {
  shop: ShopRef;
  storage: Pick<SealedSessionStorage, 'loadSession' | 'storeSession' | 'endSession'>;
  api: Pick<Shopify, 'auth'>;
  pool: pg.Pool;
  now: () => Date;
  deadlineMs?: number;
}

/**
 * A live offline token of one shop. Of this process one caller a shop refreshes it and the others wait for that one;
 * among processes an advisory lock decides. Throws ShopifyAccessError when there is no grant, ShopifyUnavailableError
 * when Shopify does not answer: the refresh token then stays usable, also if the answer was lost on its way.
 */
export function offlineTokenOf(options: OfflineTokenOptions) {
  const { shop, storage, pool, now } = options;
  const load = async () => {
    const session = await storage.loadSession(`offline_${shop.domain}`);
    if (!session?.accessToken) throw new ShopifyGrantUnclearError(`No token of ${shop.domain} is to be read`);
    return { session, accessToken: session.accessToken };
  };
  const isUsable = ({ session, accessToken }: LoadedToken, refused: string | null) =>
    accessToken !== refused &&
    (!session.expires || session.expires.getTime() - now().getTime() > REFRESH_AHEAD_MS);

  const refreshOf = async ({ refreshToken, refreshTokenExpires }: Session): Promise<Session> => {
    if (!refreshToken) throw new ShopifyAccessError(`${shop.domain} gave no refresh token`);
    await failpoint('token-before-refresh');
    const session = await refresh(options, refreshToken);
    // The library drops a refresh token whose end an answer forgets. The old one is good until that one is used.
    if (!session.refreshToken) Object.assign(session, { refreshToken, refreshTokenExpires });
    return session;
  };

  const replace = async (refused: string | null): Promise<string> => {
    const current = await load();
    // Somebody else refreshed it while we waited.
    if (isUsable(current, refused)) return current.accessToken;
    const session = await refreshOf(current.session).catch(async (error: unknown) => {
      // Only a session that has ended makes the merchant's next visit bring a new grant.
      if (error instanceof ShopifyAccessError) await storage.endSession(current.session);
      throw error;
    });
    if (!session.accessToken) throw new ShopifyUnavailableError(`${shop.domain} refreshed our token without giving one`);
    await failpoint('token-after-refresh');
    await storage.storeSession(session);
    return session.accessToken;
  };

  return async (refused: string | null): Promise<string> => {
    const found = await load();
    if (isUsable(found, refused)) return found.accessToken;
    return refreshesOf(pool).join(`${shop.shopId} ${refused ?? ''}`, () =>
      withSessionLock(pool, [TOKEN_LOCK, lockNumberOf(shop.domain)], () => replace(refused)),
    );
  };
}

/**
 * Runs what may exchange a session token for another pair alone, in this process and among all: a later pair replaces
 * the earlier one at Shopify, so two writers could leave the dead one in our table. The shop need not be known yet.
 */
export function asOnlyTokenWriter<T>(pool: pg.Pool, domain: string, work: () => Promise<T>): Promise<T> {
  return refreshesOf(pool).inTurn(() => withSessionLock(pool, [TOKEN_LOCK, lockNumberOf(domain)], work));
}

/** FNV-1a, as the signed 32 bits that an advisory lock takes. Shops that share a number only wait for each other. */
function lockNumberOf(domain: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(domain, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}

interface LoadedToken {
  session: Session;
  accessToken: string;
}

const refreshesByPool = new WeakMap<pg.Pool, Refreshes>();

function refreshesOf(pool: pg.Pool): Refreshes {
  const refreshes = refreshesByPool.get(pool) ?? new Refreshes();
  refreshesByPool.set(pool, refreshes);
  return refreshes;
}

/** The refreshes of one process: the same one is joined, and few run at once. */
class Refreshes {
  readonly #underWay = new Map<string, Promise<string>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  join(key: string, refreshToken: () => Promise<string>): Promise<string> {
    const known = this.#underWay.get(key);
    if (known) return known;
    const mine = this.inTurn(refreshToken).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, mine);
    return mine;
  }

  async inTurn<T>(refreshToken: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_REFRESHES_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await refreshToken();
    } finally {
      // The place is handed on, or given back.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

async function refresh(
  { api, shop, deadlineMs = REFRESH_DEADLINE_MS }: OfflineTokenOptions,
  refreshToken: string,
): Promise<Session> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), deadlineMs);
  });
  try {
    const answer = await Promise.race([api.auth.refreshToken({ shop: shop.domain, refreshToken }), tooLate]);
    return answer.session;
  } catch (error) {
    // The library's errors print whole tokens, so neither their text nor they themselves travel on.
    const status = readStatus(error);
    if (status === 400 || status === 401) {
      throw new ShopifyAccessError(`${shop.domain} refused to refresh our token (${status})`);
    }
    if (status === 403) throw new ShopifyGrantUnclearError(`${shop.domain} may not refresh our token (403)`);
    throw new ShopifyUnavailableError(`${shop.domain} did not refresh our token (${status ?? 'no answer'})`);
  } finally {
    clearTimeout(timer);
  }
}

function readStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('response' in error)) return undefined;
  const { response } = error;
  return typeof response === 'object' && response !== null && 'code' in response && typeof response.code === 'number'
    ? response.code
    : undefined;
}
