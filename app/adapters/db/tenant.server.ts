import type pg from 'pg';

import { withConnection } from '#app/adapters/db/lent-connection.server.ts';
import { repeatOnConflict } from '#app/adapters/db/repeat-on-conflict.server.ts';
import type { Prisma, PrismaClient } from '#app/generated/prisma/client.ts';

/** The shop that a piece of work is for. Every repository function asks for one. */
export interface ShopRef {
  shopId: number;
  domain: string;
}

/** A transaction in which row-level security lets one shop's rows through and no others. */
export type TenantDb = Prisma.TransactionClient;

/**
 * Opens such transactions for one shop. Services get one, never the naked client. `timeoutMs` holds for the wait for a
 * connection and again for the transaction. The work runs again when PostgreSQL rolled it back for another's sake, so it
 * keeps to the database.
 */
export type InShop = <T>(work: (db: TenantDb) => Promise<T>, options?: { timeoutMs?: number }) => Promise<T>;

const TRANSACTION_TIMEOUT_MS = 15_000;

export function inShopOf(prisma: PrismaClient, shop: ShopRef): InShop {
  return (work, { timeoutMs = TRANSACTION_TIMEOUT_MS } = {}) =>
    repeatOnConflict(() =>
      prisma.$transaction(
        async (db) => {
          await db.$queryRaw`SELECT set_config('app.shop_id', ${String(shop.shopId)}, true)`;
          return work(db);
        },
        { timeout: timeoutMs, maxWait: timeoutMs },
      ),
    );
}

/** The same on a bare connection, for COPY, which Prisma does not speak. It too runs the work again after a conflict. */
export async function withTenantConnection<T>(
  pool: pg.Pool,
  shop: ShopRef,
  work: (connection: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return repeatOnConflict(() => withTransaction(pool, shop, 'BEGIN', work));
}

/** All statements see the shop as it was at the first one. For reading. */
export async function withTenantSnapshot<T>(
  pool: pg.Pool,
  shop: ShopRef,
  work: (connection: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return repeatOnConflict(() => withTransaction(pool, shop, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work));
}

function withTransaction<T>(
  pool: pg.Pool,
  shop: ShopRef,
  begin: string,
  work: (connection: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return withConnection(pool, async (connection, discard) => {
    try {
      await connection.query(openingOf(begin, shop));
      const result = await work(connection);
      await connection.query('COMMIT');
      return result;
    } catch (error) {
      // The connection's state is unknown after a failed rollback, so it is thrown away then.
      await connection.query('ROLLBACK').catch(discard);
      throw error;
    }
  });
}

/** Begins a transaction and names its shop, in one way to the database. */
export function openingOf(begin: string, { shopId }: ShopRef): string {
  if (!Number.isSafeInteger(shopId)) throw new TypeError('A shop is named by its number.');
  return `${begin}; SET LOCAL app.shop_id = '${shopId}'`;
}
