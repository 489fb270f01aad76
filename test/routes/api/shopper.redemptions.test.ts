import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { RedeemAnswer, ShopperEntries, ShopperLoyalty, ShopperRedemption } from '#app/contracts/shopper-loyalty.ts';
import type { Reward } from '#app/domain/loyalty/program/program.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { daysAgo, openShopperShop, OTHER_DOMAIN, type ShopperShop } from './shopper-shop.ts';

const ANNA = 4001;
const BEN = 4002;
const TERMS = { minimumSubtotals: [], validDays: 30, limitAMember: null, combinesWith: { order: false, product: false, shipping: false } };
const REWARDS: Reward[] = [
  { id: 'five', name: 'Five off', isOffered: true, gives: { kind: 'amount', points: 500, amounts: [{ currency: 'EUR', amountMinor: 500 }] }, ...TERMS },
  { id: 'some', name: '', isOffered: true, gives: { kind: 'any-amount', pointsAStep: 100, leastPoints: 200, mostPoints: 1000, amounts: [{ currency: 'EUR', amountMinor: 100 }] }, ...TERMS },
  { id: 'once', name: 'Once', isOffered: true, gives: { kind: 'percent', points: 100, percentBasisPoints: 1000 }, ...TERMS, limitAMember: 1, minimumSubtotals: [{ currency: 'EUR', amountMinor: 2500 }] },
  { id: 'mug', name: ' ', isOffered: true, gives: { kind: 'free-product', points: 5000, variantId: 9, title: 'Mug' }, ...TERMS },
  { id: 'gone', name: 'Gone', isOffered: false, gives: { kind: 'free-shipping', points: 100 }, ...TERMS },
];

let shop: ShopperShop;

beforeAll(async () => {
  shop = await openShopperShop();
});
beforeEach(async () => {
  await shop.reset();
  await shop.saveProgram(aProgram({ rewards: REWARDS, earning: { pendingDays: 0 } }));
  await shop.putOrder({ orderId: 1, customerId: ANNA, processedAt: daysAgo(2), lines: [{ lineId: 11, totalMinor: 20_000 }] });
  await shop.award();
});
afterAll(() => shop.stop());

const redeem = async (body: unknown, as: number = ANNA) => (await shop.ask('/api/shopper/redemptions', { as, method: 'POST', body })).body as RedeemAnswer;
const refused = (reason: string) => ({ state: 'refused', reason });

async function loyalty(): Promise<Extract<ShopperLoyalty, { state: 'on' }>> {
  const { body } = await shop.ask('/api/shopper/loyalty', { as: ANNA });
  return body as Extract<ShopperLoyalty, { state: 'on' }>;
}

describe('what points can be spent on', () => {
  it('is told with its price, its worth and what is missing', async () => {
    const usual = { hindrance: null, percentBasisPoints: null, minimumSubtotal: null, validDays: 30, stepPoints: 1 };
    expect((await loyalty()).rewards).toEqual([
      { ...usual, rewardId: 'once', name: 'Once', kind: 'percent', leastPoints: 100, mostPoints: 100, shortfallPoints: 0, isWithinReach: true, worth: null, percentBasisPoints: 1000, minimumSubtotal: { amountMinor: 2500, currency: 'EUR', decimals: 2 } },
      { ...usual, rewardId: 'some', name: '', kind: 'any-amount', leastPoints: 200, mostPoints: 1000, stepPoints: 100, shortfallPoints: 0, isWithinReach: true, worth: { amountMinor: 200, currency: 'EUR', decimals: 2 } },
      { ...usual, rewardId: 'five', name: 'Five off', kind: 'amount', leastPoints: 500, mostPoints: 500, shortfallPoints: 0, isWithinReach: true, worth: { amountMinor: 500, currency: 'EUR', decimals: 2 } },
      { ...usual, rewardId: 'mug', name: 'Mug', kind: 'free-product', leastPoints: 5000, mostPoints: 0, shortfallPoints: 4000, isWithinReach: false, worth: null },
    ]);
  });
});

describe('a redemption', () => {
  it('puts points aside once, however often the same wish is sent, and answers each alike', async () => {
    const wish = { rewardId: 'some', points: 300, requestKey: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 4 }, () => redeem(wish)));
    const [first] = answers;
    expect(first).toEqual({
      state: 'reserved',
      redemption: {
        redemptionId: expect.any(String), rewardId: 'some', name: '', kind: 'any-amount', percentBasisPoints: null, points: 300, state: 'making',
        code: null, worth: { amountMinor: 300, currency: 'EUR', decimals: 2 }, endsAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT2[12]:59:59Z$/),
      },
    });
    await shop.saveProgram(aProgram({ status: { kind: 'off' } }));
    for (const answer of [...answers, await redeem({ ...wish, requestKey: wish.requestKey.toUpperCase() })]) expect(answer).toEqual(first);
    expect(await redeem({ ...wish, points: 400 })).toEqual(refused('changed'));
    await shop.saveProgram(aProgram({ rewards: REWARDS }));
    expect((await loyalty()).balance.points).toBe(700);
  });

  it('shows its code once Shopify has it, to its customer alone', async () => {
    const answer = await redeem({ rewardId: 'five', requestKey: randomUUID() });
    const { redemptionId } = answer.state === 'reserved' ? answer.redemption : { redemptionId: '' };
    const see = (as: number, domain?: string) => shop.ask(`/api/shopper/redemption?id=${redemptionId}`, { as, ...(domain === undefined ? {} : { domain }) });
    expect((await see(ANNA)).body).toEqual({ redemption: expect.objectContaining({ state: 'making', code: null }), retryAfterMs: expect.any(Number) });
    await shop.owner.query("UPDATE loyalty_redemptions SET state = 'issued', issued_at = now()");
    const told = (await see(ANNA)).body as { redemption: ShopperRedemption; retryAfterMs: unknown };
    expect(told).toEqual({ redemption: expect.objectContaining({ state: 'ready', code: expect.any(String), name: 'Five off' }), retryAfterMs: null });
    expect((await loyalty()).redemptions).toEqual([told.redemption]);
    for (const reply of [await see(BEN), await see(ANNA, OTHER_DOMAIN), await shop.ask(`/api/shopper/redemption?id=${randomUUID()}`, { as: ANNA })]) {
      expect([reply.status, reply.body]).toEqual([404, { error: 'redemption' }]);
    }
  });

  it.each([
    ['captured', 'used'],
    ['releasing', 'returned'],
    ['released', 'returned'],
  ])('that is %s is %s, without its code', async (state, told) => {
    await redeem({ rewardId: 'five', requestKey: randomUUID() });
    await shop.owner.query('UPDATE loyalty_redemptions SET state = $1, settled_at = now()', [state]);
    expect((await loyalty()).redemptions).toMatchObject([{ state: told, code: null }]);
    await shop.owner.query("UPDATE loyalty_redemptions SET settled_at = now() - interval '61 days', expires_at = now() - interval '61 days'");
    expect((await loyalty()).redemptions).toEqual([]);
  });

  it('of store credit is credited, and one whose time is over shows no code', async () => {
    await redeem({ rewardId: 'five', requestKey: randomUUID() });
    await shop.owner.query("UPDATE loyalty_redemptions SET state = 'issued', expires_at = now() - interval '1 second'");
    expect((await loyalty()).redemptions).toMatchObject([{ state: 'returned', code: null }]);
    await shop.owner.query("UPDATE loyalty_redemptions SET state = 'captured', code = NULL");
    expect((await loyalty()).redemptions).toMatchObject([{ state: 'credited' }]);
  });

  it('is refused in words that a page knows', async () => {
    const key = () => ({ requestKey: randomUUID() });
    expect(await redeem({ rewardId: 'mug', ...key() })).toEqual(refused('insufficient-points'));
    expect(await redeem({ rewardId: 'five', ...key() }, BEN)).toEqual(refused('insufficient-points'));
    expect(await redeem({ rewardId: 'gone', ...key() })).toEqual(refused('not-offered'));
    expect(await redeem({ rewardId: 'nothing', ...key() })).toEqual(refused('not-offered'));
    expect(await redeem({ rewardId: 'some', points: 250, ...key() })).toEqual(refused('changed'));
    expect(await redeem({ rewardId: 'some', ...key() })).toEqual(refused('changed'));
    expect(await redeem({ rewardId: 'once', ...key() })).toMatchObject({ state: 'reserved' });
    expect(await redeem({ rewardId: 'once', ...key() })).toEqual(refused('limit-reached'));
    expect((await loyalty()).rewards.find(({ rewardId }) => rewardId === 'once')).toMatchObject({ hindrance: 'limit-reached', isWithinReach: false });
    await shop.owner.query('UPDATE loyalty_members SET is_excluded = true');
    expect(await redeem({ rewardId: 'five', ...key() })).toEqual(refused('excluded'));
    await shop.owner.query('UPDATE shops SET uninstalled_at = now()');
    expect(await redeem({ rewardId: 'five', ...key() })).toEqual(refused('closed'));
  });

  it.each<[string, unknown, Record<string, string>?]>([
    ['nothing', undefined],
    ['no JSON', 'rewardId=five', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['JSON that is called text', JSON.stringify({ rewardId: 'five', requestKey: randomUUID() }), { 'Content-Type': 'text/plain' }],
    ['broken JSON', '{"rewardId":'],
    ['a key that is no UUID', { rewardId: 'five', requestKey: 'x' }],
    ['no reward', { requestKey: randomUUID() }],
    ['half a point', { rewardId: 'some', points: 0.5, requestKey: randomUUID() }],
    ['points below 0', { rewardId: 'some', points: -300, requestKey: randomUUID() }],
  ])('is not made of %s', async (_name, body, headers) => {
    const { status, body: told } = await shop.ask('/api/shopper/redemptions', { as: ANNA, method: 'POST', ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) });
    expect([status, told]).toEqual([400, { error: 'request' }]);
    expect((await loyalty()).balance.points).toBe(1000);
  });

  it('needs somebody who is signed in, and may be asked for from anywhere', async () => {
    const body = { rewardId: 'five', requestKey: randomUUID() };
    expect(await shop.ask('/api/shopper/redemptions', { as: null, method: 'POST', body })).toMatchObject({ status: 403, body: { error: 'signed-out' } });
    expect((await shop.ask('/api/shopper/redemptions', { as: ANNA })).status).toBe(405);
    const preflight = await shop.ask('/api/shopper/redemptions', { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('Access-Control-Allow-Methods')]).toEqual([204, 'GET, POST, OPTIONS']);
  });
});

describe('the ledger', () => {
  const entriesOf = async (as: number, query = '') => (await shop.ask(`/api/shopper/entries${query}`, { as })).body as ShopperEntries;

  it('is told in the kinds that a page has words for', async () => {
    await redeem({ rewardId: 'five', requestKey: randomUUID() });
    await shop.saveProgram(aProgram({ rewards: REWARDS, earning: { pendingDays: 14, firstOrderPoints: null } }), 1);
    await shop.putOrder({ orderId: 2, customerId: ANNA, processedAt: daysAgo(0), lines: [{ lineId: 21, totalMinor: 2000, quantity: 2 }] });
    await shop.award();
    await shop.putOrder({ orderId: 2, customerId: ANNA, processedAt: daysAgo(0), lines: [{ lineId: 21, totalMinor: 2000, quantity: 2, currentQuantity: 1 }] });
    await shop.award();
    expect(await entriesOf(ANNA)).toEqual({
      entries: [
        { sequence: 4, at: expect.any(String), kind: 'order-changed', points: -50, isPending: false, orderName: '#2', rewardName: null },
        { sequence: 3, at: expect.any(String), kind: 'order', points: 100, isPending: true, orderName: '#2', rewardName: null },
        { sequence: 2, at: expect.any(String), kind: 'redeemed', points: -500, isPending: false, orderName: null, rewardName: 'Five off' },
        { sequence: 1, at: expect.any(String), kind: 'order', points: 1000, isPending: false, orderName: '#1', rewardName: null },
      ],
      next: null,
    });
    expect(await entriesOf(BEN)).toEqual({ entries: [], next: null });
    await shop.owner.query('UPDATE loyalty_members SET is_excluded = true');
    expect(await entriesOf(ANNA)).toEqual({ entries: [], next: null });
  });

  it('is told a page at a time', async () => {
    for (let orderId = 2; orderId <= 46; orderId += 1) await shop.putOrder({ orderId, customerId: ANNA, processedAt: daysAgo(1), lines: [{ lineId: orderId, totalMinor: 100 }] });
    await shop.award();
    const pages: ShopperEntries[] = [];
    for (let before: number | null = 99; before !== null; before = pages.at(-1)?.next ?? null) pages.push(await entriesOf(ANNA, `?before=${before}`));
    expect(pages.map(({ entries }) => entries.length)).toEqual([20, 20, 6]);
    expect(pages.flatMap(({ entries }) => entries.map(({ sequence }) => sequence))).toEqual(Array.from({ length: 46 }, (_, index) => 46 - index));
    expect((await shop.ask('/api/shopper/entries?before=x', { as: ANNA })).status).toBe(400);
  });
});
