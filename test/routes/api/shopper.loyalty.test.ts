import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Program } from '#app/domain/loyalty/program/program.ts';
import { followUpsDone } from '#app/services/follow-ups.server.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { daysAgo, openShopperShop, OTHER_DOMAIN, type Reply, type ShopperShop } from './shopper-shop.ts';

const ANNA = 4001;
const BEN = 4002;

let shop: ShopperShop;

beforeAll(async () => {
  shop = await openShopperShop();
});
beforeEach(() => shop.reset());
afterAll(() => shop.stop());

async function loyaltyOf(customerId: number, query = ''): Promise<Record<string, unknown>> {
  const { status, body } = await shop.ask(`/api/shopper/loyalty${query}`, { as: customerId });
  expect(status).toBe(200);
  return body as Record<string, unknown>;
}

const TIERS: NonNullable<Program['tiers']> = {
  basis: 'spend',
  window: 'lifetime',
  graceDays: 30,
  levels: [
    { id: 'a', name: 'Bronze', threshold: 0, factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null },
    { id: 'b', name: 'Silver', threshold: 10_000, factorBasisPoints: 20_000, entryPoints: 50, hasFreeShipping: true, tag: 'silver' },
    { id: 'c', name: 'Gold', threshold: 40_000, factorBasisPoints: 30_000, entryPoints: null, hasFreeShipping: false, tag: null },
  ],
};

describe('what a customer has', () => {
  it('is nothing, with all there is to earn, for whoever is no member yet; only that they were seen is written, once', async () => {
    await shop.saveProgram(aProgram({ earning: { welcomePoints: 100, birthdayPoints: 200, firstOrderPoints: 50 } }));
    expect(await loyaltyOf(ANNA)).toEqual({
      state: 'on',
      program: { status: 'live', lastRedemptionDay: null },
      balance: { points: 0, pendingPoints: 0, nextSpendable: null, nextExpiry: null },
      tier: null,
      rewards: expect.arrayContaining([expect.objectContaining({ rewardId: 'amount-500', leastPoints: 500, mostPoints: 0, shortfallPoints: 500, isWithinReach: false })]),
      redemptions: [],
      waysToEarn: [
        { kind: 'order', points: 5, per: { amountMinor: 100, currency: 'EUR', decimals: 2 }, tierFactorBasisPoints: null },
        { kind: 'welcome', points: 100, isDone: false, isComing: true },
        { kind: 'first-order', points: 50, isDone: false },
        { kind: 'birthday', points: 200 },
      ],
      birthday: { points: 200, day: null, canSet: true },
      texts: {},
    });
    const members = async () => {
      await followUpsDone();
      return (await shop.owner.query('SELECT customer_id, claimed_at, last_sequence FROM loyalty_members')).rows;
    };
    const seen = await members();
    expect(seen).toEqual([{ customer_id: String(ANNA), claimed_at: expect.any(Date), last_sequence: 0 }]);
    await loyaltyOf(ANNA);
    await shop.saveProgram(aProgram({ earning: { welcomePoints: null } }), 90);
    await loyaltyOf(BEN);
    expect(await members()).toEqual(seen);
  });

  it('is pending until the return window is over, and then is to be spent, before the worker comes as well', async () => {
    await shop.saveProgram(aProgram({ earning: { pendingDays: 14 } }));
    await shop.putOrder({ orderId: 1, customerId: ANNA, processedAt: daysAgo(3), lines: [{ lineId: 11, totalMinor: 4000 }] });
    await shop.putOrder({ orderId: 2, customerId: ANNA, processedAt: daysAgo(1), lines: [{ lineId: 21, totalMinor: 1000 }] });
    await shop.award();
    expect(await loyaltyOf(ANNA)).toMatchObject({
      balance: { points: 0, pendingPoints: 250, nextSpendable: { points: 200, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT2[23]:00:00Z$/) }, nextExpiry: null },
    });
    // As if the window had ended and nobody had come since.
    await shop.owner.query('SET session_replication_role = replica');
    await shop.owner.query("UPDATE loyalty_postings SET matures_at = matures_at - interval '20 days' WHERE lot_order_id = 1");
    await shop.owner.query('SET session_replication_role = origin');
    expect(await loyaltyOf(ANNA)).toMatchObject({ balance: { points: 200, pendingPoints: 50, nextExpiry: { points: 200, day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) } } });
  });

  it('says how far the next tier is, and until when the present one is kept', async () => {
    await shop.saveProgram(aProgram({ tiers: { ...TIERS, window: 'rolling-year' } }));
    await shop.putOrder({ orderId: 1, customerId: ANNA, processedAt: daysAgo(2), lines: [{ lineId: 11, totalMinor: 4000 }] });
    await shop.award();
    expect(await loyaltyOf(ANNA)).toMatchObject({
      tier: {
        name: 'Bronze',
        keptUntil: null,
        next: { name: 'Silver', missing: { kind: 'spend', amount: { amountMinor: 6000, currency: 'EUR', decimals: 2 } }, progressBasisPoints: 4000 },
        perks: [],
      },
    });
    await shop.putOrder({ orderId: 2, customerId: ANNA, processedAt: daysAgo(1), lines: [{ lineId: 21, totalMinor: 8000 }] });
    await shop.award();
    const { tier, waysToEarn } = await loyaltyOf(ANNA);
    expect(tier).toEqual({
      name: 'Silver',
      keptUntil: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      next: { name: 'Gold', missing: { kind: 'spend', amount: { amountMinor: 28_000, currency: 'EUR', decimals: 2 } }, progressBasisPoints: 3000 },
      perks: [{ kind: 'multiplier', factorBasisPoints: 20_000 }, { kind: 'entry-points', points: 50 }, { kind: 'early-access' }],
    });
    expect(waysToEarn).toEqual([expect.objectContaining({ kind: 'order', tierFactorBasisPoints: 20_000 })]);
  });

  it.each([
    ['that is in force', {}, true],
    ['that the merchant ended', { phase: 'by-hand' }, false],
    ['that has run out', { endsAtMs: Date.now() - 1 }, false],
    ['of other tiers', { tierIds: ['c'] }, false],
  ])('has the free shipping of a tier with a discount %s', async (_what, change, isTold) => {
    await shop.saveProgram(aProgram({ tiers: TIERS }));
    await shop.putOrder({ orderId: 1, customerId: ANNA, processedAt: daysAgo(2), lines: [{ lineId: 11, totalMinor: 12_000 }] });
    await shop.award();
    const state = {
      ...{ phase: 'in-force', query: '', segmentGid: 'gid://shopify/Segment/1', discountGid: 'gid://shopify/DiscountAutomaticNode/1' },
      ...{ endsAtMs: Date.now() + 1_000_000, tierIds: ['b'], trouble: null, lookAtMs: 0, ...change },
    };
    await shop.owner.query(
      `INSERT INTO loyalty_tracing (shop_id, seen_until, sweep_due_at, look_due_at, free_shipping) SELECT shop_id, now(), now(), now(), $1 FROM loyalty_progress
       ON CONFLICT (shop_id) DO UPDATE SET free_shipping = $1`,
      [JSON.stringify(state)],
    );
    const { tier } = (await loyaltyOf(ANNA)) as { tier: { name: string; perks: { kind: string }[] } };
    expect([tier.name, tier.perks.some(({ kind }) => kind === 'free-shipping')]).toEqual(['Silver', isTold]);
    await shop.owner.query('DELETE FROM loyalty_tracing');
  });

  it('is told in the currency that the shopper pays in', async () => {
    const rates = [{ currency: 'EUR', points: 5, perMinor: 100 }, { currency: 'JPY', points: 1, perMinor: 20 }];
    await shop.saveProgram(aProgram({ earning: { rates, thresholdBonuses: [{ id: 'x', currency: 'JPY', minimumMinor: 9000, points: 30 }] } }));
    expect((await loyaltyOf(ANNA, '?currency=JPY'))['waysToEarn']).toEqual([
      { kind: 'order', points: 1, per: { amountMinor: 20, currency: 'JPY', decimals: 0 }, tierFactorBasisPoints: null },
      { kind: 'threshold', points: 30, minimum: { amountMinor: 9000, currency: 'JPY', decimals: 0 } },
    ]);
    expect((await loyaltyOf(ANNA, '?currency=USD'))['waysToEarn']).toMatchObject([{ kind: 'order', points: 5, per: { currency: 'EUR' } }]);
    const perOf = async () => (await loyaltyOf(ANNA))['waysToEarn'];
    expect(await perOf()).toMatchObject([{ kind: 'order', per: { currency: 'EUR' } }]);
    for (const [orderId, days, currency] of [[1, 9, 'EUR'], [2, 3, 'JPY'], [3, 6, 'EUR']] as const) {
      await shop.putOrder({ orderId, customerId: ANNA, processedAt: daysAgo(days), lines: [{ lineId: orderId, totalMinor: 4000 }] });
      await shop.owner.query('UPDATE orders SET presentment_currency = $1 WHERE order_id = $2', [currency, orderId]);
    }
    expect(await perOf()).toMatchObject([{ kind: 'order', per: { currency: 'JPY' } }, { kind: 'threshold' }]);
    expect((await loyaltyOf(ANNA, '?currency=EUR'))['waysToEarn']).toMatchObject([{ kind: 'order', per: { currency: 'EUR' } }]);
    await shop.saveProgram(aProgram({ earning: { rates, otherCurrencies: 'nothing' } }));
    expect((await loyaltyOf(ANNA, '?currency=USD'))['waysToEarn']).toEqual([]);
  });

  it.each<[string, Program['status'], string]>([
    ['off', { kind: 'off' }, 'off'],
    ['wound down', { kind: 'winding-down', lastRedemptionDay: 20_000 }, 'off'],
    ['paused', { kind: 'paused' }, 'on'],
    ['being wound down', { kind: 'winding-down', lastRedemptionDay: 30_000 }, 'on'],
  ])('of a program that is %s', async (_name, status, state) => {
    await shop.saveProgram(aProgram({ status }));
    const told = await loyaltyOf(ANNA);
    expect(told['state']).toBe(state);
    if (state === 'on') expect([told['waysToEarn'], told['program']]).toEqual([[], { status: status.kind, lastRedemptionDay: status.kind === 'paused' ? null : '2052-02-20' }]);
  });

  it('is off without a program, in a shop that left, and for whoever the merchant leaves out', async () => {
    expect(await loyaltyOf(ANNA)).toEqual({ state: 'off' });
    await shop.saveProgram(aProgram());
    await shop.putOrder({ orderId: 1, customerId: BEN, processedAt: daysAgo(2), lines: [{ lineId: 11, totalMinor: 4000 }] });
    await shop.award();
    await shop.owner.query('UPDATE loyalty_members SET is_excluded = true');
    expect(await loyaltyOf(BEN)).toEqual({ state: 'off' });
    await shop.owner.query('UPDATE shops SET uninstalled_at = now()');
    expect(await loyaltyOf(ANNA)).toEqual({ state: 'off' });
  });

  it('takes what was saved last, and keeps apart what two shops saved', async () => {
    await shop.saveProgram(aProgram({ earning: { welcomePoints: 100 } }));
    expect((await loyaltyOf(ANNA))['waysToEarn']).toContainEqual({ kind: 'welcome', points: 100, isDone: false, isComing: true });
    await shop.saveProgram(aProgram({ earning: { welcomePoints: 300 } }));
    expect((await loyaltyOf(ANNA))['waysToEarn']).toContainEqual({ kind: 'welcome', points: 300, isDone: false, isComing: true });
    expect((await shop.ask('/api/shopper/loyalty', { as: ANNA, domain: OTHER_DOMAIN })).body).toEqual({ state: 'off' });
  });
});

describe('who may ask', () => {
  const wordOf = ({ status, body }: Reply) => [status, body];

  it('is whoever is signed in', async () => {
    expect(wordOf(await shop.ask('/api/shopper/loyalty', { as: null }))).toEqual([403, { error: 'signed-out' }]);
    expect(wordOf(await shop.ask('/api/shopper/loyalty'))).toEqual([401, { error: 'unauthorized' }]);
    expect(wordOf(await shop.ask('/api/shopper/loyalty?currency=euro', { as: ANNA }))).toEqual([400, { error: 'currency' }]);
    expect(wordOf(await shop.ask('/api/shopper/loyalty?currency=EUR&currency=USD', { as: ANNA }))).toEqual([400, { error: 'currency' }]);
  });

  it('may be on any origin, and no answer is kept', async () => {
    const preflight = await shop.ask('/api/shopper/loyalty', { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    for (const { headers } of [preflight, await shop.ask('/api/shopper/loyalty', { as: ANNA })]) {
      expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(headers.get('Cache-Control')).toBe('no-store');
    }
  });

  it('is told 503 and no more while the database does not answer', async () => {
    await shop.owner.query('ALTER TABLE loyalty_members RENAME TO members_away');
    const reply = await shop.ask('/api/shopper/loyalty', { as: ANNA }).finally(() => shop.owner.query('ALTER TABLE members_away RENAME TO loyalty_members'));
    expect(wordOf(reply)).toEqual([503, { error: 'unavailable' }]);
  });
});
