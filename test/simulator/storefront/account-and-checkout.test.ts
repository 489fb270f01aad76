import { beforeEach, describe, expect, it } from 'vitest';

import { aDiscount, memorySimulator } from './memory-simulator.ts';
import type { MemorySimulator } from './memory-simulator.ts';
import { storefrontRoutes } from './routes.ts';

const ROOT = '/shop/perennial-demo';
const CODE = 'PTS-7KQ2M9XH';

let simulator: MemorySimulator;
let visit: (path: string, form?: Record<string, string>) => Promise<Response>;
let post: (path: string, body: object) => Promise<unknown>;

beforeEach(async () => {
  simulator = memorySimulator({ now: new Date('2026-11-22T12:00:00Z') });
  const routes = storefrontRoutes(simulator, { projectFolder: '/nowhere' });
  let cookie = '';
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await routes.request(path, { ...init, headers: { ...init.headers, Cookie: cookie } });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return response;
  };
  visit = (path, form) => request(path, form ? { method: 'POST', body: new URLSearchParams(form) } : {});
  post = async (path, body) => {
    const init = { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
    return (await request(path, init)).json();
  };
  await visit(`${ROOT}/cart/add`, { variant: '10', quantity: '2' });
});

describe('the customer account', () => {
  it('asks who is not signed in to sign in, and leads on to where they wanted to be', async () => {
    await visit(`${ROOT}/checkout`, { intent: 'pay', email: 'anna@example.com', firstName: 'Anna', country: 'DE', locale: 'en' });
    const asked = await visit(`${ROOT}/account/profile`);
    expect([asked.status, asked.headers.get('Location')]).toEqual([303, `${ROOT}/account?return_to=${encodeURIComponent(`${ROOT}/account/profile`)}`]);
    const form = { email: 'anna@example.com', return_to: `${ROOT}/account/profile` };
    expect((await visit(`${ROOT}/account/sign-in`, form)).headers.get('Location')).toBe(`${ROOT}/account/profile`);
    expect(await (await visit(`${ROOT}/account/profile`)).text()).toContain('anna@example.com');
  });

  it('leads nowhere outside the shop after the sign-in', async () => {
    await visit(`${ROOT}/checkout`, { intent: 'pay', email: 'anna@example.com', firstName: 'Anna', country: 'DE', locale: 'en' });
    const form = { email: 'anna@example.com', return_to: 'https://elsewhere.example/' };
    expect((await visit(`${ROOT}/account/sign-in`, form)).headers.get('Location')).toBe(`${ROOT}/account`);
  });

  it('has no page of an extension that is not there', async () => {
    expect((await visit(`${ROOT}/account/pages/perennial-loyalty-page`)).status).toBe(404);
  });
});

describe('discount codes that an extension changes at checkout', () => {
  const add = { type: 'addDiscountCode', code: CODE };
  const change = (body: object) => post(`${ROOT}/checkout/discount-codes`, body);

  beforeEach(() => simulator.shop.save('discount', aDiscount(1, CODE)));

  it('are put on the cart and taken off it, with the sums that follow', async () => {
    expect(await change(add)).toMatchObject({
      result: { type: 'success' },
      cart: { discountCodes: [{ code: CODE }], cost: { subtotal: { amount: 20.4, currencyCode: 'EUR' } } },
    });
    expect(await change({ type: 'removeDiscountCode', code: CODE.toLowerCase() })).toMatchObject({
      result: { type: 'success' },
      cart: { discountCodes: [], cost: { subtotal: { amount: 24 } } },
    });
  });

  it('are refused where they do not apply, and the code before stays', async () => {
    await change(add);
    expect(await change({ ...add, code: 'NOTHING' })).toMatchObject({ result: { type: 'error' }, cart: { discountCodes: [{ code: CODE }] } });
  });

  it.each([{ canUpdateDiscountCodes: false }, { isPaidByWallet: true }])('stay as they are with %o', async (settings) => {
    await post(`${ROOT}/__settings`, settings);
    expect(await change(add)).toMatchObject({ result: { type: 'error' }, cart: { discountCodes: [] } });
  });
});

describe('free shipping that is given to a segment without a code', () => {
  const anna = { intent: 'pay', email: 'anna@example.com', firstName: 'Anna', country: 'DE', locale: 'en' };
  const shippingOf = () => [...simulator.shop.orders.values()].at(-1)?.shipping.shop.amountMinor;
  const tag = (tags: string[]) => {
    const [customer] = simulator.shop.customers.values();
    if (customer) simulator.shop.save('customer', { ...customer, tags });
  };

  beforeEach(async () => {
    const made = { id: 1, name: 'Tiers', query: "customer_tags CONTAINS 'Tier: Gold' OR customer_tags CONTAINS 'vip'", creationDate: '', lastEditDate: '', isDeleted: false };
    simulator.shop.save('segment', made);
    const combinesWith = { orderDiscounts: true, productDiscounts: true, shippingDiscounts: false };
    simulator.shop.save('automaticDiscount', { id: 2, title: 'Free shipping', createdAt: '', startsAt: '2026-11-01T00:00:00Z', endsAt: '2026-12-01T00:00:00Z', asyncUsageCount: 0, segmentIds: [1], combinesWith });
    await visit(`${ROOT}/checkout`, anna);
    await visit(`${ROOT}/cart/add`, { variant: '10', quantity: '2' });
  });

  it.each([
    ['is for who has one of its tags', ['VIP'], true],
    ['is for nobody else', ['Tier: Silver'], false],
  ])('%s', async (_what, tags, isFree) => {
    const fee = shippingOf();
    expect(fee).toBeGreaterThan(0);
    tag(tags);
    await visit(`${ROOT}/checkout`, anna);
    expect(shippingOf()).toBe(isFree ? 0 : fee);
  });

  it.each([
    ['goes with a code that agrees to it', true, 0.15, 20.4],
    ['stands against one that does not where it is worth more', false, 0.01, 24],
    ['gives way to one that does not where that is worth more', false, 0.5, 12],
  ])('%s', async (_what, shippingDiscounts, percentage, subtotal) => {
    tag(['Tier: Gold']);
    await visit(`${ROOT}/account/sign-in`, { email: anna.email });
    simulator.shop.save('discount', aDiscount(3, CODE, { percentage, combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts } }));
    expect(await post(`${ROOT}/checkout/discount-codes`, { type: 'addDiscountCode', code: CODE })).toMatchObject({ cart: { cost: { subtotal: { amount: subtotal } } } });
  });
});
