import pg from 'pg';

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
  /** Whether `setForCopy` was asked for the same kind already: then this asks before it waits for anything. */
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
  await copyPieces(connection, `COPY (${query}) TO STDOUT (FORMAT binary)`, (piece) => rows.take(piece, take));
  rows.requireEnd();
  return count;
}

/** @throws what `take` did, when the copy has ended */
function copyPieces(connection: pg.PoolClient, text: string, take: (piece: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const failures: unknown[] = [];
    const takeUnlessFailed = (piece: Buffer): void => {
      if (failures.length > 0) return;
      try {
        take(piece);
      } catch (error) {
        failures.push(error);
      }
    };
    connection.query(
      new CopyQuery(text, takeUnlessFailed, (error) => {
        if (error instanceof Error) failures.unshift(error);
        if (failures.length === 0) resolve();
        else reject(failures[0]);
      }),
    );
  });
}

/** What pg tells its queries of COPY's rows: nearly always one of them, in memory that it writes over afterwards. */
interface CopyData {
  readonly chunk: Buffer;
}

/**
 * COPY as one of pg's own queries, which may go out with others in one way to the database; a stream of pg-copy-streams
 * waits for all before it and is refused there. Nothing is held back, so rows are to be taken as they come.
 */
class CopyQuery extends pg.Query {
  readonly #take: (piece: Buffer) => void;

  constructor(text: string, take: (piece: Buffer) => void, onEnd: (error: Error | null | undefined) => void) {
    super(text, onEnd);
    this.#take = take;
  }

  /** Called by pg, in whose types it is missing. */
  handleCopyData({ chunk }: CopyData): void {
    this.#take(chunk);
  }
}

/** How the rows of the queries that follow in this transaction are found. */
export async function setForCopy(connection: pg.PoolClient, { isSearch }: { isSearch: boolean }): Promise<void> {
  const settings = [`set_config('statement_timeout', '${READ_MS}', true)`];
  for (const name of WHOLESALE) settings.push(`set_config('${name}', '${isSearch ? 'off' : 'on'}', true)`);
  await connection.query(`SELECT ${settings.join(', ')}`);
}
