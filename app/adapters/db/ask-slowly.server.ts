import type { Socket } from 'node:net';

import type pg from 'pg';

/**
 * For the few statements that look at a shop's whole history: of a million orders they take longer than the pool lets
 * any statement take, and would then fail each time they are tried. Ten minutes is many times what they need; one that
 * takes longer waits for something that does not come.
 */
const SLOW_STATEMENT_MS = 10 * 60 * 1000;
// The server's own end of it comes first.
const SILENCE_BEYOND_MS = 2_000;

/** Runs a statement that may take long. What comes after it in the transaction may take as long as anything else. */
export async function askSlowly<Row extends pg.QueryResultRow>(
  connection: pg.PoolClient,
  sql: string,
  values: readonly unknown[],
): Promise<pg.QueryResult<Row>> {
  const { rows } = await connection.query<{ usual: string }>("SELECT current_setting('statement_timeout') AS usual");
  await setTimeoutOf(connection, String(SLOW_STATEMENT_MS));
  const answer = connection.query<Row>(sql, [...values]);
  // Asking has begun the usual wait for a byte (end-silent-connections.server.ts), which ends with the answer.
  streamOf(connection)?.setTimeout(SLOW_STATEMENT_MS + SILENCE_BEYOND_MS);
  const result = await answer;
  await setTimeoutOf(connection, rows[0]?.usual ?? '0');
  return result;
}

/** Until the transaction ends. */
async function setTimeoutOf(connection: pg.PoolClient, value: string): Promise<void> {
  await connection.query("SELECT set_config('statement_timeout', $1, true)", [value]);
}

function streamOf(client: pg.PoolClient): Socket | undefined {
  // The pool hands out its clients under a narrower type.
  return (client as unknown as { connection?: { stream?: Socket } }).connection?.stream;
}
