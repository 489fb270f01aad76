import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Program, Reward } from '#app/domain/loyalty/program/program.ts';
import { aProgram } from '#test/support/loyalty/loyalty-shop.ts';
import { openRedemptionShop, type RedemptionShop } from '#test/support/loyalty/redemption-shop.ts';
import { installFaultyWire } from '#test/services/offers/faulty-wire.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

let shop: RedemptionShop;
let wire: ReturnType<typeof installFaultyWire>;
let customerId = 100;
let orderId = 7_000;
let variantId = 0;

function reward(id: string, gives: Reward['gives'], change: Partial<Reward> = {}): Reward {
  return {
    id,
    name: '',
    isOffered: true,
    gives,
    minimumSubtotals: [{ currency: 'EUR', amountMinor: 20_00 }],
    validDays: 30,
    limitAMember: null,
    combinesWith: { order: false, product: true, shipping: true },
    ...change,
  };
}

function theProgram(change: Partial<Program> = {}): Program {
  const program = aProgram();
  return {
    ...program,
    rewards: [
      ...program.rewards,
      reward('percent', { kind: 'percent', points: 300, percentBasisPoints: 1_250 }),
      reward('shipping', { kind: 'free-shipping', points: 200 }),
      reward('product', { kind: 'free-product', points: 400, variantId, title: 'A thing' }),
      reward('credit', { kind: 'store-credit', points: 500, amounts: [{ currency: 'EUR', amountMinor: 5_00 }] }),
      reward('once', { kind: 'percent', points: 100, percentBasisPoints: 500 }, { limitAMember: 1 }),
    ],
    ...change,
  };
}

async function redeemed(rewardId: string, points = 1_000): Promise<{ code: string; redemptionId: string }> {
  await shop.give(customerId, points);
  const answer = await shop.redeem({ customerId: BigInt(customerId), rewardId });
  if (!answer.ok) throw new Error(answer.reason);
  await shop.advance();
  const row = (await shop.redemptions()).find(({ redemption_id: id }) => id === answer.value.redemptionId);
  return { code: row?.code ?? '', redemptionId: answer.value.redemptionId };
}

async function lastRow() {
  const row = (await shop.redemptions()).at(-1);
  if (row === undefined) throw new Error('no redemption');
  return row;
}

function creditsOf(customer: number): number[] {
  return (shopify().customers.get(customer)?.storeCredit ?? []).flatMap(({ credits }) => credits.map(({ amountMinor }) => amountMinor));
}

function shopify() {
  return shop.shopify;
}

beforeAll(async () => {
  shop = await openRedemptionShop();
  wire = installFaultyWire();
  const [product] = [...shop.shopify.products.values()];
  const variant = product?.variants[0];
  if (!product || !variant) throw new Error('no product');
  variantId = variant.id;
  await shop.saveProgram(theProgram());
  const ids = [...shop.shopify.customers.keys()];
  customerId = (ids[0] ?? 0) - 1;
});

afterAll(async () => {
  wire.remove();
  await shop.stop();
});

let used = 0;

beforeEach(async () => {
  wire.reset();
  await shop.owner.query('DELETE FROM loyalty_redemptions');
  shop.setClock(new Date());
  customerId = [...shop.shopify.customers.keys()][used] ?? 0;
  used += 1;
  orderId += 10;
});

describe('points that are redeemed', () => {
  it('become a discount for this customer alone, used once', async () => {
    const { code } = await redeemed('amount-500');
    expect(await lastRow()).toMatchObject({ state: 'issued', attempts: 1, last_error: null });
    const found = shop.shopify.findCode(code)?.discount;
    expect(found).toMatchObject({
      amount: { amountMinor: 5_00, currency: 'EUR' },
      percentage: null,
      customerIds: [customerId],
      usageLimit: 1,
      appliesOncePerCustomer: true,
      combinesWith: { orderDiscounts: false, productDiscounts: true, shippingDiscounts: true },
    });
    const inShop = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'medium' });
    expect(inShop.format(new Date(found?.endsAt ?? ''))).toBe('23:59:59');
    expect(await shop.balance(customerId)).toEqual({ customer: 500, reserved: 500, redeemed: 0 });
  });

  it('are as many as the member likes, in whole steps', async () => {
    await shop.give(customerId, 1_000);
    const wrong = await shop.redeem({ customerId: BigInt(customerId), rewardId: 'any-amount', points: 250 });
    expect(wrong).toMatchObject({ ok: false, reason: 'wrong-points', leastPoints: 100, stepPoints: 100 });
    const right = await shop.redeem({ customerId: BigInt(customerId), rewardId: 'any-amount', points: 700 });
    expect(right).toMatchObject({ ok: true, value: { points: 700, worth: { amountMinor: 7_00, currency: 'EUR' } } });
  });

  it('can be a percentage, free shipping, and one piece of a product', async () => {
    const percent = await redeemed('percent');
    expect(shop.shopify.findCode(percent.code)?.discount).toMatchObject({ percentage: 0.125, minimumSubtotal: { amountMinor: 20_00 } });
    const shipping = await redeemed('shipping');
    expect(shop.shopify.findCode(shipping.code)?.discount).toMatchObject({
      isFreeShipping: true,
      percentage: null,
      amount: null,
      combinesWith: { productDiscounts: true, shippingDiscounts: false },
    });
    const product = await redeemed('product');
    const price = [...shop.shopify.products.values()].flatMap(({ variants }) => variants).find(({ id }) => id === variantId)?.priceMinor;
    expect(shop.shopify.findCode(product.code)?.discount).toMatchObject({ variantIds: [variantId], amount: { amountMinor: price } });
  });

  it('are refused to strangers, to those who are left out, to those with too few, and once the limit is reached', async () => {
    const asks = (rewardId = 'amount-500') => shop.redeem({ customerId: BigInt(customerId), rewardId });
    expect(await asks()).toEqual({ ok: false, reason: 'no-member' });
    await shop.give(customerId, 499);
    expect(await asks()).toEqual({ ok: false, reason: 'insufficient-points', availablePoints: 499 });
    expect(await asks('gone')).toEqual({ ok: false, reason: 'not-offered' });
    expect(await asks('once')).toMatchObject({ ok: true });
    expect(await asks('once')).toEqual({ ok: false, reason: 'limit-reached', limit: 1 });
    await shop.owner.query('UPDATE loyalty_members SET is_excluded = true WHERE customer_id = $1', [customerId]);
    expect(await asks('percent')).toEqual({ ok: false, reason: 'excluded' });
  });

  it('go on while the program is paused or winds down, and not when it is off', async () => {
    await shop.give(customerId, 5_000);
    const asks = () => shop.redeem({ customerId: BigInt(customerId) });
    const today = Math.floor(shop.now().getTime() / DAY_MS);
    await shop.saveProgram(theProgram({ status: { kind: 'paused' } }));
    expect(await asks()).toMatchObject({ ok: true });
    await shop.saveProgram(theProgram({ status: { kind: 'winding-down', lastRedemptionDay: today + 2 } }));
    expect(await asks()).toMatchObject({ ok: true });
    await shop.saveProgram(theProgram({ status: { kind: 'off' } }));
    expect(await asks()).toEqual({ ok: false, reason: 'program-closed' });
    await shop.saveProgram(theProgram());
  });

  it('are put aside once for the same request, and a changed one is refused', async () => {
    await shop.give(customerId, 2_000);
    const input = { customerId: BigInt(customerId), requestKey: 'my wish' };
    const first = await shop.redeem(input);
    await shop.advance();
    const again = await shop.redeem(input);
    expect(first.ok).toBe(true);
    expect(again).toEqual(first);
    expect(await shop.redeem({ ...input, rewardId: 'percent' })).toEqual({ ok: false, reason: 'request-changed' });
    expect(await shop.redeem({ ...input, customerId: 1n })).toEqual({ ok: false, reason: 'request-changed' });
    expect(await shop.redemptions()).toHaveLength(1);
  });
});

describe('a paid order that carries the code', () => {
  it('spends the points, whatever the capitals, once', async () => {
    const { code } = await redeemed('amount-500');
    await shop.putOrder({ orderId, customerId, code: code.toLowerCase() });
    await shop.award();
    expect(await lastRow()).toMatchObject({ state: 'captured', captured_order_id: String(orderId), not_before: null });
    expect(await shop.balance(customerId)).toMatchObject({ customer: 500, reserved: 0, redeemed: 500 });
    await shop.putOrder({ orderId, customerId, code });
    await shop.award();
    expect(await shop.balance(customerId)).toMatchObject({ customer: 500, reserved: 0, redeemed: 500 });
  });

  it('gives back what belongs to its refunds, in however many steps, and all when it is cancelled', async () => {
    const { code } = await redeemed('amount-500', 500);
    const put = async (change: { refundedMinor?: number; cancelled?: boolean }) => {
      await shop.putOrder({ orderId, customerId, code, ...change });
      await shop.award();
      return (await shop.balance(customerId)).customer;
    };
    expect(await put({})).toBe(0);
    expect(await put({ refundedMinor: 33_33 })).toBe(167);
    expect(await put({ refundedMinor: 33_33 })).toBe(167);
    expect(await put({ refundedMinor: 50_00 })).toBe(250);
    expect(await put({ refundedMinor: 50_00, cancelled: true })).toBe(500);
    expect(await shop.balance(customerId)).toEqual({ customer: 500, reserved: 0, redeemed: 0 });
  });

  it('that was refunded in part before we heard of it spends the rest', async () => {
    const { code } = await redeemed('amount-500', 500);
    await shop.putOrder({ orderId, customerId, code, refundedMinor: 40_00 });
    await shop.award();
    expect(await shop.balance(customerId)).toEqual({ customer: 200, reserved: 0, redeemed: 300 });
  });

  it('and is not paid yet holds the points until it is', async () => {
    const { code } = await redeemed('amount-500', 500);
    await shop.putOrder({ orderId, customerId, code, status: 'PENDING' });
    await shop.award();
    expect(await shop.balance(customerId)).toEqual({ customer: 0, reserved: 500, redeemed: 0 });
    shop.passMs(60 * DAY_MS);
    await shop.advance();
    await shop.advanceUntilSettled(shop.now().getTime() + DAY_MS);
    expect(await lastRow()).toMatchObject({ state: 'releasing' });
    await shop.putOrder({ orderId, customerId, code });
    await shop.award();
    expect(await lastRow()).toMatchObject({ state: 'captured' });
  });

  it('and falls through gives the points back, once nobody can use the code', async () => {
    const { code } = await redeemed('amount-500', 500);
    await shop.putOrder({ orderId, customerId, code, cancelled: true });
    await shop.award();
    expect(await lastRow()).toMatchObject({ state: 'releasing' });
    // Shopify keeps the real time: what was switched off in it a moment ago is waited for by ours.
    await shop.advanceUntilSettled();
    expect(await lastRow()).toMatchObject({ state: 'released', last_error: 'order-cancelled' });
    expect(shop.shopify.findCode(code)?.discount.status).toBe('EXPIRED');
    expect(await shop.balance(customerId)).toEqual({ customer: 500, reserved: 0, redeemed: 0 });
  });

  it('counts for a merged member’s redemption too, and what comes back goes to who stayed', async () => {
    const { code } = await redeemed('amount-500', 500);
    const stayed = customerId + 500_000;
    await shop.give(stayed, 10);
    const { mergeMembers } = await import('#app/services/loyalty/merge-members.server.ts');
    const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
    await withTenantConnection(shop.context.pool, shop.context.shop, (connection) =>
      mergeMembers(shop.context, connection, { fromId: BigInt(customerId), toId: BigInt(stayed) }),
    );
    await shop.putOrder({ orderId, customerId: stayed, code });
    await shop.award();
    expect(await lastRow()).toMatchObject({ state: 'captured' });
    await shop.putOrder({ orderId, customerId: stayed, code, refundedMinor: 50_00 });
    await shop.award();
    expect(await shop.balance(stayed)).toMatchObject({ customer: 260 });
  });
});

describe('a code that nobody used in time', () => {
  it('is switched off, and the points come back after Shopify must have counted', async () => {
    const { code } = await redeemed('amount-500', 500);
    const { expires_at: endsAt } = (await shop.owner.query<{ expires_at: Date }>('SELECT expires_at FROM loyalty_redemptions')).rows[0] ?? {};
    shop.setClock(new Date((endsAt?.getTime() ?? 0) + 9 * MINUTE_MS));
    await shop.advance();
    expect(await lastRow()).toMatchObject({ state: 'issued' });
    await shop.advanceUntilSettled();
    expect(await lastRow()).toMatchObject({ state: 'released', last_error: 'not-used-in-time' });
    expect(shop.shopify.findCode(code)?.discount.status).toBe('EXPIRED');
    expect(await shop.balance(customerId)).toEqual({ customer: 500, reserved: 0, redeemed: 0 });
  });

  it('but Shopify counts a use of is waited for, and spent in the end without its order', async () => {
    const { code } = await redeemed('amount-500', 500);
    const found = shop.shopify.findCode(code);
    if (!found) throw new Error('no code');
    shop.shopify.save('discount', { ...found.discount, codes: found.discount.codes.map((one) => ({ ...one, asyncUsageCount: 1 })) });
    await shop.owner.query("UPDATE loyalty_redemptions SET state = 'releasing', not_before = now() - interval '1 minute'");
    await shop.advanceUntilSettled(shop.now().getTime() + 2 * DAY_MS);
    expect(await lastRow()).toMatchObject({ state: 'releasing' });
    expect(await shop.balance(customerId)).toMatchObject({ customer: 0, reserved: 500 });
    await shop.advanceUntilSettled();
    expect(await lastRow()).toMatchObject({ state: 'captured', captured_order_id: null });
  });

  it('and is used after all, as Shopify never should let happen, takes the points again', async () => {
    const { code } = await redeemed('amount-500', 500);
    shop.passMs(32 * DAY_MS);
    await shop.advanceUntilSettled();
    expect(await shop.balance(customerId)).toMatchObject({ customer: 500 });
    for (let time = 0; time < 2; time += 1) {
      await shop.putOrder({ orderId, customerId, code });
      await shop.award();
      expect(await shop.balance(customerId)).toMatchObject({ customer: 0 });
    }
  });
});

describe('a reward that Shopify does not take', () => {
  it('gives the points back at once when its terms are refused', async () => {
    const stranger = 999_999;
    await shop.give(stranger, 500);
    await shop.redeem({ customerId: BigInt(stranger) });
    await shop.advance();
    expect(await lastRow()).toMatchObject({ state: 'released', last_error: 'refused INVALID' });
    expect(await shop.balance(stranger)).toEqual({ customer: 500, reserved: 0, redeemed: 0 });
  });

  it.each(['request-lost', 'answer-lost', 'error-before', 'error-after'] as const)('is looked up before it is sent again: %s', async (fault) => {
    wire.plan('CreateCodeDiscount', [fault]);
    await redeemed('amount-500');
    expect(await lastRow()).toMatchObject({ state: 'reserved', last_error: 'unavailable' });
    await shop.advanceUntilSettled(shop.now().getTime() + DAY_MS);
    expect(await lastRow()).toMatchObject({ state: 'issued' });
    expect(wire.arrivedOf('CreateCodeDiscount')).toBe(1);
  });

  it('is given up after eight sendings', async () => {
    wire.plan('CreateCodeDiscount', Array<'error-before'>(20).fill('error-before'));
    await redeemed('amount-500', 500);
    await shop.advanceUntilSettled();
    expect(await lastRow()).toMatchObject({ state: 'released', attempts: 8, last_error: 'attempts' });
    expect(await shop.balance(customerId)).toEqual({ customer: 500, reserved: 0, redeemed: 0 });
  });
});

describe('store credit', () => {
  it('is given once, and spends the points', async () => {
    await redeemed('credit', 500);
    expect(creditsOf(customerId)).toEqual([5_00]);
    expect(await lastRow()).toMatchObject({ state: 'captured', code: null });
    expect(await shop.balance(customerId)).toEqual({ customer: 0, reserved: 0, redeemed: 500 });
  });

  it.each(['request-lost', 'answer-lost', 'error-before', 'error-after'] as const)('is looked for in the account before it is sent again: %s', async (fault) => {
    wire.plan('CreditStoreCredit', [fault]);
    await redeemed('credit', 500);
    expect(await lastRow()).toMatchObject({ state: 'reserved', attempts: 1 });
    await shop.advanceUntilSettled();
    expect(creditsOf(customerId)).toEqual([5_00]);
    expect(await lastRow()).toMatchObject({ state: 'captured' });
    expect(wire.arrivedOf('CreditStoreCredit')).toBe(1);
  });

  it('of two wishes with lost answers is given twice', async () => {
    await shop.give(customerId, 1_000);
    for (const requestKey of ['a', 'b']) await shop.redeem({ customerId: BigInt(customerId), rewardId: 'credit', requestKey: `${customerId}${requestKey}` });
    wire.plan('CreditStoreCredit', ['answer-lost', 'request-lost']);
    await shop.advanceUntilSettled();
    expect(creditsOf(customerId)).toEqual([5_00, 5_00]);
    expect((await shop.redemptions()).map(({ state }) => state)).toEqual(['captured', 'captured']);
    expect(await shop.balance(customerId)).toEqual({ customer: 0, reserved: 0, redeemed: 1_000 });
  });

  it('that Shopify refuses gives the points back', async () => {
    const stranger = 999_998;
    await shop.give(stranger, 500);
    await shop.redeem({ customerId: BigInt(stranger), rewardId: 'credit' });
    await shop.advance();
    expect(await lastRow()).toMatchObject({ state: 'released', last_error: 'refused OWNER_NOT_FOUND' });
  });
});

describe('the list of a member’s redemptions', () => {
  it('has the state of each, the newest first, with those of who went up in the member', async () => {
    await redeemed('amount-500', 1_500);
    shop.passMs(1_000);
    await shop.redeem({ customerId: BigInt(customerId), rewardId: 'percent' });
    const { listRedemptions } = await import('#app/services/loyalty/list-redemptions.server.ts');
    const listed = await listRedemptions(shop.context, { customerId: BigInt(customerId) });
    expect(listed.map(({ rewardId, state, code }) => [rewardId, state, code === null])).toEqual([
      ['percent', 'reserved', true],
      ['amount-500', 'issued', false],
    ]);
  });
});
