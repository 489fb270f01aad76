import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Fault } from './faulty-wire.ts';
import { aRule, offering } from './offering.ts';
import * as stage from './offering-stage.ts';
import { ask, clock, context, owner, rows, save, shopify, wire } from './offering-stage.ts';

const CREDIT = 'CreditStoreCredit';
const CUSTOMER = 100;

beforeAll(() => stage.startOffering({ orders: 60 }));
afterAll(stage.stopOffering);
beforeEach(async () => {
  await stage.resetOffering();
  const customer = shopify.customers.get(CUSTOMER);
  if (customer) shopify.save('customer', { ...customer, storeCredit: [] });
  await save(offering([aRule({ grant: { kind: 'store-credit', amountMinor: 700 } })]));
});

const placeOrder = (customerId: number | null = CUSTOMER) => stage.placeOrder(customerId);

async function give(): Promise<void> {
  const { giveOfferCredits } = await import('#app/services/offers/give-offer-credits.server.ts');
  await giveOfferCredits(context);
}

async function giveUntilSettled(): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await give();
    const [next] = await rows<{ at: Date | null }>("SELECT min(not_before) AS at FROM offer_credits WHERE state = 'intended'");
    if (!next?.at) return;
    clock.ms = Math.max(clock.ms, next.at.getTime());
  }
  throw new Error('not settled');
}

const recorded = () => rows('SELECT state, attempts, last_error FROM offer_credits ORDER BY order_id');
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
    const isDue = () => stage.isDue('offer-codes');
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
    ['had waited until the time of its credit was over', 'UPDATE offer_credits SET ends_at = intended_at', 'ended'],
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
    const credit = { id: shopify.nextId(), amountMinor: 700, createdAt: new Date(clock.ms).toISOString(), expiresAt: null };
    shopify.save('customer', { ...customer, storeCredit: [{ id: shopify.nextId(), currency: 'EUR', credits: [credit] }] });
    const { shopId } = context.shop;
    const { aProgram } = await import('#test/support/loyalty/a-program.ts');
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
