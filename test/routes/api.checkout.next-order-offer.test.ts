import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { claimsOf, EVERY_ORDER, firstOrders, offerOf, ON, openCheckoutShop, OTHER_DOMAIN, sign } from './checkout-shop.ts';
import type { CheckoutShop } from './checkout-shop.ts';
import { insertCustomer, insertOrder } from '#test/services/offers/offer-orders.ts';
import { waitFor } from '#test/support/wait-for.ts';

let checkout: CheckoutShop;

beforeAll(async () => {
  checkout = await openCheckoutShop();
  await checkout.owner.query("UPDATE shops SET currency = 'EUR'");
});
beforeEach(() => checkout.reset());
afterAll(() => checkout.stop());

describe('the offer of an order', () => {
  it('is pending until the worker has been, and then ready with its terms', async () => {
    await checkout.save(firstOrders({ minimumSubtotalMinor: 2500, validity: { kind: 'days', days: 10 }, grant: { kind: 'percent', basisPoints: 1250 } }));
    expect(await offerOf()).toEqual({ state: 'pending', retryAfterMs: 400, isPromised: true });
    expect(await offerOf()).toEqual({ state: 'pending', retryAfterMs: 400, isPromised: true });
    await checkout.issueAll();
    expect(await offerOf()).toEqual({
      state: 'ready',
      code: expect.stringMatching(/^BACK-[A-HJ-NP-Z2-9]{8}$/),
      percentBasisPoints: 1250,
      minimumSubtotal: { amountMinor: 2500, currency: 'EUR', decimals: 2 },
      endsAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:59:59Z$/),
      isPersonal: false,
    });
  });

  it('asks for no minimum that was meant in a currency which the shop has left', async () => {
    await checkout.owner.query("UPDATE shops SET currency = 'EUR'");
    await checkout.save(firstOrders({ minimumSubtotalMinor: 2500 }));
    await checkout.owner.query("UPDATE shops SET currency = 'JPY'");
    await offerOf();
    await checkout.issueAll();
    const offer = await offerOf();
    await checkout.owner.query("UPDATE shops SET currency = 'EUR'");
    expect(offer).toMatchObject({ state: 'ready', minimumSubtotal: null });
  });

  it('is one, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => offerOf()));
    expect(new Set(answers.map((answer) => answer.state))).toEqual(new Set(['pending']));
    expect([await checkout.count('offer_codes'), await checkout.count('offer_discounts')]).toEqual([1, 1]);
    await checkout.issueAll();
    const ready = await Promise.all(Array.from({ length: 20 }, () => offerOf()));
    expect(new Set(ready.map((answer) => (answer.state === 'ready' ? answer.code : answer.state))).size).toBe(1);
  });

  it('of a guest is one too, and the second page is told what the first one got', async () => {
    const { owner, context } = checkout;
    const { shopId } = context.shop;
    await insertOrder(owner, shopId, { orderId: 7002 });
    await owner.query('BEGIN');
    try {
      await owner.query('INSERT INTO offer_decisions (shop_id, order_id, is_held_out, decided_at) VALUES ($1, 7002, false, now())', [shopId]);
      await owner.query(
        `INSERT INTO offer_credits (shop_id, order_id, rule_id, amount_minor, currency, ends_at, state, not_before, intended_at)
         VALUES ($1, 7002, $2, 500, 'EUR', now() + interval '1 day', 'intended', now(), now())`,
        [shopId, EVERY_ORDER.rules[0]?.ruleId],
      );
      const second = offerOf({ orderId: '7002' });
      await waitFor('the second to wait', async () => {
        const { rows } = await owner.query("SELECT FROM pg_locks WHERE locktype = 'transactionid' AND transactionid = pg_current_xact_id()::xid AND NOT granted");
        return rows.length > 0 || undefined;
      });
      await owner.query('COMMIT');
      expect(await second).toEqual({ state: 'pending', retryAfterMs: 400, isPromised: true });
    } finally {
      await owner.query('ROLLBACK');
    }
    expect(await checkout.count('offer_codes')).toBe(0);
  });

  it('stays the same after the terms change, and after the offer is switched off', async () => {
    await offerOf();
    await checkout.issueAll();
    const before = await offerOf();
    await checkout.save({ ...EVERY_ORDER, rules: EVERY_ORDER.rules.map((rule) => ({ ...rule, grant: { kind: 'percent', basisPoints: 5000 } })) });
    expect(await offerOf()).toEqual(before);
    await checkout.save({ ...ON, isEnabled: false });
    expect(await offerOf()).toEqual(before);
    expect(await checkout.count('offer_codes')).toBe(1);
  });

  it('is pending, and nothing is written, while the order is not known', async () => {
    expect(await offerOf({ orderId: '7999' })).toEqual({ state: 'pending', retryAfterMs: 600 });
    expect(await checkout.count('offer_codes')).toBe(0);
  });

  it('is none at once while it is switched off, for an order that is not known too', async () => {
    await checkout.save({ ...ON, isEnabled: false });
    expect(await offerOf({ orderId: '7999' })).toEqual({ state: 'none' });
  });

  it('of another shop looks like an order that is not known', async () => {
    const token = `Bearer ${sign(claimsOf({ dest: OTHER_DOMAIN }))}`;
    expect(await offerOf({ authorization: token })).toEqual(await offerOf({ authorization: token, orderId: '7999' }));
    expect(await checkout.count('offer_codes')).toBe(0);
  });

  it('is kept from a customer whose order it is not', async () => {
    await offerOf();
    await checkout.issueAll();
    const stranger = `Bearer ${sign(claimsOf({ sub: 'gid://shopify/Customer/101' }))}`;
    expect(await offerOf({ authorization: stranger })).toEqual({ state: 'none' });
  });

  it('of a guest is kept from whoever is signed in', async () => {
    await insertOrder(checkout.owner, checkout.context.shop.shopId, { orderId: 7002 });
    const stranger = `Bearer ${sign(claimsOf({ sub: 'gid://shopify/Customer/101' }))}`;
    expect(await offerOf({ orderId: '7002', authorization: stranger })).toEqual({ state: 'none' });
  });

  it.each([
    ['is switched off', { settings: { ...ON, isEnabled: false } }],
    ['meets a test order', { order: { isTest: true } }],
    ['meets a cancelled order', { order: { cancelledAt: new Date() } }],
    ['meets an order of the day before yesterday', { order: { createdAt: new Date(Date.now() - 2 * 86_400_000) } }],
  ])('is none when it %s', async (_name, { settings = ON, order = {} }: { settings?: unknown; order?: object }) => {
    await checkout.save(settings);
    await insertOrder(checkout.owner, checkout.context.shop.shopId, { orderId: 7003, ...order });
    expect(await offerOf({ orderId: '7003' })).toEqual({ state: 'none' });
    expect(await checkout.count('offer_codes')).toBe(0);
  });

  it('is a code for the first order, also when its page asks after the second was placed', async () => {
    await insertOrder(checkout.owner, checkout.context.shop.shopId, { orderId: 7007, customerId: 100, createdAt: new Date(Date.now() + 60_000) });
    expect(await offerOf()).toMatchObject({ state: 'pending', isPromised: true });
  });

  it('is none for a second order where first orders get one, and a code where every order does', async () => {
    await insertOrder(checkout.owner, checkout.context.shop.shopId, { orderId: 7004, customerId: 100 });
    expect(await offerOf({ orderId: '7004' })).toEqual({ state: 'none' });
    await checkout.save(EVERY_ORDER);
    expect(await offerOf({ orderId: '7004' })).toMatchObject({ state: 'pending' });
  });

  it('is none for who is held out, for ever and whatever the share becomes, and both decisions are on record', async () => {
    await checkout.save({ ...EVERY_ORDER, holdoutBasisPoints: 5000 });
    const orders = Array.from({ length: 24 }, (_, index) => ({ orderId: 7100 + index, customerId: 500 + index }));
    for (const order of orders) await insertOrder(checkout.owner, checkout.context.shop.shopId, order);
    const answers = async () => Promise.all(orders.map(async ({ orderId }) => (await offerOf({ orderId: String(orderId) })).state));
    const first = await answers();
    expect(new Set(first)).toEqual(new Set(['none', 'pending']));
    await checkout.save(EVERY_ORDER);
    expect(await answers()).toEqual(first);
    const { rows } = await checkout.owner.query('SELECT is_held_out, holdout_basis_points, rule_id FROM offer_decisions WHERE order_id >= 7100 ORDER BY order_id');
    expect(rows.map(({ is_held_out }) => (is_held_out === true ? 'none' : 'pending'))).toEqual(first);
    // The share that was in force, and the rule that would have given, on both sides.
    expect(rows.every((row) => row['holdout_basis_points'] === 5000 && row['rule_id'] === EVERY_ORDER.rules[0]?.ruleId)).toBe(true);
    expect(await checkout.count('offer_codes')).toBe(first.filter((state) => state === 'pending').length);
  });

  it('is none with every order of who is held out, and a code with every order of the others', async () => {
    await checkout.save({ ...EVERY_ORDER, holdoutBasisPoints: 5000 });
    const statesOf = async (firstId: number) => {
      const states: string[] = [];
      for (let index = 0; index < 12; index += 1) {
        await insertOrder(checkout.owner, checkout.context.shop.shopId, { orderId: firstId + index, customerId: 600 + index });
        states.push((await offerOf({ orderId: String(firstId + index) })).state);
      }
      return states;
    };
    const first = await statesOf(7300);
    expect(await statesOf(7400)).toEqual(first);
  });

  it('is never held back from a guest, whom nobody can follow', async () => {
    await checkout.save({ ...EVERY_ORDER, holdoutBasisPoints: 5000 });
    for (let orderId = 7200; orderId < 7212; orderId += 1) {
      await insertOrder(checkout.owner, checkout.context.shop.shopId, { orderId });
      expect(await offerOf({ orderId: String(orderId) })).toMatchObject({ state: 'pending' });
    }
    // No chance was in it: should it turn out whose the order is, they are on no side.
    const { rows } = await checkout.owner.query('SELECT DISTINCT holdout_basis_points FROM offer_decisions WHERE order_id >= 7200');
    expect(rows).toEqual([{ holdout_basis_points: 0 }]);
  });

  it('is none when Shopify counts orders that we may not see', async () => {
    await insertCustomer(checkout.owner, checkout.context.shop.shopId, { customerId: 100, numberOfOrders: 3, updatedAt: new Date() });
    expect(await offerOf()).toEqual({ state: 'none' });
  });

  it.each([
    ['a guest’s order', { orderId: 7005 }],
    ['an order of a customer who is not signed in', { orderId: 7006, customerId: 100 }],
  ])('is none a day later for %s', async (_name, order) => {
    const question = { orderId: String(order.orderId) };
    await insertOrder(checkout.owner, checkout.context.shop.shopId, order);
    await checkout.save(EVERY_ORDER);
    await offerOf(question);
    await checkout.issueAll();
    expect(await offerOf(question)).toMatchObject({ state: 'ready' });
    await checkout.owner.query("UPDATE orders SET created_at = now() - interval '25 hours'");
    expect(await offerOf(question)).toEqual({ state: 'none' });
  });

  it('stays the same a day later for the customer who is signed in', async () => {
    await offerOf();
    await checkout.issueAll();
    const before = await offerOf();
    await checkout.owner.query("UPDATE orders SET created_at = now() - interval '25 hours'");
    const customer = `Bearer ${sign(claimsOf({ sub: 'gid://shopify/Customer/100' }))}`;
    expect(before).toMatchObject({ state: 'ready' });
    expect(await offerOf({ authorization: customer })).toEqual(before);
  });

  it('is none once its code has run out', async () => {
    await offerOf();
    await checkout.issueAll();
    await checkout.owner.query("UPDATE offer_discounts SET ends_at = now() - interval '1 second'");
    expect(await offerOf()).toEqual({ state: 'none' });
  });
});
