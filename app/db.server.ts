import pg from 'pg';

import { endSilentConnections } from '#app/adapters/db/end-silent-connections.server.ts';
import { ReleasingPg } from '#app/adapters/db/releasing-pg.server.ts';
import { env } from '#app/env.server.ts';
import { PrismaClient } from '#app/generated/prisma/client.ts';
import { log } from '#app/logging/log.server.ts';

/**
 * Ten seconds, as the library would have it, end between two rushes of shoppers: the second would wait for connections that are
 * made, and for statements that each of them plans anew.
 */
const IDLE_KEPT_MS = 5 * 60_000;

/** One pool for Prisma and for COPY, so that the number of connections is what it says. */
export const pool = new pg.Pool({
  connectionString: env.DATABASE_URL,
  // A worker's fourteen places hold one each for their lock (work-loop.server.ts); the rest is for the work itself.
  max: 20,
  connectionTimeoutMillis: 10_000,
  // Whoever asks after a pause would wait for a new one, and for what PostgreSQL has to learn of the tables in it.
  min: 1,
  idleTimeoutMillis: IDLE_KEPT_MS,
  // A server that went away without a word is noticed by the operating system's probes, which also keep awake what lies
  // between; of themselves they begin after two hours.
  keepAlive: true,
  keepAliveInitialDelayMillis: 30_000,
  // A statement that takes longer than this has lost its reader, or waits for a lock that nobody will release.
  options: '-c statement_timeout=25000 -c idle_in_transaction_session_timeout=60000',
});
endSilentConnections(pool, 27_000);

// An idle connection that PostgreSQL drops is replaced at the next query; unheard, it would end the process.
pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));

export const prisma = new PrismaClient({ adapter: new ReleasingPg(pool) });
