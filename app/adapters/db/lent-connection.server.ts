import type pg from 'pg';

/**
 * Lends a connection of the pool. PostgreSQL may close it while nothing is asked of it; that comes as an event, which
 * unheard would end the process. A lost or discarded connection does not go back to the pool.
 */
export async function withConnection<T>(
  pool: pg.Pool,
  work: (connection: pg.PoolClient, discard: (reason: Error) => void) => Promise<T>,
): Promise<T> {
  const connection = await pool.connect();
  let unfit: Error | undefined;
  const discard = (reason: Error) => {
    unfit ??= reason;
  };
  connection.on('error', discard);
  try {
    return await work(connection, discard);
  } finally {
    connection.off('error', discard);
    connection.release(unfit);
  }
}
