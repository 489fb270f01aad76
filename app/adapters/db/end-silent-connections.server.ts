import type { Socket } from 'node:net';

import type pg from 'pg';

/**
 * Destroys a connection on which an answer has been outstanding for so long without a byte. A server that is cut off
 * says nothing, and neither TCP nor pg would ever give up: the query fails, and the pool makes another connection.
 * `silenceMs` is above the server's statement_timeout, so that a statement which is only slow ends there first.
 */
export function endSilentConnections(pool: pg.Pool, silenceMs: number): void {
  pool.on('connect', (client) => {
    const { stream } = connectionOf(client);
    const ask = client.query.bind(client);
    // All ways to ask go through this one method, whose many signatures are passed on as they came.
    client.query = ((...words: Parameters<typeof ask>) => {
      stream.setTimeout(silenceMs);
      return ask(...words);
    }) as typeof client.query;
    // Emitted when nothing is outstanding any more: silence is then as it should be.
    client.on('drain', () => stream.setTimeout(0));
    stream.on('timeout', () => stream.destroy(new Error(`PostgreSQL was silent for ${silenceMs} ms`)));
    // Who holds the connection learns it from the query; without a listener this event would end the process.
    client.on('error', () => {});
  });
}

function connectionOf(client: pg.PoolClient): { stream: Socket } {
  // The pool hands out its clients under a narrower type.
  return (client as unknown as pg.Client).connection as unknown as { stream: Socket };
}
