import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { askingAtOnce } from '#test/support/asking-at-once.ts';
import type { Fault } from './faulty-wire.ts';
import { installFaultyWire } from './faulty-wire.ts';
import { insertOrder } from './offer-orders.ts';
import { aRule, offering } from './offering.ts';

const STORE = syntheticStore(60);
const CREDIT = 'CreditStoreCredit';
const CUSTOMER = 100;

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let shopify: ShopStore;
let wire: ReturnType<typeof installFaultyWire>;
let clockMs: number;
let lastOrderId = 70_000;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  clockMs = Date.now();
  context = { ...(await askingAtOnce(await app.install(STORE.shop.domain))), now: () => new Date(clockMs) };
  shopify = app.running.simulator.requireStore(STORE.shop.domain);
  wire = installFaultyWire();
});

afterAll(async () => {
  wire.remove();
  await owner.end();
  await app.stop();
});

beforeEach(async () => {
  wire.reset();
  clockMs = Date.now();
  await owner.query("DELETE FROM offer_credits; DELETE FROM offer_discounts; DELETE FROM orders; UPDATE shops SET currency = 'EUR'");
  const customer = shopify.customers.get(CUSTOMER);
  if (customer) shopify.save('customer', { ...customer, storeCredit: [] });
  const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  const settings = offering([aRule({ grant: { kind: 'store-credit', amountMinor: 700 } })]);
  expect(await saveOfferSettings(context, settings)).toMatchObject({ ok: true });
});

async function placeOrder(customerId: number | null = CUSTOMER): Promise<number> {
  lastOrderId += 1;
  await insertOrder(owner, context.shop.shopId, { orderId: lastOrderId, customerId, createdAt: new Date(clockMs) });
  return lastOrderId;
}

async function ask(orderId: number) {
  const { requestNextOrderOffer } = await import('#app/services/offers/request-next-order-offer.server.ts');
  const answer = await requestNextOrderOffer(context, { orderId: BigInt(orderId), customerId: null });
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

async function give(): Promise<void> {
  const { giveOfferCredits } = await import('#app/services/offers/give-offer-credits.server.ts');
  await giveOfferCredits(context);
}

async function giveUntilSettled(): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await give();
    const { rows } = await owner.query<{ at: Date | null }>("SELECT min(not_before) AS at FROM offer_credits WHERE state = 'intended'");
    const at = rows[0]?.at;
    if (!at) return;
    clockMs = Math.max(clockMs, at.getTime());
  }
  throw new Error('not settled');
}

async function recorded() {
  return (await owner.query('SELECT state, attempts, last_error FROM offer_credits ORDER BY order_id')).rows;
}

const creditsInShopify = (id = CUSTOMER) => (shopify.customers.get(id)?.storeCredit ?? []).flatMap(({ currency, credits }) => credits.map((credit) => ({ currency, ...credit })));

describe('store credit for an order', () => {
  it('is promised, given once to its customer until its end, and then told', async () => {
    const orderId = await placeOrder();
    expect(await ask(orderId)).toEqual({ state: 'pending', retryAfterMs: 400, isPromised: true });
    await give();
    await give();
    const told = await ask(orderId);
    expect(told).toMatchObject({ state: 'granted', gives: { kind: 'store-credit', amount: { amountMinor: 700, currency: 'EUR', decimals: 2 } }, code: null });
    if (told.state !== 'granted') throw new Error(told.state);
    expect(creditsInShopify()).toMatchObject([{ amountMinor: 700, currency: 'EUR', expiresAt: told.endsAt }]);
    expect(await ask(orderId)).toEqual(told);
  });

  it('is work for the worker as soon as it is promised, and none once it is given', async () => {
    const { loadWaitingWork } = await import('#app/adapters/db/shop-registry.server.ts');
    const { prisma } = await import('#app/db.server.ts');
    const isDue = async () => (await loadWaitingWork(prisma, new Date(clockMs))).some(({ work }) => work === 'offer-codes');
    const orderId = await placeOrder();
    expect(await isDue()).toBe(false);
    await ask(orderId);
    expect(await isDue()).toBe(true);
    await give();
    expect(await isDue()).toBe(false);
  });

  it('is nothing for a guest, who has no account', async () => {
    expect(await ask(await placeOrder(null))).toEqual({ state: 'none' });
    expect(await recorded()).toEqual([]);
  });

  it.each([
    ['was cancelled', 'UPDATE orders SET cancelled_at = now()', 'cancelled'],
    ['is of somebody who was forgotten', 'UPDATE orders SET customer_id = -5', 'nobody'],
  ])('is given to nobody when the order %s before', async (_name, change, error) => {
    const orderId = await placeOrder();
    await ask(orderId);
    await owner.query(change);
    await give();
    expect(await recorded()).toMatchObject([{ state: 'failed', attempts: 0, last_error: error }]);
    expect([creditsInShopify(), await ask(orderId)]).toEqual([[], { state: 'none' }]);
  });

  it('is given up at once when Shopify refuses it', async () => {
    await ask(await placeOrder(999_999));
    await give();
    expect(await recorded()).toMatchObject([{ state: 'failed', attempts: 1, last_error: 'refused OWNER_NOT_FOUND' }]);
  });
});

describe('store credit whose answer is lost', () => {
  const faults: Fault[] = ['request-lost', 'answer-lost', 'error-before', 'error-after'];

  it.each(faults)('is looked for and never given twice: %s', async (fault) => {
    await ask(await placeOrder());
    wire.plan(CREDIT, [fault]);
    await give();
    expect(await recorded()).toMatchObject([{ state: 'intended', attempts: 1, last_error: 'unavailable' }]);
    // It may still be on its way, so that the account's word cannot be believed yet.
    await give();
    expect(wire.arrivedOf(CREDIT)).toBe(fault === 'answer-lost' || fault === 'error-after' ? 1 : 0);
    await giveUntilSettled();
    expect([(await recorded())[0]?.state, creditsInShopify().length, wire.arrivedOf(CREDIT)]).toEqual(['given', 1, 1]);
  });

  it('is found although its order was cancelled meanwhile, and not given again where it was not', async () => {
    for (const [fault, state, count] of [['answer-lost', 'given', 1], ['request-lost', 'failed', 1]] as const) {
      await ask(await placeOrder());
      wire.plan(CREDIT, [fault]);
      await give();
      await owner.query("UPDATE orders SET cancelled_at = now() WHERE order_id IN (SELECT order_id FROM offer_credits WHERE state = 'intended')");
      await giveUntilSettled();
      expect([(await recorded()).at(-1)?.state, creditsInShopify().length]).toEqual([state, count]);
    }
  });

  it('is told apart from another order’s of the same customer and amount', async () => {
    await ask(await placeOrder());
    wire.plan(CREDIT, ['request-lost']);
    await give();
    await ask(await placeOrder());
    await giveUntilSettled();
    expect(await recorded()).toMatchObject([{ state: 'given', attempts: 2 }, { state: 'given', attempts: 1 }]);
    expect(creditsInShopify().length).toBe(2);
  });

  it('is told apart from a reward of the same amount', async () => {
    await ask(await placeOrder());
    wire.plan(CREDIT, ['request-lost']);
    await give();
    const customer = shopify.customers.get(CUSTOMER);
    if (!customer) throw new Error('no customer');
    const credit = { id: shopify.nextId(), amountMinor: 700, createdAt: new Date(clockMs).toISOString(), expiresAt: null };
    shopify.save('customer', { ...customer, storeCredit: [{ id: shopify.nextId(), currency: 'EUR', credits: [credit] }] });
    const { shopId } = context.shop;
    const { aProgram } = await import('#test/support/loyalty/loyalty-shop.ts');
    await owner.query('INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, now())', [shopId, JSON.stringify(aProgram())]);
    await owner.query('INSERT INTO loyalty_members (shop_id, member_id, customer_id, enrolled_at) VALUES ($1, 1, $2, now())', [shopId, CUSTOMER]);
    await owner.query(
      `INSERT INTO loyalty_redemptions (shop_id, redemption_id, member_id, reward_id, program_version, request_key, request_hash, points, state, discount_gid, reserved_at, expires_at)
       VALUES ($1, gen_random_uuid(), 1, 'credit', 1, 'k', ''::bytea, 700, 'captured', $2, now(), now())`,
      [shopId, `gid://shopify/StoreCreditAccountCreditTransaction/${credit.id}`],
    );
    await giveUntilSettled();
    expect([(await recorded())[0]?.state, creditsInShopify().length]).toEqual(['given', 2]);
  });
});
