import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyAppConfig, parseAppConfig } from './app-toml.ts';
import { computeOrderMoney } from './order-money.ts';
import type { RunningSimulator } from './server.ts';
import { at, installAndQuery, postJson, startTestSimulator, testApp } from './simulator-client.ts';
import { sameMoney } from './state.ts';
import { syntheticStore } from './synthetic-store.ts';

const shop = 'synthetic.myshopify.com';
const orderId = 1_000_010;
let running: RunningSimulator;

beforeEach(async () => {
  const config = {
    ...emptyAppConfig,
    ...parseAppConfig('[app_proxy]\nurl = "/proxy"\nprefix = "apps"\nsubpath = "perennial"'),
  };
  running = await startTestSimulator({
    store: syntheticStore(4),
    app: { config: { ...config, scopes: ['read_orders', 'read_all_orders', 'read_customers'] } },
  });
});
afterEach(() => running.close());

const act = (path: string, body: unknown = {}) => postJson(`${running.origin}/control/api/shops/${shop}/${path}`, body);

function moneyOfOrder(): { currentSubtotal: number; netPayment: number; owed: number; status: string } {
  const order = running.simulator.shops.get(shop)?.orders.get(orderId);
  if (!order) throw new Error('no order');
  const money = computeOrderMoney(order);
  return {
    currentSubtotal: money.currentSubtotal.shop.amountMinor,
    netPayment: money.netPayment.shop.amountMinor,
    owed: money.totalOutstanding.shop.amountMinor,
    status: order.financialStatus,
  };
}

describe('the control API', () => {
  it('shows its page and what there is', async () => {
    expect(await (await fetch(`${running.origin}/control`)).text()).toContain('Local Shopify');
    const state: unknown = await (await fetch(`${running.origin}/control/api/state`)).json();
    expect(at(state, 'shops', 0)).toMatchObject({ domain: shop, orders: 4, isInstalled: false });
  });

  it('refunds piece by piece until nothing is left, to the penny', async () => {
    const lines = [{ lineItemId: 1_000_011, quantity: 1 }];
    await act(`orders/${orderId}/refund`, { lines });
    expect(moneyOfOrder()).toEqual({ currentSubtotal: 1400, netPayment: 1700, owed: 0, status: 'PARTIALLY_REFUNDED' });
    await act(`orders/${orderId}/refund`, { everything: true });
    expect(moneyOfOrder()).toEqual({ currentSubtotal: 0, netPayment: 0, owed: 0, status: 'REFUNDED' });
  });

  it('gives money back without goods, edits, cancels', async () => {
    await act(`orders/${orderId}/refund`, { freeAmountMinor: 150 });
    expect(moneyOfOrder()).toMatchObject({ currentSubtotal: 2400, netPayment: 2550 });
    await act(`orders/${orderId}/edit`);
    expect(moneyOfOrder()).toMatchObject({ currentSubtotal: 1400, netPayment: 2550 });
    await act(`orders/${orderId}/cancel`);
    expect(moneyOfOrder()).toMatchObject({ currentSubtotal: 0, owed: 0 });
  });

  it('hides a deleted order and a merged customer from the Admin API', async () => {
    const query = await installAndQuery(running, shop);
    await act(`orders/${orderId}/delete`);
    await act('customers/100/merge', { removedId: 101 });
    const { body } = await query(`{ order(id: "gid://shopify/Order/${orderId}") { id }
      gone: customer(id: "gid://shopify/Customer/101") { id }
      kept: customer(id: "gid://shopify/Customer/100") { numberOfOrders } }`);
    expect(body['data']).toEqual({ order: null, gone: null, kept: { numberOfOrders: '3' } });
  });

  it('pays what is owed and sends an order in parts, each at its own instant', async () => {
    const store = running.simulator.shops.get(shop);
    const sold = store?.orders.get(orderId);
    if (!store || !sold) throw new Error('no order');
    const unpaid = sameMoney(0, 'EUR');
    store.save('order', { ...sold, financialStatus: 'PENDING', received: unpaid, fulfillments: [], fulfillmentStatus: 'UNFULFILLED' });
    const query = await installAndQuery(running, shop);
    const ask = async () =>
      at((await query(`{ order(id: "gid://shopify/Order/${orderId}") { displayFinancialStatus displayFulfillmentStatus
        transactions { kind status processedAt amountSet { shopMoney { amount } } } fulfillments { status createdAt } } }`)).body, 'data', 'order');
    const pending = { kind: 'SALE', status: 'PENDING', processedAt: null, amountSet: { shopMoney: { amount: '27.0' } } };
    expect(await ask()).toEqual({ displayFinancialStatus: 'PENDING', displayFulfillmentStatus: 'UNFULFILLED', transactions: [pending], fulfillments: [] });

    await act(`orders/${orderId}/pay`);
    await act(`orders/${orderId}/pay`);
    await act(`orders/${orderId}/fulfill`, { isLast: false });
    await act(`orders/${orderId}/fulfill`);
    await act(`orders/${orderId}/refund`, { freeAmountMinor: 150 });
    const movement = (kind: string, amount: string) => ({ kind, status: 'SUCCESS', processedAt: expect.any(String) as unknown, amountSet: { shopMoney: { amount } } });
    const parcel = { status: 'SUCCESS', createdAt: expect.any(String) as unknown };
    expect(await ask()).toEqual({
      displayFinancialStatus: 'PARTIALLY_REFUNDED',
      displayFulfillmentStatus: 'FULFILLED',
      transactions: [pending, movement('SALE', '27.0'), movement('REFUND', '1.5')],
      fulfillments: [parcel, parcel],
    });
  });

  it('answers 404 about what is not there', async () => {
    expect((await act('orders/5/cancel')).status).toBe(404);
    expect((await act('orders/1000010/paint')).status).toBe(404);
  });
});

it('the app proxy passes a signed request on', async () => {
  let seen = new URL('http://none');
  const upstream = createServer((request, response) => {
    seen = new URL(request.url ?? '/', 'http://app');
    response.end('hello');
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const address = upstream.address();
  running.setUpstream(`http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`);
  const answer = await fetch(`${running.origin}/apps/perennial/points?x=1`);
  expect(await answer.text()).toBe('hello');
  const { pathname, searchParams } = seen;
  const signature = searchParams.get('signature');
  searchParams.delete('signature');
  const text = [...searchParams]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('');
  expect([pathname, signature]).toEqual([
    '/proxy/points',
    createHmac('sha256', testApp.clientSecret).update(text).digest('hex'),
  ]);
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});
