import type pg from 'pg';

const SETTINGS = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'];

/**
 * Lets a statement that wants few rows of many find them one by one. PostgreSQL plans by statistics that are older than
 * the rows which came last, and those are the ones that are wanted: it was seen to read a million orders for a thousand.
 */
export async function searchByIndex<T>(connection: pg.PoolClient, ask: () => Promise<T>): Promise<T> {
  const switchTo = (value: 'on' | 'off') =>
    connection.query(`SELECT ${SETTINGS.map((name) => `set_config('${name}', '${value}', true)`).join(', ')}`);
  await switchTo('off');
  const answer = await ask();
  await switchTo('on');
  return answer;
}
