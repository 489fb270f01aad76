import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';

import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop, type LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { givePoints } from '#test/support/loyalty/give-points.ts';
import { promiseOf } from './promise.ts';

const NOW = new Date('2026-03-02T10:00:00Z');
const BALANCE = 100;

let shop: LoyaltyShop;
let otherPool: pg.Pool;

beforeAll(async () => {
  shop = await openLoyaltyShop();
  shop.setClock(NOW);
  const [reward] = aProgram().rewards;
  if (reward === undefined) throw new Error('no reward');
  const amounts = [{ currency: 'EUR', amountMinor: 1 }];
  const single = { ...reward, gives: { kind: 'any-amount' as const, pointsAStep: 1, leastPoints: 1, mostPoints: null, amounts } };
  await shop.saveProgram(aProgram({ rewards: [single] }));
  const { env } = await import('#app/env.server.ts');
  otherPool = new pg.Pool({ connectionString: env.DATABASE_URL, max: 20 });
});

afterAll(async () => {
  await otherPool.end();
  await shop.stop();
});

promiseOf('L3', 'from a balance of 100, one by one, by two pools', async ({ pick }) => {
  const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
  const [rounds, asked] = [pick(1, 20), pick(400, 1_000)];
  const counts = { won: 0, refused: 0, other: 0, wrongEnds: 0 };
  for (let round = 1; round <= rounds; round += 1) {
    const customerId = BigInt(round);
    await givePoints(shop.context, { customerId, points: BALANCE, key: `l3/${round}` });
    const answers = await Promise.allSettled(
      Array.from({ length: asked }, (_, index) =>
        redeemPoints(
          { ...shop.context, pool: index % 2 === 0 ? shop.context.pool : otherPool },
          { customerId, rewardId: 'any-amount', points: 1, currency: null, requestKey: `${round}/${index}` },
        ),
      ),
    );
    for (const answer of answers) {
      if (answer.status === 'rejected') counts.other += 1;
      else if (answer.value.ok) counts.won += 1;
      else if (answer.value.reason === 'insufficient-points') counts.refused += 1;
      else counts.other += 1;
    }
    if (!(await endsRight(customerId))) counts.wrongEnds += 1;
  }
  return {
    tried: `${(rounds * asked).toLocaleString('en')} redemptions of 1 point in ${rounds} rounds`,
    measured: `${counts.won} won, ${counts.refused} refused, ${counts.other} anything else, ${counts.wrongEnds} wrong balances`,
    isKept: counts.won === rounds * BALANCE && counts.refused === rounds * (asked - BALANCE) && counts.other === 0 && counts.wrongEnds === 0,
  };
});

/** Nothing left, all of it put aside, and at no entry below 0. */
async function endsRight(customerId: bigint): Promise<boolean> {
  const { rows } = await shop.owner.query<{ least: number; balance: number; reserved: number; redemptions: number }>(
    `WITH steps AS (
       SELECT p.account, sum(sum(p.points)) OVER (PARTITION BY p.account ORDER BY p.sequence) AS after, sum(p.points) AS points
       FROM loyalty_members m JOIN loyalty_postings p USING (shop_id, member_id) WHERE m.customer_id = $1 GROUP BY p.account, p.sequence)
     SELECT min(after) FILTER (WHERE account = 'customer')::int AS least,
       sum(points) FILTER (WHERE account = 'customer')::int AS balance, sum(points) FILTER (WHERE account = 'reserved')::int AS reserved,
       (SELECT count(*)::int FROM loyalty_redemptions r JOIN loyalty_members m USING (shop_id, member_id) WHERE m.customer_id = $1) AS redemptions
     FROM steps`,
    [String(customerId)],
  );
  const [end] = rows;
  return end?.least === 0 && end.balance === 0 && end.reserved === BALANCE && end.redemptions === BALANCE;
}
