import { describe, expect, it } from 'vitest';

import { DAY_MS, MINUTE_MS, useRewards } from '#test/services/loyalty/rewards-under-test.ts';
import { holdShopRow, whileHeld } from '#test/support/while-held.ts';

const rewards = useRewards();

function creditsOf(customer: number): number[] {
  return (rewards.shop.shopify.customers.get(customer)?.storeCredit ?? []).flatMap(({ credits }) => credits.map(({ amountMinor }) => amountMinor));
}

describe('points that are redeemed', () => {
  it('become a discount for this customer alone, used once', async () => {
    const { code } = await rewards.redeemed('amount-500');
    expect(await rewards.lastRow()).toMatchObject({ state: 'issued', attempts: 1, last_error: null });
    const found = rewards.shop.shopify.findCode(code)?.discount;
    expect(found).toMatchObject({
      amount: { amountMinor: 5_00, currency: 'EUR' },
      percentage: null,
      customerIds: [rewards.customerId],
      usageLimit: 1,
      appliesOncePerCustomer: true,
      combinesWith: { orderDiscounts: false, productDiscounts: true, shippingDiscounts: true },
    });
    const inShop = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'medium' });
    expect(inShop.format(new Date(found?.endsAt ?? ''))).toBe('23:59:59');
    expect(await rewards.shop.balance(rewards.customerId)).toEqual({ customer: 500, reserved: 500, redeemed: 0 });
  });

  it('are as many as the member likes, in whole steps', async () => {
    await rewards.shop.give(rewards.customerId, 1_000);
    const wrong = await rewards.shop.redeem({ customerId: BigInt(rewards.customerId), rewardId: 'any-amount', points: 250 });
    expect(wrong).toMatchObject({ ok: false, reason: 'wrong-points', leastPoints: 100, stepPoints: 100 });
    const right = await rewards.shop.redeem({ customerId: BigInt(rewards.customerId), rewardId: 'any-amount', points: 700 });
    expect(right).toMatchObject({ ok: true, value: { points: 700, worth: { amountMinor: 7_00, currency: 'EUR' } } });
  });

  it('can be a percentage, free shipping, and one piece of a product', async () => {
    const percent = await rewards.redeemed('percent');
    expect(rewards.shop.shopify.findCode(percent.code)?.discount).toMatchObject({ percentage: 0.125, minimumSubtotal: { amountMinor: 20_00 } });
    const shipping = await rewards.redeemed('shipping');
    expect(rewards.shop.shopify.findCode(shipping.code)?.discount).toMatchObject({
      isFreeShipping: true,
      percentage: null,
      amount: null,
      combinesWith: { productDiscounts: true, shippingDiscounts: false },
    });
    const product = await rewards.redeemed('product');
    const price = [...rewards.shop.shopify.products.values()].flatMap(({ variants }) => variants).find(({ id }) => id === rewards.variantId)?.priceMinor;
    expect(rewards.shop.shopify.findCode(product.code)?.discount).toMatchObject({ variantIds: [rewards.variantId], amount: { amountMinor: price } });
  });

  it('are refused to strangers, to those who are left out, to those with too few, and once the limit is reached', async () => {
    const asks = (rewardId = 'amount-500') => rewards.shop.redeem({ customerId: BigInt(rewards.customerId), rewardId });
    expect(await asks()).toEqual({ ok: false, reason: 'no-member' });
    await rewards.shop.give(rewards.customerId, 499);
    expect(await asks()).toEqual({ ok: false, reason: 'insufficient-points', availablePoints: 499 });
    expect(await asks('gone')).toEqual({ ok: false, reason: 'not-offered' });
    expect(await asks('once')).toMatchObject({ ok: true });
    expect(await asks('once')).toEqual({ ok: false, reason: 'limit-reached', limit: 1 });
    await rewards.shop.owner.query('UPDATE loyalty_members SET is_excluded = true WHERE customer_id = $1', [rewards.customerId]);
    expect(await asks('percent')).toEqual({ ok: false, reason: 'excluded' });
  });

  it('stay where they are when the row of their redemption cannot be written', async () => {
    const { owner } = rewards.shop;
    await rewards.shop.give(rewards.customerId, 1_000);
    const before = await rewards.shop.balance(rewards.customerId);
    await owner.query("CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = 'disk_full'; END $$");
    await owner.query('CREATE TRIGGER refuses_row BEFORE INSERT ON loyalty_redemptions FOR EACH ROW EXECUTE FUNCTION refuse_row()');
    try {
      await expect(rewards.shop.redeem({ customerId: BigInt(rewards.customerId) })).rejects.toThrow('the disk is full');
    } finally {
      await owner.query('DROP FUNCTION refuse_row CASCADE');
    }
    expect(await rewards.shop.balance(rewards.customerId)).toEqual(before);
    expect(await rewards.shop.redeem({ customerId: BigInt(rewards.customerId) })).toMatchObject({ ok: true });
  });

  it('go on while the program is paused or winds down, and not when it is off', async () => {
    await rewards.shop.give(rewards.customerId, 5_000);
    const asks = () => rewards.shop.redeem({ customerId: BigInt(rewards.customerId) });
    const today = Math.floor(rewards.shop.now().getTime() / DAY_MS);
    await rewards.shop.saveProgram(rewards.theProgram({ status: { kind: 'paused' } }));
    expect(await asks()).toMatchObject({ ok: true });
    await rewards.shop.saveProgram(rewards.theProgram({ status: { kind: 'winding-down', lastRedemptionDay: today + 2 } }));
    expect(await asks()).toMatchObject({ ok: true });
    await rewards.shop.saveProgram(rewards.theProgram({ status: { kind: 'off' } }));
    expect(await asks()).toEqual({ ok: false, reason: 'program-closed' });
    await rewards.shop.saveProgram(rewards.theProgram());
  });

  it('are there for thirty days after the expiry was made shorter, whenever the worker comes', async () => {
    rewards.shop.passMs(-200 * DAY_MS);
    await rewards.shop.give(rewards.customerId, 500);
    rewards.shop.passMs(200 * DAY_MS);
    await rewards.shop.saveProgram(rewards.theProgram({ expiry: { kind: 'inactivity', months: 3, noticeDays: [] } }));
    expect(await rewards.shop.redeem({ customerId: BigInt(rewards.customerId) })).toMatchObject({ ok: true });
    await rewards.shop.saveProgram(rewards.theProgram());
  });

  it('are put aside for all who ask at once, each by what is left of theirs', async () => {
    const { shop, customerId } = rewards;
    await shop.give(customerId, 1_200);
    const [other] = [...shop.shopify.customers.keys()].slice(-1);
    await shop.give(other ?? 0, 500);
    const asks = [customerId, customerId, other ?? 0, customerId, 12].map((id) => shop.redeem({ customerId: BigInt(id) }));
    const answers = await Promise.all(asks);
    expect(answers.map((answer) => (answer.ok ? answer.value.points : answer.reason))).toEqual([500, 500, 500, 'insufficient-points', 'no-member']);
    expect(await shop.redemptions()).toHaveLength(3);
    expect(await shop.balance(customerId)).toMatchObject({ customer: 200, reserved: 1_000 });
  });

  it('are put aside once a reward that has a limit, though all ask at once', async () => {
    const { shop, customerId } = rewards;
    await shop.give(customerId, 1_000);
    const answers = await Promise.all(Array.from({ length: 4 }, () => shop.redeem({ customerId: BigInt(customerId), rewardId: 'once' })));
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, false, false]);
  });

  it('count towards a limit for their member alone, and no more once they came back', async () => {
    const { shop, customerId } = rewards;
    const stranger = 999_997;
    for (const id of [customerId, stranger]) {
      await shop.give(id, 300);
      expect(await shop.redeem({ customerId: BigInt(id), rewardId: 'once' })).toMatchObject({ ok: true });
    }
    // Shopify knows no such customer.
    await shop.advance();
    expect((await shop.redemptions()).map(({ state }) => state).toSorted()).toEqual(['issued', 'released']);
    expect(await shop.redeem({ customerId: BigInt(stranger), rewardId: 'once' })).toMatchObject({ ok: true });
    expect(await shop.redeem({ customerId: BigInt(customerId), rewardId: 'once' })).toMatchObject({ ok: false, reason: 'limit-reached' });
  });

  it('are put aside once for the same request, and a changed one is refused', async () => {
    await rewards.shop.give(rewards.customerId, 2_000);
    const input = { customerId: BigInt(rewards.customerId), requestKey: 'my wish' };
    const first = await rewards.shop.redeem(input);
    await rewards.shop.advance();
    const again = await rewards.shop.redeem(input);
    expect(first.ok).toBe(true);
    expect(again).toEqual(first);
    expect(await rewards.shop.redeem({ ...input, rewardId: 'percent' })).toEqual({ ok: false, reason: 'request-changed' });
    for (const other of [{ customerId: 1n }, { points: 500 }, { currency: 'EUR' }]) {
      expect(await rewards.shop.redeem({ ...input, ...other })).toEqual({ ok: false, reason: 'request-changed' });
    }
    expect(await rewards.shop.redemptions()).toHaveLength(1);
  });
});

describe('a reward that Shopify does not take', () => {
  it('gives the points back at once when its terms are refused', async () => {
    const stranger = 999_999;
    await rewards.shop.give(stranger, 500);
    await rewards.shop.redeem({ customerId: BigInt(stranger) });
    await rewards.shop.advance();
    expect(await rewards.lastRow()).toMatchObject({ state: 'released', last_error: 'refused INVALID' });
    expect(await rewards.shop.balance(stranger)).toEqual({ customer: 500, reserved: 0, redeemed: 0 });
  });

  it.each(['request-lost', 'answer-lost', 'error-before', 'error-after'] as const)('is looked up before it is sent again: %s', async (fault) => {
    rewards.wire.plan('CreateCodeDiscount', [fault]);
    await rewards.redeemed('amount-500');
    expect(await rewards.lastRow()).toMatchObject({ state: 'reserved', last_error: 'unavailable' });
    await rewards.shop.advanceUntilSettled(rewards.shop.now().getTime() + DAY_MS);
    expect(await rewards.lastRow()).toMatchObject({ state: 'issued' });
    expect(rewards.wire.arrivedOf('CreateCodeDiscount')).toBe(1);
  });

  it('is given up after eight sendings', async () => {
    rewards.wire.plan('CreateCodeDiscount', Array<'error-before'>(20).fill('error-before'));
    await rewards.redeemed('amount-500', 500);
    await rewards.shop.advanceUntilSettled();
    expect(await rewards.lastRow()).toMatchObject({ state: 'released', attempts: 8, last_error: 'attempts' });
    expect(await rewards.shop.balance(rewards.customerId)).toEqual({ customer: 500, reserved: 0, redeemed: 0 });
  });
});

describe('store credit', () => {
  it('is given once, and spends the points', async () => {
    await rewards.redeemed('credit', 500);
    expect(creditsOf(rewards.customerId)).toEqual([5_00]);
    expect(await rewards.lastRow()).toMatchObject({ state: 'captured', code: null });
    expect(await rewards.shop.balance(rewards.customerId)).toEqual({ customer: 0, reserved: 0, redeemed: 500 });
  });

  it.each(['request-lost', 'answer-lost', 'error-before', 'error-after'] as const)('is looked for in the account before it is sent again: %s', async (fault) => {
    rewards.wire.plan('CreditStoreCredit', [fault]);
    await rewards.redeemed('credit', 500);
    expect(await rewards.lastRow()).toMatchObject({ state: 'reserved', attempts: 1 });
    await rewards.shop.advanceUntilSettled();
    expect(creditsOf(rewards.customerId)).toEqual([5_00]);
    expect(await rewards.lastRow()).toMatchObject({ state: 'captured' });
    expect(rewards.wire.arrivedOf('CreditStoreCredit')).toBe(1);
  });

  it('is found although Shopify’s clock is behind ours', async () => {
    rewards.wire.plan('CreditStoreCredit', ['answer-lost']);
    rewards.shop.passMs(4 * MINUTE_MS);
    await rewards.redeemed('credit', 500);
    await rewards.shop.advanceUntilSettled();
    expect(creditsOf(rewards.customerId)).toEqual([5_00]);
    expect(await rewards.lastRow()).toMatchObject({ state: 'captured' });
  });

  it('of two wishes with lost answers is given twice', async () => {
    await rewards.shop.give(rewards.customerId, 1_000);
    for (const requestKey of ['a', 'b']) await rewards.shop.redeem({ customerId: BigInt(rewards.customerId), rewardId: 'credit', requestKey: `${rewards.customerId}${requestKey}` });
    rewards.wire.plan('CreditStoreCredit', ['answer-lost', 'request-lost']);
    await rewards.shop.advanceUntilSettled();
    expect(creditsOf(rewards.customerId)).toEqual([5_00, 5_00]);
    expect((await rewards.shop.redemptions()).map(({ state }) => state)).toEqual(['captured', 'captured']);
    expect(await rewards.shop.balance(rewards.customerId)).toEqual({ customer: 0, reserved: 0, redeemed: 1_000 });
  });

  describe('whose answer was lost, while somebody else takes what it finds for theirs', () => {
    /** A wish and an order's offer of the same customer and amount; of the wish the answer was lost, of the other the request. */
    async function twoUnknown(): Promise<string> {
      const { customerId, orderId, shop, wire } = rewards;
      const { shopId } = shop.context.shop;
      wire.plan('CreditStoreCredit', ['answer-lost']);
      await rewards.redeemed('credit', 500);
      await shop.putOrder({ orderId, customerId });
      await shop.owner.query('DELETE FROM offer_credits');
      await shop.owner.query(
        `INSERT INTO offer_credits (shop_id, order_id, rule_id, amount_minor, currency, ends_at, state, attempts, not_before, intended_at)
         VALUES ($1, $2, gen_random_uuid(), 500, 'EUR', $4, 'intended', 1, $3, $3)`,
        [shopId, orderId, shop.now(), new Date(shop.now().getTime() + 30 * DAY_MS)],
      );
      shop.passMs(3 * MINUTE_MS);
      const [account] = shop.shopify.customers.get(customerId)?.storeCredit ?? [];
      return `gid://shopify/StoreCreditAccountCreditTransaction/${account?.credits[0]?.id}`;
    }

    const credited = async () =>
      (await rewards.shop.owner.query('SELECT transaction_gid AS gid FROM offer_credits UNION ALL SELECT discount_gid FROM loyalty_redemptions')).rows.map(({ gid }) => gid);

    async function giveCredits(): Promise<void> {
      const { giveOfferCredits } = await import('#app/services/offers/give-offer-credits.server.ts');
      await giveOfferCredits(rewards.shop.context);
    }

    it('leaves it to an order’s offer, and is given on its own', async () => {
      const { shop, customerId } = rewards;
      const gid = await twoUnknown();
      await whileHeld(shop.app.ownerUrl, {
        hold: async (holder) => {
          await holdShopRow(holder, shop.context.shop);
          await holder.query("UPDATE offer_credits SET state = 'given', transaction_gid = $1", [gid]);
        },
        work: () => shop.advance(),
      });
      expect(await rewards.lastRow()).toMatchObject({ state: 'reserved', last_error: 'credit-taken' });
      await shop.advanceUntilSettled();
      expect(await rewards.lastRow()).toMatchObject({ state: 'captured' });
      expect(creditsOf(customerId)).toEqual([5_00, 5_00]);
      expect(new Set(await credited()).size).toBe(2);
    });

    it('leaves it to a reward, and the order’s credit is given on its own', async () => {
      const { shop, customerId } = rewards;
      const gid = await twoUnknown();
      await whileHeld(shop.app.ownerUrl, {
        hold: async (holder) => {
          await holdShopRow(holder, shop.context.shop);
          await holder.query("UPDATE loyalty_redemptions SET state = 'captured', discount_gid = $1, not_before = NULL", [gid]);
        },
        work: giveCredits,
      });
      expect((await shop.owner.query('SELECT state, last_error FROM offer_credits')).rows).toEqual([{ state: 'intended', last_error: 'credit-taken' }]);
      shop.passMs(3 * MINUTE_MS);
      await giveCredits();
      expect((await shop.owner.query('SELECT state FROM offer_credits')).rows).toEqual([{ state: 'given' }]);
      expect(creditsOf(customerId)).toEqual([5_00, 5_00]);
      expect(new Set(await credited()).size).toBe(2);
    });
  });

  it('that Shopify refuses gives the points back', async () => {
    const stranger = 999_998;
    await rewards.shop.give(stranger, 500);
    await rewards.shop.redeem({ customerId: BigInt(stranger), rewardId: 'credit' });
    await rewards.shop.advance();
    expect(await rewards.lastRow()).toMatchObject({ state: 'released', last_error: 'refused OWNER_NOT_FOUND' });
  });
});

describe('the list of a member’s redemptions', () => {
  it('has the state of each, the newest first, with those of who went up in the member', async () => {
    await rewards.redeemed('amount-500', 1_500);
    rewards.shop.passMs(1_000);
    await rewards.shop.redeem({ customerId: BigInt(rewards.customerId), rewardId: 'percent' });
    const { listRedemptions } = await import('#app/services/loyalty/list-redemptions.server.ts');
    const listed = await listRedemptions(rewards.shop.context, { customerId: BigInt(rewards.customerId) });
    expect(listed.map(({ rewardId, state, code }) => [rewardId, state, code === null])).toEqual([
      ['percent', 'reserved', true],
      ['amount-500', 'issued', false],
    ]);
  });
});
