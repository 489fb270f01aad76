import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

import { BinaryRows } from '#app/adapters/db/binary-rows.ts';

/** Ten million rows take two or three minutes on a slow machine, and whoever reads them waits for nothing else. */
const READ_MS = 10 * 60 * 1000;

/** Without them PostgreSQL has nothing left but to find rows by an index, one by one. */
const WHOLESALE = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'];

interface CopiedQuery {
  query: string;
  columnCount: number;
  /**
   * Whether few rows of many are wanted, by an index that there is. PostgreSQL plans by statistics that are older than
   * the rows which came last, and those are the ones that are wanted: it was seen to read a million orders for a thousand.
   */
  isSearch?: boolean;
  /** Whether `setForCopy` was called for the same kind already: each message is waited for. */
  isSet?: boolean;
}

/**
 * Reads the rows of a query by COPY, which takes no parameters: the query finds its shop by `app.shop_id`, and whatever
 * else is put into it is a number of ours. The rows are never held. Runs inside a transaction of the shop.
 * @returns how many rows came
 */
export async function copyOut(
  connection: pg.PoolClient,
  { query, columnCount, isSearch = false, isSet = false }: CopiedQuery,
  onRow: (row: BinaryRows) => void,
): Promise<number> {
  if (!isSet) await setForCopy(connection, { isSearch });
  const rows = new BinaryRows(columnCount);
  let count = 0;
  const take = () => {
    count += 1;
    onRow(rows);
  };
  for await (const piece of connection.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT binary)`))) {
    if (!Buffer.isBuffer(piece)) throw new Error('COPY gave something other than bytes');
    rows.take(piece, take);
  }
  rows.requireEnd();
  return count;
}

/** How the rows of the queries that follow in this transaction are found. */
export async function setForCopy(connection: pg.PoolClient, { isSearch }: { isSearch: boolean }): Promise<void> {
  const settings = [`set_config('statement_timeout', '${READ_MS}', true)`];
  for (const name of WHOLESALE) settings.push(`set_config('${name}', '${isSearch ? 'off' : 'on'}', true)`);
  await connection.query(`SELECT ${settings.join(', ')}`);
}
