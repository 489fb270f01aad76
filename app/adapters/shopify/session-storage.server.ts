import { Session } from '@shopify/shopify-api';
import type { shopifyApp } from '@shopify/shopify-app-remix/server';

import { UnsealError, type SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { findShop, registerShop } from '#app/adapters/db/shop-registry.server.ts';
import { inShopOf, type ShopRef } from '#app/adapters/db/tenant.server.ts';
import { log } from '#app/logging/log.server.ts';
import type { PrismaClient, Session as SessionRow } from '#app/generated/prisma/client.ts';

type SessionStorage = NonNullable<Parameters<typeof shopifyApp>[0]['sessionStorage']>;

const OFFLINE_PREFIX = 'offline_';
// What Shopify gives an expiring offline token. Used when an answer forgets `expires_in`: without an end the library
// would never refresh the token again (shopify-app-js #3400).
const OFFLINE_TOKEN_LIFETIME_MS = 60 * 60 * 1000;

/** Offline sessions with both tokens sealed. The pair is one row, so it is replaced whole or not at all. */
export class SealedSessionStorage implements SessionStorage {
  readonly #prisma: PrismaClient;
  readonly #box: SealedBox;
  readonly #now: () => Date;

  constructor(prisma: PrismaClient, box: SealedBox, now: () => Date) {
    this.#prisma = prisma;
    this.#box = box;
    this.#now = now;
  }

  async storeSession(session: Session): Promise<boolean> {
    if (!session.accessToken) throw new Error(`A session of ${session.shop} without a token is not kept`);
    const shop = await registerShop(this.#prisma, session.shop);
    const seal = (column: string, value: string) => this.#box.seal(value, tokenPlace(shop, column, session.id));
    const assumedEnd = new Date(this.#now().getTime() + OFFLINE_TOKEN_LIFETIME_MS);
    const row = {
      isOnline: session.isOnline,
      scope: session.scope ?? null,
      accessTokenSealed: seal('access_token', session.accessToken),
      expiresAt: session.expires ?? (session.refreshToken ? assumedEnd : null),
      refreshTokenSealed: session.refreshToken ? seal('refresh_token', session.refreshToken) : null,
      refreshExpiresAt: session.refreshTokenExpires ?? null,
    };
    await inShopOf(this.#prisma, shop)((db) =>
      db.session.upsert({
        where: { shopId_sessionId: { shopId: shop.shopId, sessionId: session.id } },
        create: { shopId: shop.shopId, sessionId: session.id, ...row },
        update: row,
      }),
    );
    return true;
  }

  async loadSession(id: string): Promise<Session | undefined> {
    const shop = await this.#shopOfSession(id);
    if (!shop) return undefined;
    const row = await inShopOf(this.#prisma, shop)((db) =>
      db.session.findUnique({ where: { shopId_sessionId: { shopId: shop.shopId, sessionId: id } } }),
    );
    return row ? this.#openOrNothing(shop, row) : undefined;
  }

  /** Ends a session that Shopify refuses, unless it was replaced meanwhile. It stays the row that it was, only over. */
  async endSession(session: Session): Promise<void> {
    const shop = await this.#shopOfSession(session.id);
    if (!shop) return;
    const { shopId } = shop;
    await inShopOf(this.#prisma, shop)(async (db) => {
      const row = await db.session.findUnique({ where: { shopId_sessionId: { shopId, sessionId: session.id } } });
      if (row === null || this.#openOrNothing(shop, row)?.accessToken !== session.accessToken) return;
      // By hand: Prisma would also say that the row was written now, which tells when tokens came.
      await db.$executeRaw`
        UPDATE sessions SET expires_at = to_timestamp(0)
        WHERE shop_id = ${shopId} AND session_id = ${session.id} AND updated_at = ${row.updatedAt}`;
    });
  }

  async deleteSession(id: string): Promise<boolean> {
    const shop = await this.#shopOfSession(id);
    if (!shop) return true;
    await inShopOf(this.#prisma, shop)((db) =>
      db.session.deleteMany({ where: { shopId: shop.shopId, sessionId: id } }),
    );
    return true;
  }

  async deleteSessions(ids: string[]): Promise<boolean> {
    for (const id of ids) await this.deleteSession(id);
    return true;
  }

  async findSessionsByShop(domain: string): Promise<Session[]> {
    const shop = await findShop(this.#prisma, domain);
    if (!shop) return [];
    const rows = await inShopOf(this.#prisma, shop)((db) =>
      db.session.findMany({ where: { shopId: shop.shopId }, take: 100 }),
    );
    return rows.map((row) => this.#openOrNothing(shop, row)).filter((session) => session !== undefined);
  }

  /** Session ids carry their shop: `offline_<domain>`, or `<domain>_<user>` for online ones. */
  #shopOfSession(id: string): Promise<ShopRef | null> {
    const domain = id.startsWith(OFFLINE_PREFIX) ? id.slice(OFFLINE_PREFIX.length) : (id.split('_')[0] ?? '');
    return findShop(this.#prisma, domain);
  }

  /** A row that no key opens is as good as none: the next visit of the merchant brings another token. */
  #openOrNothing(shop: ShopRef, row: SessionRow): Session | undefined {
    try {
      return this.#toSession(shop, row);
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      // Once for a key that was lost on purpose; again and again when ENCRYPTION_KEYS is wrong.
      log.error({ shopId: shop.shopId, err: error }, 'a stored token does not open');
      return undefined;
    }
  }

  #toSession(shop: ShopRef, row: SessionRow): Session {
    const open = (column: string, sealed: Uint8Array) =>
      this.#box.open(sealed, tokenPlace(shop, column, row.sessionId));
    return new Session({
      id: row.sessionId,
      shop: shop.domain,
      state: '',
      isOnline: row.isOnline,
      accessToken: open('access_token', row.accessTokenSealed),
      ...(row.scope === null ? {} : { scope: row.scope }),
      ...(row.expiresAt === null ? {} : { expires: row.expiresAt }),
      ...(row.refreshTokenSealed === null
        ? {}
        : { refreshToken: open('refresh_token', row.refreshTokenSealed) }),
      ...(row.refreshExpiresAt === null ? {} : { refreshTokenExpires: row.refreshExpiresAt }),
    });
  }
}

function tokenPlace(shop: ShopRef, column: string, sessionId: string) {
  return { shopId: shop.shopId, table: 'sessions', column, row: sessionId };
}
