import { afterAll, beforeAll, beforeEach } from 'vitest';

import type { Program, Reward } from '#app/domain/loyalty/program/program.ts';
import { installFaultyWire } from '#test/services/offers/faulty-wire.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openRedemptionShop, type RedemptionRow, type RedemptionShop } from '#test/support/loyalty/redemption-shop.ts';

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

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

/** A shop with a reward of each kind; each test has a customer and an order number of its own. */
export class RewardsUnderTest {
  shop!: RedemptionShop;
  wire!: ReturnType<typeof installFaultyWire>;
  customerId = 0;
  orderId = 7_000;
  variantId = 0;

  theProgram(change: Partial<Program> = {}): Program {
    const program = aProgram();
    return {
      ...program,
      rewards: [
        ...program.rewards,
        reward('percent', { kind: 'percent', points: 300, percentBasisPoints: 1_250 }),
        reward('shipping', { kind: 'free-shipping', points: 200 }),
        reward('product', { kind: 'free-product', points: 400, variantId: this.variantId, title: 'A thing' }),
        reward('credit', { kind: 'store-credit', points: 500, amounts: [{ currency: 'EUR', amountMinor: 5_00 }] }),
        reward('once', { kind: 'percent', points: 100, percentBasisPoints: 500 }, { limitAMember: 1 }),
      ],
      ...change,
    };
  }

  async redeemed(rewardId: string, points = 1_000): Promise<{ code: string; redemptionId: string }> {
    const { shop, customerId } = this;
    await shop.give(customerId, points);
    const answer = await shop.redeem({ customerId: BigInt(customerId), rewardId });
    if (!answer.ok) throw new Error(answer.reason);
    await shop.advance();
    const row = (await shop.redemptions()).find(({ redemption_id: id }) => id === answer.value.redemptionId);
    return { code: row?.code ?? '', redemptionId: answer.value.redemptionId };
  }

  async lastRow(): Promise<RedemptionRow> {
    const row = (await this.shop.redemptions()).at(-1);
    if (row === undefined) throw new Error('no redemption');
    return row;
  }

  async open(): Promise<void> {
    this.shop = await openRedemptionShop();
    this.wire = installFaultyWire();
    const [product] = [...this.shop.shopify.products.values()];
    const variant = product?.variants[0];
    if (!product || !variant) throw new Error('no product');
    this.variantId = variant.id;
    await this.shop.saveProgram(this.theProgram());
  }

  async close(): Promise<void> {
    this.wire.remove();
    await this.shop.stop();
  }
}

/** Opens it around the tests of a file. */
export function useRewards(): RewardsUnderTest {
  const rewards = new RewardsUnderTest();
  let used = 0;
  beforeAll(() => rewards.open());
  afterAll(() => rewards.close());
  beforeEach(async () => {
    const { shop, wire } = rewards;
    wire.reset();
    await shop.owner.query('DELETE FROM loyalty_redemptions');
    shop.setClock(new Date());
    rewards.customerId = [...shop.shopify.customers.keys()][used] ?? 0;
    used += 1;
    rewards.orderId += 10;
  });
  return rewards;
}
