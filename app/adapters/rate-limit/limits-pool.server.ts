import pg from 'pg';

import { log } from '#app/logging/log.server.ts';
import { STORE_DEADLINE_MS } from './rate-limiter.server.ts';

// One row a request, by key: a connection is held for a millisecond.
const CONNECTIONS = 4;
/** Between two rushes of shoppers, so that the second finds them made. */
const IDLE_KEPT_MS = 5 * 60_000;
const DEADLINE_MS = STORE_DEADLINE_MS + 500;

/**
 * Connections of the rate limits alone: they must neither wait for the work of others nor hold it up, and give up at
 * once where the work is patient.
 */
export function createLimitsPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: CONNECTIONS,
    connectionTimeoutMillis: DEADLINE_MS,
    query_timeout: DEADLINE_MS,
    keepAlive: true,
    idleTimeoutMillis: IDLE_KEPT_MS,
    options: `-c statement_timeout=${DEADLINE_MS}`,
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection of the rate limits was lost'));
  return pool;
}
