import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import type { RequestLimits } from '#app/http/request-limits.server.ts';
import { startAppServer } from '#test/support/app-server.ts';
import type { AppServer } from '#test/support/app-server.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { claimsOf, EVERY_ORDER, openCheckoutShop, ORDER, sign } from './checkout-shop.ts';
import type { CheckoutShop } from './checkout-shop.ts';

/** A guest may ask about an order as often. */
const LIMIT = 2;
const PAGE = '/api/checkout/next-order-offer';

let checkout: CheckoutShop;
let limitsPool: pg.Pool;
let limits: RequestLimits;
let server: AppServer;
/** Until when what was counted is kept from the listener. */
let counting: Promise<void> = Promise.resolve();

beforeAll(async () => {
  checkout = await openCheckoutShop();
  const { createLimitsPool } = await import('#app/adapters/rate-limit/limits-pool.server.ts');
  const { createRequestLimits, LIMITS } = await import('#app/http/request-limits.server.ts');
  limitsPool = createLimitsPool(process.env['DATABASE_URL'] ?? '');
  limits = createRequestLimits(limitsPool, { ...LIMITS, buyer: { points: LIMIT, perSeconds: 600 } });
  const refuse: RequestLimits['refuse'] = async (...request) => {
    const [refusal] = await Promise.all([limits.refuse(...request), counting]);
    return refusal;
  };
  server = await startAppServer({ limits: { ...limits, refuse } });
});
beforeEach(async () => {
  await checkout.reset();
  await checkout.save(EVERY_ORDER);
});
afterAll(async () => {
  await server.close();
  await limitsPool.end();
  await checkout.stop();
});

const askFor = (orderId: number, token = sign(claimsOf())) => fetch(`${server.url}${PAGE}?orderId=${orderId}`, { headers: { Authorization: `Bearer ${token}` } });

/** Transactions of the app that have been told all they asked, and neither ask for more nor end. */
async function waitingToWrite(): Promise<number> {
  const { rows } = await checkout.owner.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND query ~ 'offer_rules|FROM asked'");
  return rows.length;
}

it('looks up what a page asks while it is counted, and records nothing before it is let in', async () => {
  const answer = await whileCounting(() => askFor(ORDER));
  expect(answer.status).toBe(200);
  expect(await checkout.count('offer_codes')).toBe(1);
});

it('records nothing for who is refused', async () => {
  const token = sign(claimsOf());
  // Of another order, which is not known: the token is used up by that.
  for (let used = 0; used < LIMIT; used += 1) expect((await askFor(7999, token)).status).toBe(200);
  const refused = await whileCounting(() => askFor(ORDER, token));
  expect(refused.status).toBe(429);
  await waitFor('the transaction to end', async () => ((await waitingToWrite()) === 0 ? true : undefined));
  expect(await checkout.count('offer_codes')).toBe(0);
});

it('answers with an error where counting breaks, and goes on', async () => {
  counting = Promise.reject(new Error('of the test'));
  counting.catch(() => {});
  const broken = await fetch(`${server.url}/api/shopper/loyalty`);
  counting = Promise.resolve();
  expect(broken.status).toBe(500);
  expect((await fetch(`${server.url}/api/shopper/loyalty`)).status).toBe(401);
});

/** Asks, and lets the counting end once all has been looked up: nothing is on record by then. */
async function whileCounting(ask: () => Promise<Response>): Promise<Response> {
  let end = () => {};
  counting = new Promise((resolve) => (end = resolve));
  const asked = ask();
  try {
    await waitFor('the order to have been looked up', async () => ((await waitingToWrite()) === 1 ? true : undefined));
    expect(await checkout.count('offer_codes')).toBe(0);
  } finally {
    end();
  }
  return asked;
}

it('does so for what writes nothing itself, and in every spelling', () => {
  const isAhead = (path: string, method = 'GET') => limits.isAskedAhead(new Request(`http://app${path}`, { method }));
  expect([PAGE, '/API/checkout/next-order-offer?orderId=1', '/api/shopper/loyalty', '/api/shopper/order'].map((path) => isAhead(path))).toEqual([true, true, true, true]);
  expect([isAhead(PAGE, 'POST'), isAhead('/api/shopper/redemption', 'POST'), isAhead('/api/shopper/redemption'), isAhead('/app'), isAhead('/proxy/loyalty')]).toEqual([false, false, false, false, false]);
});
