import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

import { BinaryRows } from '#app/adapters/db/binary-rows.ts';

/** Ten million rows take two or three minutes on a slow machine, and whoever reads them waits for nothing else. */
const READ_MS = 10 * 60 * 1000;

/**
 * Reads the rows of a query by COPY, which takes no parameters: the query finds its shop by `app.shop_id`, and whatever
 * else is put into it is a number of ours. The rows are never held. Runs inside a transaction of the shop.
 * @returns how many rows came
 */
export async function copyOut(
  connection: pg.PoolClient,
  { query, columnCount }: { query: string; columnCount: number },
  onRow: (row: BinaryRows) => void,
): Promise<number> {
  await connection.query("SELECT set_config('statement_timeout', $1, true)", [String(READ_MS)]);
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
