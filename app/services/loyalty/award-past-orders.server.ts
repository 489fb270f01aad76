import type pg from 'pg';

import { allAnswers, withBriefConnection } from '#app/adapters/db/brief-connection.server.ts';
import { readTerms } from '#app/adapters/db/loyalty/newest-program.server.ts';
import { readEarningOrders } from '#app/adapters/db/loyalty/orders-to-award.server.ts';
import { movePastMark, readPastMark, readPastOrders } from '#app/adapters/db/loyalty/past-awards.repository.server.ts';
import type { PastMark, PastPiece } from '#app/adapters/db/loyalty/past-awards.repository.server.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import { shopifyOr } from '#app/services/loyalty/ask-shopify.server.ts';
import { awardOneByOne, awardThese } from '#app/services/loyalty/award-orders.server.ts';
import type { AwardTurn } from '#app/services/loyalty/award-orders.server.ts';
import { asksForCollections, findCollections } from '#app/services/loyalty/find-collections.server.ts';
import { isOfOneOrder } from '#app/services/loyalty/is-of-one-order.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Some 50 ms of work, so that an award of today, which waits for the row of its member, does not wait long. */
export const PAST_ORDERS_A_TURN = 200;

type AwardContext = Pick<ShopContext, 'shop' | 'pool' | 'now' | 'admin'>;

/**
 * Awards orders of before the program, as the merchant wished when it went live or later, some customers a turn. They are
 * awarded as any other is, by the version that looks back at them, so that orders which have their points get nothing more
 * and it makes none how often a turn is repeated. Beside the awards of today, which have a worker's place of their own.
 */
export async function awardPastOrders(context: AwardContext): Promise<AwardTurn> {
  const { shop, pool } = context;
  const turn = await withBriefConnection(pool, shop, (connection) => readTurn(connection, context));
  if (typeof turn === 'string') return turn;
  const { mark, piece: { orderIds, through }, terms } = turn;
  const moveMark = (connection: pg.PoolClient) => movePastMark(connection, shop, { mark, through, ordersSeen: orderIds.length });
  const orders = await withCollectionsOf(context, turn);
  if (orders === null) return 'unanswered';
  try {
    await withBriefConnection(pool, shop, async (connection, askLast) => {
      const write = await awardThese(context, connection, { orderIds, orders: () => orders(connection), terms });
      askLast(() => [...write(), moveMark(connection)]);
    });
  } catch (error) {
    if (!isOfOneOrder(error)) throw error;
    if (!(await awardOneByOne(context, { orderIds, moveMark }))) return 'unanswered';
  }
  return through === null ? 'done' : 'more';
}

export interface PastTurn {
  readonly mark: PastMark;
  readonly piece: PastPiece;
  readonly terms: ProgramTerms;
}

async function readTurn(connection: pg.PoolClient, { shop }: AwardContext): Promise<PastTurn | 'done' | 'importing'> {
  const [mark, terms] = await allAnswers([readPastMark(connection, shop), readTerms(connection, shop)]);
  if (mark === null || terms === null) return 'done';
  if (mark.isImporting) return 'importing';
  return { mark, terms, piece: await readPastOrders(connection, shop, { ...mark, limit: PAST_ORDERS_A_TURN }) };
}

/**
 * How the orders of a turn are read: once they are held, or, where Shopify has to say what collections hold, before, since
 * it is never asked inside a transaction. Null where it does not answer.
 */
export async function withCollectionsOf(
  context: Pick<ShopContext, 'shop' | 'pool' | 'admin'>,
  { piece: { orderIds }, terms }: Pick<PastTurn, 'piece' | 'terms'>,
): Promise<((connection: pg.PoolClient) => Promise<EarningOrder[]>) | null> {
  const { shop, pool } = context;
  if (!asksForCollections(terms)) return (connection) => readEarningOrders(connection, shop, orderIds);
  const read = await withBriefConnection(pool, shop, (connection) => readEarningOrders(connection, shop, orderIds));
  const orders = await shopifyOr(() => findCollections(context, read, terms), () => Promise.resolve(null));
  return orders && (() => Promise.resolve(orders));
}
