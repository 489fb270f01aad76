import { describe, expect, it } from 'vitest';

import type { Redemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import { DAY_MS, MINUTE_MS, useRewards } from '#test/services/loyalty/rewards-under-test.ts';

const rewards = useRewards();

describe('a paid order that carries the code', () => {
  it('spends the points, whatever the capitals, once', async () => {
    const { code } = await rewards.redeemed('amount-500');
    await rewards.shop.putOrder({ orderId: rewards.orderId, customerId: rewards.customerId, code: code.toLowerCase() });
    await rewards.shop.award();
    expect(await rewards.lastRow()).toMatchObject({ state: 'captured', captured_order_id: String(rewards.orderId), not_before: null });
    expect(await rewards.shop.balance(rewards.customerId)).toMatchObject({ customer: 500, reserved: 0, redeemed: 500 });
    await rewards.shop.putOrder({ orderId: rewards.orderId, customerId: rewards.customerId, code });
    await rewards.shop.award();
    expect(await rewards.shop.balance(rewards.customerId)).toMatchObject({ customer: 500, reserved: 0, redeemed: 500 });
  });

  it('gives back what belongs to its refunds, in however many steps, and all when it is cancelled', async () => {
    const { code } = await rewards.redeemed('amount-500', 500);
    const put = async (change: { refundedMinor?: number; cancelled?: boolean }) => {
      await rewards.shop.putOrder({ orderId: rewards.orderId, customerId: rewards.customerId, code, ...change });
      await rewards.shop.award();
      return (await rewards.shop.balance(rewards.customerId)).customer;
    };
    expect(await put({})).toBe(0);
    expect(await put({ refundedMinor: 33_33 })).toBe(167);
    expect(await put({ refundedMinor: 33_33 })).toBe(167);
    expect(await put({ refundedMinor: 50_00 })).toBe(250);
    expect(await put({ refundedMinor: 50_00, cancelled: true })).toBe(500);
    expect(await rewards.shop.balance(rewards.customerId)).toEqual({ customer: 500, reserved: 0, redeemed: 0 });
  });

  it('counts towards a limit until it is cancelled and the points are back', async () => {
    const { code } = await rewards.redeemed('once');
    const put = async (change: { refundedMinor?: number; cancelled?: boolean }) => {
      await rewards.shop.putOrder({ orderId: rewards.orderId, customerId: rewards.customerId, code, ...change });
      await rewards.shop.award();
    };
    const { loadShopperStanding } = await import('#app/adapters/db/shopper/shopper-standing.server.ts');
    const { readAtOnce } = await import('#app/adapters/db/brief-connection.server.ts');
    const { context } = rewards.shop;
    const asked = { customerId: BigInt(rewards.customerId), settledAfter: context.now() };
    const shown = async () => (await readAtOnce(context.pool, context.shop, (connection) => loadShopperStanding(connection, context.shop, asked)))?.member?.timesRedeemed;
    const redeemAgain = () => rewards.shop.redeem({ customerId: BigInt(rewards.customerId), rewardId: 'once' });
    await put({});
    await put({ refundedMinor: 50_00 });
    expect(await redeemAgain()).toMatchObject({ ok: false, reason: 'limit-reached' });
    expect(await shown()).toEqual(new Map([['once', 1]]));
    await put({ refundedMinor: 50_00, cancelled: true });
    expect(await rewards.lastRow()).toMatchObject({ state: 'captured' });
    expect(await shown()).toEqual(new Map());
    expect(await redeemAgain()).toMatchObject({ ok: true });
  });

  it('that was refunded in part before we heard of it spends the rest', async () => {
    const { code } = await rewards.redeemed('amount-500', 500);
    await rewards.shop.putOrder({ orderId: rewards.orderId, customerId: rewards.customerId, code, refundedMinor: 40_00 });
    await rewards.shop.award();
    expect(await rewards.shop.balance(rewards.customerId)).toEqual({ customer: 200, reserved: 0, redeemed: 300 });
  });

  it('and is not paid yet holds the points until it is', async () => {
    const { code } = await rewards.redeemed('amount-500', 500);
    await rewards.shop.putOrder({ orderId: rewards.orderId, customerId: rewards.customerId, code, status: 'PENDING' });
    await rewards.shop.award();
    expect(await rewards.shop.balance(rewards.customerId)).toEqual({ customer: 0, reserved: 500, redeemed: 0 });
    rewards.shop.passMs(60 * DAY_MS);
    await rewards.shop.advance();
    await rewards.shop.advanceUntilSettled(rewards.shop.now().getTime() + DAY_MS);
    expect(await rewards.lastRow()).toMatchObject({ state: 'releasing' });
    await rewards.shop.putOrder({ orderId: rewards.orderId, customerId: rewards.customerId, code });
    await rewards.shop.award();
    expect(await rewards.lastRow()).toMatchObject({ state: 'captured' });
  });

  it('and falls through gives the points back, once nobody can use the code', async () => {
    const { code } = await rewards.redeemed('amount-500', 500);
    await rewards.shop.putOrder({ orderId: rewards.orderId, customerId: rewards.customerId, code, cancelled: true });
    await rewards.shop.award();
    expect(await rewards.lastRow()).toMatchObject({ state: 'releasing' });
    // Shopify keeps the real time: what was switched off in it a moment ago is waited for by ours.
    await rewards.shop.advanceUntilSettled();
    expect(await rewards.lastRow()).toMatchObject({ state: 'released', last_error: 'order-cancelled' });
    expect(rewards.shop.shopify.findCode(code)?.discount.status).toBe('EXPIRED');
    expect(await rewards.shop.balance(rewards.customerId)).toEqual({ customer: 500, reserved: 0, redeemed: 0 });
  });

  it('counts for a merged member’s redemption too, and what comes back goes to who stayed', async () => {
    const { code } = await rewards.redeemed('amount-500', 500);
    const stayed = rewards.customerId + 500_000;
    await rewards.shop.give(stayed, 10);
    const { mergeMembers } = await import('#app/services/loyalty/merge-members.server.ts');
    const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
    await withTenantConnection(rewards.shop.context.pool, rewards.shop.context.shop, (connection) =>
      mergeMembers(rewards.shop.context, connection, { fromId: BigInt(rewards.customerId), toId: BigInt(stayed) }),
    );
    await rewards.shop.putOrder({ orderId: rewards.orderId, customerId: stayed, code });
    await rewards.shop.award();
    expect(await rewards.lastRow()).toMatchObject({ state: 'captured' });
    await rewards.shop.putOrder({ orderId: rewards.orderId, customerId: stayed, code, refundedMinor: 50_00 });
    await rewards.shop.award();
    expect(await rewards.shop.balance(stayed)).toMatchObject({ customer: 260 });
  });
});

describe('a second order with the same code, as Shopify never should let happen,', () => {
  it('gives nothing back of what was spent on the first', async () => {
    const { shop, customerId, orderId } = rewards;
    const { code } = await rewards.redeemed('amount-500', 500);
    await shop.putOrder({ orderId, customerId, code });
    await shop.award();
    await shop.putOrder({ orderId: orderId + 1, customerId, code, cancelled: true });
    await shop.award();
    expect(await rewards.lastRow()).toMatchObject({ state: 'captured', captured_order_id: String(orderId) });
    expect(await shop.balance(customerId)).toEqual({ customer: 0, reserved: 0, redeemed: 500 });
  });

  it('takes the points from nobody while the first may still be paid', async () => {
    const { shop, customerId, orderId } = rewards;
    const { code } = await rewards.redeemed('amount-500', 500);
    await shop.putOrder({ orderId, customerId, code, status: 'PENDING' });
    await shop.award();
    await shop.putOrder({ orderId: orderId + 1, customerId, code, cancelled: true });
    await shop.award();
    expect(await rewards.lastRow()).toMatchObject({ state: 'issued', captured_order_id: String(orderId) });
  });
});

describe('a wish that two workers have in hand', () => {
  async function wished(rewardId: string): Promise<Redemption> {
    const { shop, customerId } = rewards;
    const { loadRedemption } = await import('#app/adapters/db/loyalty/redemptions.repository.server.ts');
    await shop.give(customerId, 500);
    const answer = await shop.redeem({ customerId: BigInt(customerId), rewardId });
    const redemption = answer.ok ? await shop.context.inShop((db) => loadRedemption(db, shop.context.shop, answer.value.redemptionId)) : null;
    if (redemption === null) throw new Error('nothing was reserved');
    return redemption;
  }

  it('is sent by one of them', async () => {
    const { issueRedemption } = await import('#app/services/loyalty/issue-redemption.server.ts');
    const seen = await wished('credit');
    await Promise.all([1, 2, 3].map(() => issueRedemption(rewards.shop.context, seen)));
    expect(rewards.wire.arrivedOf('CreditStoreCredit')).toBe(1);
    expect(await rewards.lastRow()).toMatchObject({ state: 'captured', attempts: 1 });
  });

  it('is not taken for unsent by the one who saw it before it was sent', async () => {
    const { issueRedemption } = await import('#app/services/loyalty/issue-redemption.server.ts');
    const seen = await wished('amount-500');
    await rewards.shop.owner.query('UPDATE loyalty_redemptions SET attempts = 1');
    // Too late to send it: whoever knows that it was sent asks Shopify whether somebody has used it.
    rewards.shop.passMs(40 * DAY_MS);
    await issueRedemption(rewards.shop.context, seen);
    expect(await rewards.lastRow()).toMatchObject({ state: 'reserved', attempts: 1 });
    expect(await rewards.shop.balance(rewards.customerId)).toMatchObject({ customer: 0, reserved: 500 });
  });
});

describe('a code that nobody used in time', () => {
  it('is switched off, and the points come back after Shopify must have counted', async () => {
    const { code } = await rewards.redeemed('amount-500', 500);
    const { expires_at: endsAt } = (await rewards.shop.owner.query<{ expires_at: Date }>('SELECT expires_at FROM loyalty_redemptions')).rows[0] ?? {};
    rewards.shop.setClock(new Date((endsAt?.getTime() ?? 0) + 9 * MINUTE_MS));
    await rewards.shop.advance();
    expect(await rewards.lastRow()).toMatchObject({ state: 'issued' });
    await rewards.shop.advanceUntilSettled();
    expect(await rewards.lastRow()).toMatchObject({ state: 'released', last_error: 'not-used-in-time' });
    expect(rewards.shop.shopify.findCode(code)?.discount.status).toBe('EXPIRED');
    expect(await rewards.shop.balance(rewards.customerId)).toEqual({ customer: 500, reserved: 0, redeemed: 0 });
  });

  it('of somebody who was forgotten since leaves no points to nobody', async () => {
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    const { passTime } = await import('#app/services/loyalty/pass-time.server.ts');
    const { shop, customerId } = rewards;
    await rewards.redeemed('amount-500', 500);
    const { member_id: memberId } = await rewards.lastRow();
    await redactCustomer(shop.context, { customerId: BigInt(customerId), orderIds: [] });
    while ((await passTime(shop.context)) === 'more');
    shop.passMs(32 * DAY_MS);
    await shop.advanceUntilSettled();
    expect(await rewards.lastRow()).toMatchObject({ state: 'released' });
    while ((await passTime(shop.context)) === 'more');
    const { rows } = await shop.owner.query('SELECT balance_points, reserved_points FROM loyalty_members WHERE member_id = $1', [memberId]);
    expect(rows).toEqual([{ balance_points: 0, reserved_points: 0 }]);
  });

  it('but Shopify counts a use of is waited for, and spent in the end without its order', async () => {
    const { code } = await rewards.redeemed('amount-500', 500);
    const found = rewards.shop.shopify.findCode(code);
    if (!found) throw new Error('no code');
    rewards.shop.shopify.save('discount', { ...found.discount, codes: found.discount.codes.map((one) => ({ ...one, asyncUsageCount: 1 })) });
    await rewards.shop.owner.query("UPDATE loyalty_redemptions SET state = 'releasing', not_before = now() - interval '1 minute'");
    await rewards.shop.advanceUntilSettled(rewards.shop.now().getTime() + 2 * DAY_MS);
    expect(await rewards.lastRow()).toMatchObject({ state: 'releasing' });
    expect(await rewards.shop.balance(rewards.customerId)).toMatchObject({ customer: 0, reserved: 500 });
    await rewards.shop.advanceUntilSettled();
    expect(await rewards.lastRow()).toMatchObject({ state: 'captured', captured_order_id: null });
  });

  it('and is used after all, as Shopify never should let happen, takes the points again', async () => {
    const { code } = await rewards.redeemed('amount-500', 500);
    rewards.shop.passMs(32 * DAY_MS);
    await rewards.shop.advanceUntilSettled();
    expect(await rewards.shop.balance(rewards.customerId)).toMatchObject({ customer: 500 });
    for (let time = 0; time < 2; time += 1) {
      await rewards.shop.putOrder({ orderId: rewards.orderId, customerId: rewards.customerId, code });
      await rewards.shop.award();
      expect(await rewards.shop.balance(rewards.customerId)).toMatchObject({ customer: 0 });
    }
  });
});

async function tidy(): Promise<string> {
  const { tidyDiscounts } = await import('#app/services/operations/tidy-discounts.server.ts');
  return tidyDiscounts(rewards.shop.context);
}

const isInShopify = (code: string): boolean => rewards.shop.shopify.findCode(code) !== undefined;

async function marks(): Promise<{ wasAsked: boolean; isTidied: boolean }> {
  const row = await rewards.lastRow();
  return { wasAsked: row['deletion_asked_at'] !== null, isTidied: row['tidied_at'] !== null };
}

/** Nobody used it in time, and that was `daysAgo`. */
async function endedUnused(rewardId: string, daysAgo: number): Promise<string> {
  const { code } = await rewards.redeemed(rewardId);
  await rewards.shop.advanceUntilSettled();
  expect(await rewards.lastRow()).toMatchObject({ state: 'released' });
  rewards.shop.passMs(daysAgo * DAY_MS);
  return code;
}

describe('discounts of points that came back', () => {
  it.each(['amount-500', 'shipping'])('leave the merchant’s list a month after nobody used them: %s', async (rewardId) => {
    const code = await endedUnused(rewardId, 29);
    expect([await tidy(), isInShopify(code), await marks()]).toEqual(['done', true, { wasAsked: false, isTidied: false }]);
    rewards.shop.passMs(2 * DAY_MS);
    expect([await tidy(), isInShopify(code), await marks()]).toEqual(['done', false, { wasAsked: true, isTidied: true }]);
    expect(await rewards.shop.balance(rewards.customerId)).toMatchObject({ customer: 1_000, reserved: 0 });
    await tidy();
    expect(rewards.wire.arrivedOf('DeleteCodeDiscount')).toBe(1);
  });

  it('stay where they can be used, or it is not known yet whether they were', async () => {
    const { code } = await rewards.redeemed('amount-500');
    for (const state of ['issued', 'releasing', 'captured']) {
      await rewards.shop.owner.query("UPDATE loyalty_redemptions SET state = $1, settled_at = now() - interval '90 days'", [state]);
      rewards.shop.passMs(90 * DAY_MS);
      expect([await tidy(), isInShopify(code), await marks()]).toEqual(['done', true, { wasAsked: false, isTidied: false }]);
    }
  });

  it('stay when somebody used them, by whatever Shopify counts, and when the merchant made them theirs', async () => {
    const changes = [
      { asyncUsageCount: 1 },
      { title: 'For a good customer' },
      { endsAt: new Date(Date.now() + 400 * DAY_MS).toISOString() },
      { endsAt: null },
    ];
    for (const { asyncUsageCount = 0, ...change } of changes) {
      const code = await endedUnused('percent', 31);
      const discount = rewards.shop.shopify.findCode(code)?.discount;
      if (discount === undefined) throw new Error('no discount');
      rewards.shop.shopify.save('discount', { ...discount, codes: discount.codes.map((one) => ({ ...one, asyncUsageCount })), ...change });
      expect([await tidy(), isInShopify(code), await marks()]).toEqual(['done', true, { wasAsked: false, isTidied: true }]);
    }
    expect(rewards.wire.arrivedOf('DeleteCodeDiscount')).toBe(0);
  });

  it('are found by their code where Shopify never said that it made them', async () => {
    const code = await endedUnused('amount-500', 31);
    await rewards.shop.owner.query('UPDATE loyalty_redemptions SET discount_gid = NULL');
    expect([await tidy(), isInShopify(code)]).toEqual(['done', false]);
  });

  it('are gone once, whatever became of the request and its answer', async () => {
    for (const fault of ['request-lost', 'answer-lost', 'error-after'] as const) {
      const code = await endedUnused('amount-500', 31);
      rewards.wire.reset();
      rewards.wire.plan('DeleteCodeDiscount', [fault]);
      expect([await tidy(), await marks()]).toEqual(['unavailable', { wasAsked: true, isTidied: false }]);
      expect([await tidy(), isInShopify(code), await marks()]).toEqual(['done', false, { wasAsked: true, isTidied: true }]);
      expect(rewards.wire.arrivedOf('DeleteCodeDiscount')).toBe(1);
    }
  });

  it('that the merchant deleted are done with', async () => {
    const code = await endedUnused('amount-500', 31);
    const discount = rewards.shop.shopify.findCode(code)?.discount;
    if (discount) rewards.shop.shopify.save('discount', { ...discount, deletedAt: new Date().toISOString() });
    expect([await tidy(), await marks()]).toEqual(['done', { wasAsked: false, isTidied: true }]);
  });
});
