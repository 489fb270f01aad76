import { afterAll, beforeAll } from 'vitest';

import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import type { SeededRandom } from '#test/simulator/store/seeded-random.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop, TestOrder } from '#test/support/loyalty/loyalty-shop.ts';
import { promiseOf } from './promise.ts';

const START_MS = Date.UTC(2026, 2, 2, 10);
const LINES = 3;
const SPENT_POINTS = 300;

let shop: LoyaltyShop;

beforeAll(async () => {
  shop = await openLoyaltyShop();
  shop.setClock(new Date(START_MS - 1));
  await shop.saveProgram(aProgram({ earning: { pendingDays: 0 } }));
  shop.setClock(new Date(START_MS));
});

afterAll(() => shop.stop());

/** Two orders a customer, whose lines are returned one by one, each order's in another turn. */
interface RefundedOrder {
  readonly orderId: number;
  readonly customerId: number;
  readonly totals: readonly number[];
  readonly turns: readonly number[];
}

function anyOrder(index: number, random: SeededRandom): RefundedOrder {
  const turns = [0, 1, 2];
  turns.sort(() => random.between(0, 2) - 1);
  return { orderId: 1 + index, customerId: 1 + Math.floor(index / 2), totals: turns.map(() => random.between(4_000, 20_000)), turns };
}

/** As it is after so many refunds. */
function afterTurns({ orderId, customerId, totals, turns }: RefundedOrder, refunds: number): TestOrder {
  const lines = totals.map((totalMinor, line) => ({ lineId: 1 + line, totalMinor, currentQuantity: turns.slice(0, refunds).includes(line) ? 0 : 1 }));
  return { orderId, customerId, processedAt: new Date(START_MS), lines };
}

/** Told of twice, and two workers award at once. One that finds the other's entry begins again, as the worker's next turn does. */
async function tellTwice(orders: readonly RefundedOrder[], refunds: number): Promise<void> {
  for (const _ of [1, 2]) for (const order of orders) await shop.putOrder(afterTurns(order, refunds));
  const { EntryExistsError } = await import('#app/adapters/db/loyalty/ledger.repository.server.ts');
  const worker = async (): Promise<void> => {
    await shop.award().catch(async (error: unknown) => {
      if (!(error instanceof EntryExistsError)) throw error;
      await worker();
    });
  };
  await Promise.all([worker(), worker()]);
}

async function count(sql: string): Promise<number> {
  return Number((await shop.owner.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`)).rows[0]?.n);
}

/** What each entry about an order gave, and what the order had given by then. */
const GIVEN = `(SELECT e.order_id, -p.points AS given, sum(-p.points) OVER (PARTITION BY e.order_id ORDER BY e.sequence) AS so_far
  FROM loyalty_entries e JOIN loyalty_postings p USING (shop_id, member_id, sequence) WHERE e.kind = 'order' AND p.account = 'issued') g`;

promiseOf('L5', 'each refund told of twice at once, to two workers, after points were spent', async ({ seed, pick }) => {
  const random = seededRandom(seed);
  const orders = Array.from({ length: pick(40, 500) }, (_, index) => anyOrder(index, random));
  await tellTwice(orders, 0);
  const entries = () => count("loyalty_entries WHERE kind = 'order'");
  const effects = [await entries()];

  const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
  const spenders = orders.map(({ customerId }) => customerId).filter((id, index) => index % 2 === 0 && id % 2 === 0);
  for (const id of spenders) {
    const redeemed = await redeemPoints(shop.context, { customerId: BigInt(id), rewardId: 'any-amount', points: SPENT_POINTS, currency: null, requestKey: `spent/${id}` });
    if (!redeemed.ok) throw new Error(redeemed.reason);
  }
  for (let refunds = 1; refunds <= LINES; refunds += 1) {
    await tellTwice(orders, refunds);
    effects.push((await entries()) - effects.reduce((sum, effect) => sum + effect, 0));
  }
  await tellTwice(orders, LINES);
  const again = (await entries()) - effects.reduce((sum, effect) => sum + effect, 0);

  const beyond = await count(`${GIVEN} WHERE so_far < 0 OR given = 0`);
  const left = await count(`(SELECT order_id FROM ${GIVEN} GROUP BY order_id HAVING sum(given) <> 0) o`);
  // Who spent owes it; everybody else has nothing.
  const undefinedResults = await count(
    `loyalty_members WHERE (balance_points, reserved_points) <> CASE WHEN customer_id % 2 = 0 THEN (-${SPENT_POINTS}, ${SPENT_POINTS}) ELSE (0, 0) END`,
  );
  const { checkLedger } = await import('#app/adapters/db/checks/check-ledger.server.ts');
  const offences = await checkLedger(shop.owner, shop.context.shop);
  return {
    tried: `${orders.length} orders awarded and refunded in ${LINES} parts, each told of twice and once more, ${spenders.length} customers had spent`,
    measured: `effects ${effects.join(' + ')}, ${again} of what was told again; ${beyond} took back more than was given, ${left} keep points, ${undefinedResults} members otherwise than defined, ${offences.length} findings`,
    isKept: effects.every((effect) => effect === orders.length) && again + beyond + left + undefinedResults + offences.length === 0,
  };
});
