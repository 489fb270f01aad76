import type { Socket } from 'node:net';

import type pg from 'pg';

import { withConnection } from '#app/adapters/db/lent-connection.server.ts';
import { repeatOnConflict } from '#app/adapters/db/repeat-on-conflict.server.ts';
import { openingOf } from '#app/adapters/db/tenant.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/**
 * Asks for statements of which nothing is read before the end, and so may go out with COMMIT. When one of them fails, the
 * server makes a ROLLBACK of that COMMIT.
 */
export type AskLast = (ask: () => readonly Promise<unknown>[]) => void;

// PostgreSQL would plan a statement that takes a list anew every time, since a list of one seems cheaper than one of ten,
// and that takes longer than running it.
const PLAN_ONCE = 'SET LOCAL plan_cache_mode = force_generic_plan';
const BEGIN = `BEGIN; ${PLAN_ONCE}`;
/** A buyer's browser does not wait longer. */
const PAGE_WAITS_MS = 4000;
const BEGIN_FOR_PAGE = `${BEGIN}; SET LOCAL statement_timeout = ${PAGE_WAITS_MS}`;
const BEGIN_LONG_SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
const BEGIN_SNAPSHOT = `${BEGIN_LONG_SNAPSHOT}; ${PLAN_ONCE}`;

/**
 * A tenant transaction of few rows by named statements that each process runs thousands of times. Each connection plans
 * them once. Statements that are asked for without waiting in between go out together: those that `work` begins with go
 * out behind BEGIN, and `askLast` those that go out before COMMIT. Each sees what the ones before it did, and what others
 * have committed until it begins, as if they had been waited for. Streams and cursors are refused.
 */
export function withBriefConnection<T>(
  pool: pg.Pool,
  shop: ShopRef,
  work: (connection: pg.PoolClient, askLast: AskLast) => Promise<T>,
): Promise<T> {
  return briefly(pool, openingOf(BEGIN, shop), work);
}

/**
 * The same for a page that waits, where the last statements say what it is answered: `work` gives the asking of them, which
 * goes out with COMMIT. None of them waits for somebody else for longer than the page does.
 */
export function withBriefEnding<T>(pool: pg.Pool, shop: ShopRef, work: (connection: pg.PoolClient) => Promise<() => Promise<T>>): Promise<T> {
  return endingWith(pool, openingOf(BEGIN_FOR_PAGE, shop), work);
}

/** The same for trying: nothing of what it wrote is kept, as if it had not been. */
export function withBriefTrial<T>(pool: pg.Pool, shop: ShopRef, work: (connection: pg.PoolClient) => Promise<T>): Promise<T> {
  return briefly(pool, openingOf(BEGIN, shop), work, 'ROLLBACK');
}

/** The same for reading alone: all statements see the shop as it was at the first one. */
export function withBriefSnapshot<T>(pool: pg.Pool, shop: ShopRef, work: (connection: pg.PoolClient) => Promise<T>): Promise<T> {
  return briefly(pool, openingOf(BEGIN_SNAPSHOT, shop), work);
}

/**
 * The same where all that is to be read is known beforehand: one way to the database and back. `ask` asks for all of it
 * before it waits for any; what it asked for later would be of no shop, and find nothing.
 */
export function readAtOnce<T>(pool: pg.Pool, shop: ShopRef, ask: (connection: pg.PoolClient) => Promise<T>): Promise<T> {
  return repeatOnConflict(() =>
    withConnection(pool, async (connection, discard) => {
      const wire = wireOf(connection);
      wire.pipeline = true;
      try {
        const { opened, asked, ended } = askTogether(connection, () => ({
          opened: connection.query(openingOf(BEGIN_SNAPSHOT, shop)),
          asked: ask(connection),
          ended: connection.query('COMMIT'),
        }));
        const [, answers] = await allAnswers([opened, asked, ended]);
        return answers;
      } catch (error) {
        await connection.query('ROLLBACK').catch(discard);
        throw error;
      } finally {
        wire.pipeline = false;
      }
    }),
  );
}

interface OpenedSnapshot<Opening, T> {
  /** Asks before it waits for anything. */
  first: (connection: pg.PoolClient) => Promise<Opening>;
  /** Asks one thing after the other. */
  work: (connection: pg.PoolClient, opening: Opening) => Promise<T>;
}

/**
 * `withTenantSnapshot` where it is known what is asked first: that goes out behind BEGIN, in one way to the database and
 * back.
 */
export function withOpenedSnapshot<Opening, T>(pool: pg.Pool, shop: ShopRef, { first, work }: OpenedSnapshot<Opening, T>): Promise<T> {
  return repeatOnConflict(() =>
    withConnection(pool, async (connection, discard) => {
      const wire = wireOf(connection);
      try {
        wire.pipeline = true;
        const asked = askTogether(connection, () => [connection.query(openingOf(BEGIN_LONG_SNAPSHOT, shop)), first(connection)] as const);
        const [, opening] = await allAnswers(asked);
        wire.pipeline = false;
        const result = await work(connection, opening);
        await connection.query('COMMIT');
        return result;
      } catch (error) {
        await connection.query('ROLLBACK').catch(discard);
        throw error;
      } finally {
        wire.pipeline = false;
      }
    }),
  );
}

function briefly<T>(
  pool: pg.Pool,
  opening: string,
  work: (connection: pg.PoolClient, askLast: AskLast) => Promise<T>,
  ending?: Ending,
): Promise<T> {
  const working = async (connection: pg.PoolClient) => {
    let last: Parameters<AskLast>[0] = () => [];
    const result = await work(connection, (ask) => {
      last = ask;
    });
    return async () => {
      await allAnswers(last());
      return result;
    };
  };
  return endingWith(pool, opening, working, ending);
}

type Ending = 'COMMIT' | 'ROLLBACK';

function endingWith<T>(
  pool: pg.Pool,
  opening: string,
  work: (connection: pg.PoolClient) => Promise<() => Promise<T>>,
  ending: Ending = 'COMMIT',
): Promise<T> {
  return repeatOnConflict(() =>
    withConnection(pool, async (connection, discard) => {
      const wire = wireOf(connection);
      wire.pipeline = true;
      try {
        const begun = askTogether(connection, () => [connection.query(opening), work(connection)] as const);
        const [, askLast] = await allAnswers(begun);
        const [result] = await allAnswers(askTogether(connection, () => [askLast(), connection.query(ending)] as const));
        return result;
      } catch (error) {
        // The connection's state is unknown after a failed rollback, so it is thrown away then.
        await connection.query('ROLLBACK').catch(discard);
        throw error;
      } finally {
        wire.pipeline = false;
      }
    }),
  );
}

/** Asks for several things in one piece and waits for all: one way to the database. Inside `withBriefConnection`. */
export function answersTo<T extends readonly unknown[] | []>(connection: pg.PoolClient, ask: () => T): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  return allAnswers(askTogether(connection, ask));
}

/** What `ask` asks for goes out in one piece. Inside `withBriefConnection`. */
export function askTogether<T>(connection: pg.PoolClient, ask: () => T): T {
  const { stream } = wireOf(connection).connection;
  stream.cork();
  try {
    return ask();
  } finally {
    stream.uncork();
  }
}

/**
 * `Promise.all` for what is asked of one connection: waits for all even when one fails, so that nobody asks any more once
 * the transaction has ended.
 *
 * @throws what the first of them that failed did
 */
export async function allAnswers<T extends readonly unknown[] | []>(asked: T): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(asked);
  return Promise.all(asked);
}

function wireOf(connection: pg.PoolClient): { pipeline: boolean; connection: { stream: Socket } } {
  // The pool hands out its clients under a narrower type. Pipelining can be told to all clients of a pool alone, and those
  // that COPY have to do without; a client looks at it whenever it is asked for something.
  return connection as unknown as { pipeline: boolean; connection: { stream: Socket } };
}
