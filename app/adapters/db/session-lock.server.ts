import type pg from 'pg';

import { withConnection } from '#app/adapters/db/lent-connection.server.ts';

/** Two-part key of an advisory lock: what is locked, and for which shop. */
export type SessionLock = readonly [what: number, shopId: number];

/**
 * Waits for the lock. It belongs to a connection and to no transaction, so it may be held over calls to others, and
 * PostgreSQL frees it when its holder dies.
 */
export function withSessionLock<T>(pool: pg.Pool, lock: SessionLock, work: () => Promise<T>): Promise<T> {
  return withConnection(pool, async (connection, discard) => {
    await connection.query('SELECT pg_advisory_lock($1, $2)', [...lock]);
    return thenUnlock(connection, lock, work, discard);
  });
}

/** The same without waiting: undefined when another connection has the lock. */
export function trySessionLock<T>(pool: pg.Pool, lock: SessionLock, work: () => Promise<T>): Promise<T | undefined> {
  return withConnection(pool, async (connection, discard) => {
    const { rows } = await connection.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [...lock]);
    return rows[0]?.taken ? thenUnlock(connection, lock, work, discard) : undefined;
  });
}

async function thenUnlock<T>(
  connection: pg.PoolClient,
  lock: SessionLock,
  work: () => Promise<T>,
  discard: (reason: Error) => void,
): Promise<T> {
  try {
    return await work();
  } finally {
    // A connection that did not unlock is closed, which unlocks.
    await connection.query('SELECT pg_advisory_unlock($1, $2)', [...lock]).catch(discard);
  }
}
