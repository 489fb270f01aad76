import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { ANYBODY } from '#app/domain/offers/offer-rule.ts';
import { insertOrder } from './offer-orders.ts';
import { aRule, offering } from './offering.ts';
import * as stage from './offering-stage.ts';
import { ask, clock, codesInShopify, context, owner, placeOrder, rows, save, wire } from './offering-stage.ts';

const DAY_MS = 86_400_000;

/** Rows of everything that a decision about an order leaves. */
async function onRecord(orderId: number): Promise<number[]> {
  const counted = await rows<{ count: number }>(
    ['offer_decisions', 'offer_codes', 'offer_credits'].map((table) => `SELECT count(*)::int FROM ${table} WHERE order_id = ${orderId}`).join(' UNION ALL '),
  );
  return counted.map(({ count }) => count);
}

beforeAll(() => stage.startOffering({ orders: 20 }));
afterAll(stage.stopOffering);
beforeEach(() => stage.resetOffering());

async function askLimited(orderId: number, mayRecord: boolean) {
  const { requestNextOrderOffer } = await import('#app/services/offers/request-next-order-offer.server.ts');
  return requestNextOrderOffer(context, { orderId: BigInt(orderId), customerId: null, mayRecord: Promise.resolve(mayRecord) });
}

it.each([
  ['a code', aRule(), [1, 1, 0]],
  ['store credit', aRule({ grant: { kind: 'store-credit', amountMinor: 300 } }), [1, 0, 1]],
])('nothing is put on record for who may not ask: %s is given by the next question', async (_what, rule, left) => {
  await save(offering([rule]));
  const orderId = await placeOrder(100);
  expect(await askLimited(orderId, false)).toMatchObject({ ok: true, value: { state: 'pending' } });
  expect(await onRecord(orderId)).toEqual([0, 0, 0]);
  await askLimited(orderId, true);
  expect(await onRecord(orderId)).toEqual(left);
});

it('a code that waited until its time was over is not brought to Shopify, and the buyer is told nothing', async () => {
  await save(offering([aRule({ validity: { kind: 'hours', hours: 2 } })]));
  const { issueOfferCodes } = await import('#app/services/offers/issue-offer-codes.server.ts');
  const orderId = await placeOrder(100);
  await ask(orderId);
  const before = codesInShopify().length;
  clock.ms += DAY_MS;
  await issueOfferCodes(context);
  expect(await rows('SELECT state, last_error FROM offer_codes')).toEqual([{ state: 'failed', last_error: 'ended' }]);
  expect([codesInShopify().length - before, wire.arrivedOf('CreateCodeDiscount'), wire.arrivedOf('AddRedeemCodes')]).toEqual([0, 0, 0]);
  expect(await ask(orderId)).toEqual({ state: 'none' });
});

it('an order that was deleted neither counts as one before nor gets an offer itself', async () => {
  await save(offering([aRule({ conditions: { ...ANYBODY, orders: 'first' } })]));
  const deletedAt = new Date(clock.ms);
  await insertOrder(owner, context.shop.shopId, { orderId: 40_001, customerId: 100, createdAt: new Date(clock.ms - DAY_MS), deletedAt });
  expect(await ask(await placeOrder(100))).toMatchObject({ state: 'pending', isPromised: true });
  await insertOrder(owner, context.shop.shopId, { orderId: 40_002, customerId: 101, createdAt: new Date(clock.ms), deletedAt });
  expect(await ask(40_002)).not.toHaveProperty('isPromised');
  expect(await rows('SELECT order_id FROM offer_codes WHERE order_id < 50000')).toEqual([]);
});
it('a code of an order that was deleted takes no place of the codes that a customer may hold', async () => {
  await save(offering([aRule()], { mostOpenCodes: 1 }));
  const first = await placeOrder(100);
  await ask(first);
  expect(await ask(await placeOrder(100))).toEqual({ state: 'none' });
  await owner.query('UPDATE orders SET deleted_at = now() WHERE order_id = $1', [first]);
  expect(await ask(await placeOrder(100))).toMatchObject({ state: 'pending', isPromised: true });
});
