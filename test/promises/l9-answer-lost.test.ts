import { afterAll, beforeAll } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { Reward } from '#app/domain/loyalty/program/program.ts';
import { seededRandom, type SeededRandom } from '#test/simulator/store/seeded-random.ts';
import { installErraticShopify } from '#test/support/loyalty/erratic-shopify.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openRedemptionShop, type RedemptionShop } from '#test/support/loyalty/redemption-shop.ts';
import { promiseOf } from './promise.ts';

const SHARE_OF_FAULTS = 0.35;
const SHARE_OF_CRASHES = 0.05;
const DAY_MS = 86_400_000;
const POINTS = 500;

let shop: RedemptionShop;

beforeAll(async () => {
  shop = await openRedemptionShop(3_000);
  const program = aProgram();
  const [, template] = program.rewards;
  if (template === undefined) throw new Error('no reward');
  const terms: Reward = { ...template, validDays: 30 };
  await shop.saveProgram({
    ...program,
    rewards: [
      { ...terms, id: 'amount', gives: { kind: 'amount', points: POINTS, amounts: [{ currency: 'EUR', amountMinor: 5_00 }] } },
      { ...terms, id: 'shipping', gives: { kind: 'free-shipping', points: POINTS } },
      { ...terms, id: 'credit', gives: { kind: 'store-credit', points: POINTS, amounts: [{ currency: 'EUR', amountMinor: 5_00 }] } },
    ],
  });
});

afterAll(() => shop.stop());

class Crash extends Error {}

/** The worker dies at one of its steps: before or after it asked Shopify, before or after it wrote what it knew. */
function crashing(context: ShopContext, random: SeededRandom): ShopContext {
  const mayCrash = (): void => {
    if (random.chance(SHARE_OF_CRASHES)) throw new Crash();
  };
  return {
    ...context,
    inShop: async (work, options) => {
      mayCrash();
      const result = await context.inShop(work, options);
      mayCrash();
      return result;
    },
    admin: async (document, variables) => {
      mayCrash();
      const answer = await context.admin(document, variables);
      mayCrash();
      return answer;
    },
  };
}

/** Turn after turn, until nothing is due that could be done before the codes end. Says how many turns crashed. */
async function workUntilSettled(random: SeededRandom, untilMs: number): Promise<number> {
  const { advanceRedemptions } = await import('#app/services/loyalty/advance-redemptions.server.ts');
  let crashes = 0;
  for (let turn = 0; turn < 20_000; turn += 1) {
    const { rows } = await shop.owner.query<{ next: Date | null }>('SELECT min(not_before) AS next FROM loyalty_redemptions');
    const nextMs = rows[0]?.next?.getTime() ?? Infinity;
    if (nextMs > untilMs) return crashes;
    // To the end of the minute, so that one turn has more to do.
    if (nextMs > shop.now().getTime()) shop.setClock(new Date(nextMs + 60_000));
    try {
      await advanceRedemptions(crashing(shop.context, random));
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      crashes += 1;
    }
  }
  throw new Error('still not settled');
}

promiseOf('L9', 'codes and store credit through a Shopify that loses a third of all requests, and a worker that dies', async ({ seed, pick }) => {
  const random = seededRandom(seed);
  const count = pick(32, 1_000);
  const customers = [...shop.shopify.customers.keys()].slice(0, count);
  const startMs = shop.now().getTime();
  for (const [index, customerId] of customers.entries()) {
    await shop.give(customerId, POINTS);
    const rewardId = ['amount', 'credit', 'shipping', 'credit'][index % 4] ?? 'amount';
    const answer = await shop.redeem({ customerId: BigInt(customerId), rewardId });
    if (!answer.ok) throw new Error(answer.reason);
  }
  const shopify = installErraticShopify(random, SHARE_OF_FAULTS);
  let crashes: number;
  try {
    crashes = await workUntilSettled(random, startMs + 10 * DAY_MS);
  } finally {
    shopify.remove();
  }
  const { doubled, lost, unsettled, settled } = await audit(customers);
  const lastMs = shop.now().getTime() - startMs;
  return {
    tried: `${count} rewards, ${shopify.sent} sent, ${shopify.faults} requests or answers lost, ${crashes} crashes`,
    measured: `${doubled} doubled, ${lost} points without a reward or return, ${unsettled} unsettled, ${shopify.blindRepeats} blind repeats; ${settled}; the last after ${Math.ceil(lastMs / 60_000)} min`,
    isKept: customers.length === count && doubled === 0 && lost === 0 && unsettled === 0 && shopify.blindRepeats === 0 && shopify.faults > count / 10,
  };
});

/** What each customer has in Shopify against what the ledger says of their points. */
async function audit(customers: readonly number[]): Promise<{ doubled: number; lost: number; unsettled: number; settled: string }> {
  const found = { doubled: 0, lost: 0, unsettled: 0 };
  const states = new Map<string, number>();
  const { rows } = await shop.owner.query<{ customer_id: string; state: string; customer: number; reserved: number; redeemed: number }>(
    `SELECT m.customer_id, r.state, sum(p.points) FILTER (WHERE p.account = 'customer')::int AS customer,
       coalesce(sum(p.points) FILTER (WHERE p.account = 'reserved'), 0)::int AS reserved,
       coalesce(sum(p.points) FILTER (WHERE p.account = 'redeemed'), 0)::int AS redeemed
     FROM loyalty_redemptions r JOIN loyalty_members m USING (shop_id, member_id) JOIN loyalty_postings p USING (shop_id, member_id)
     GROUP BY m.customer_id, r.state`,
  );
  for (const customerId of customers) {
    const row = rows.find((candidate) => candidate.customer_id === String(customerId));
    const discounts = [...shop.shopify.discounts.values()].filter(({ customerIds, status }) => customerIds.includes(customerId) && status === 'ACTIVE').length;
    const credits = (shop.shopify.customers.get(customerId)?.storeCredit ?? []).flatMap((account) => account.credits).length;
    const rewards = discounts + credits;
    const isHeld = row !== undefined && row.reserved + row.redeemed === POINTS;
    const state = row?.state ?? 'gone';
    states.set(state, (states.get(state) ?? 0) + 1);
    if (rewards > 1 || (rewards === 1 && !isHeld)) found.doubled += 1;
    if (rewards === 0 && row?.customer !== POINTS) found.lost += 1;
    if (!['issued', 'captured', 'released'].includes(state)) found.unsettled += 1;
  }
  return { ...found, settled: [...states].map(([state, times]) => `${times} ${state}`).join(', ') };
}
