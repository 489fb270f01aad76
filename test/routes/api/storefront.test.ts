import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopperLoyalty } from '#app/contracts/shopper-loyalty.ts';
import { signProxyParameters } from '#test/simulator/app-proxy.ts';
import { TEST_APP } from '#test/support/app-under-test.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { daysAgo, DOMAIN, openShopperShop, OTHER_DOMAIN, type ShopperShop } from './shopper-shop.ts';

const ANNA = 4001;
const BEN = 4002;

let shop: ShopperShop;

beforeAll(async () => {
  shop = await openShopperShop();
});
beforeEach(async () => {
  await shop.reset();
  await shop.saveProgram(aProgram({ earning: { pendingDays: 0, welcomePoints: 100 } }));
  await shop.putOrder({ orderId: 1, customerId: ANNA, processedAt: daysAgo(2), lines: [{ lineId: 11, totalMinor: 20_000 }] });
  await shop.award();
});
afterAll(() => shop.stop());

/** As Shopify's proxy brings a storefront's request, with whoever is signed in there. */
function signed(path: string, customerId: number | null, domain = DOMAIN): string {
  const url = new URL(path, 'http://storefront');
  const added = { shop: domain, path_prefix: '/apps/perennial', timestamp: String(Math.floor(Date.now() / 1000)), logged_in_customer_id: customerId === null ? '' : String(customerId) };
  for (const [name, value] of Object.entries(added)) url.searchParams.set(name, value);
  url.searchParams.set('signature', signProxyParameters(url.searchParams, TEST_APP.clientSecret));
  return `/proxy${url.pathname}${url.search}`;
}

const STOREFRONT = { Origin: `https://${DOMAIN}` };
const visit = (path: string, customerId: number | null, domain?: string) => shop.ask(signed(path, customerId, domain), { headers: STOREFRONT });

describe('a storefront', () => {
  it('is told the same of its visitor as an extension', async () => {
    const { body, headers } = await visit('/loyalty?currency=EUR', ANNA);
    expect(body).toEqual((await shop.ask('/api/shopper/loyalty?currency=EUR', { as: ANNA })).body);
    expect(body).toMatchObject({ state: 'on', balance: { points: 1100 } });
    expect([headers.get('Cache-Control'), headers.get('Access-Control-Allow-Origin')]).toEqual(['no-store', null]);
  });

  it('is told what there is to join while nobody is signed in', async () => {
    const { body, headers } = await visit('/loyalty', null);
    const told = body as Extract<ShopperLoyalty, { state: 'signed-out' }>;
    expect(Object.keys(told).sort()).toEqual(['program', 'rewards', 'state', 'texts', 'waysToEarn']);
    expect(told).toMatchObject({ state: 'signed-out', program: { status: 'live' }, waysToEarn: [{ kind: 'order' }, { kind: 'welcome', points: 100, isDone: false, isComing: false }] });
    expect(told.rewards.every(({ isWithinReach }) => !isWithinReach)).toBe(true);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect((await visit('/loyalty', null, OTHER_DOMAIN)).body).toEqual({ state: 'off' });
  });

  it('spends the points of whoever is signed in, and shows the code to them alone', async () => {
    const post = (customerId: number | null, body: unknown, headers = {}) => shop.ask(signed('/redemptions', customerId), { method: 'POST', body, headers: { ...STOREFRONT, ...headers } });
    const wish = { rewardId: 'amount-500', requestKey: randomUUID() };
    const { body } = await post(ANNA, wish);
    expect(body).toMatchObject({ state: 'reserved', redemption: { state: 'making', points: 500 } });
    expect((await post(ANNA, wish)).body).toEqual(body);
    const { redemptionId } = (body as { redemption: { redemptionId: string } }).redemption;
    expect((await visit(`/redemption?id=${redemptionId}`, ANNA)).body).toMatchObject({ redemption: { state: 'making' }, retryAfterMs: expect.any(Number) });
    expect((await visit(`/redemption?id=${redemptionId}`, BEN)).status).toBe(404);
    expect(await visit(`/redemption?id=${redemptionId}`, null)).toMatchObject({ status: 403, body: { error: 'signed-out' } });
    expect(await post(null, wish)).toMatchObject({ status: 403, body: { error: 'signed-out' } });
    // What a page of another site can make a browser send without asking first.
    const form = 'application/x-www-form-urlencoded';
    const another = { ...wish, requestKey: randomUUID() };
    expect((await post(ANNA, new URLSearchParams(another).toString(), { 'Content-Type': form })).status).toBe(400);
    for (const type of ['text/plain', form]) expect((await post(ANNA, JSON.stringify(another), { 'Content-Type': type })).status).toBe(400);
    expect((await visit('/loyalty', ANNA)).body).toMatchObject({ balance: { points: 600 } });
  });

  it('is answered in a way that nobody keeps, also when it is refused', async () => {
    const replies = [await visit('/redemption', ANNA), await visit('/redemption?id=x', null), await visit('/loyalty?currency=euro', ANNA), await shop.ask('/proxy/loyalty')];
    expect(replies.map(({ status }) => status)).toEqual([400, 403, 400, 400]);
    for (const { headers } of replies) expect([headers.get('Cache-Control'), headers.get('X-Content-Type-Options')]).toEqual(['no-store', 'nosniff']);
  });

  it.each(['/proxy/loyalty', `/proxy/loyalty?shop=${DOMAIN}&logged_in_customer_id=${ANNA}`])('is refused without Shopify’s signature at %s', async (path) => {
    expect(await shop.ask(path)).toMatchObject({ status: 400, body: null });
  });

  it('is told 503 and no more while the database does not answer', async () => {
    await shop.owner.query('ALTER TABLE loyalty_members RENAME TO members_away');
    const reply = await visit('/loyalty', ANNA).finally(() => shop.owner.query('ALTER TABLE members_away RENAME TO loyalty_members'));
    expect(reply).toMatchObject({ status: 503, body: { error: 'unavailable' } });
  });
});
