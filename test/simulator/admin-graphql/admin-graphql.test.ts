import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyAppConfig } from '../app-toml.ts';
import type { RunningSimulator } from '../server.ts';
import { at, installAndQuery, startTestSimulator, until } from '../simulator-client.ts';
import { syntheticStore } from '../synthetic-store.ts';

const shop = 'synthetic.myshopify.com';
const now = new Date('2026-11-01T00:00:00.000Z');
const allScopes = ['read_orders', 'read_all_orders', 'read_customers', 'write_discounts'];

let running: RunningSimulator;
let query: Awaited<ReturnType<typeof installAndQuery>>;

async function start(scopes: string[]): Promise<void> {
  running = await startTestSimulator({
    // An order an hour: 2,000 of them reach back 83 days.
    store: syntheticStore(2000, { endsAt: now.toISOString() }),
    now: () => now,
    app: { config: { ...emptyAppConfig, scopes } },
  });
  query = await installAndQuery(running, shop);
}

beforeEach(() => start(allScopes));
afterEach(() => running.close());

describe('access scopes', () => {
  it('deny a field in Shopify’s words and still answer the others', async () => {
    await running.close();
    await start(['read_products']);
    const { status, body } = await query('{ shop { name } orders(first: 1) { nodes { id } } }');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      errors: [
        {
          path: ['orders'],
          extensions: { code: 'ACCESS_DENIED', documentation: 'https://shopify.dev/api/usage/access-scopes' },
        },
      ],
      data: null,
    });
    expect(at(body, 'errors', 0, 'message')).toContain(
      'Access denied for orders field. Required access: `read_orders`',
    );
    expect((await query('{ shop { name } }')).body['data']).toEqual({ shop: { name: 'Synthetic' } });
  });

  it('let a write scope read', async () => {
    const { body } = await query('{ codeDiscountNodeByCode(code: "NONE") { id } }');
    expect(body).toMatchObject({ data: { codeDiscountNodeByCode: null } });
  });

  it('show the last 60 days of orders without read_all_orders', async () => {
    const count = '{ ordersCount(limit: null) { count precision } orders(first: 1) { nodes { createdAt } } }';
    expect(at((await query(count)).body, 'data', 'ordersCount')).toEqual({ count: 2000, precision: 'EXACT' });
    await running.close();
    await start(['read_orders']);
    const { body } = await query(count);
    expect(at(body, 'data', 'ordersCount', 'count')).toBe(60 * 24);
    expect(at(body, 'data', 'orders', 'nodes', 0, 'createdAt')).toBe('2026-09-02T00:00:00Z');
  });
});

describe('orders', () => {
  it('come page by page, once each, in both directions', async () => {
    const page = `query ($after: String) { orders(first: 250, after: $after, reverse: true) {
      nodes { id } pageInfo { hasNextPage endCursor } } }`;
    const ids: unknown[] = [];
    let after: unknown = null;
    do {
      const { body } = await query(page, { after });
      const nodes = at(body, 'data', 'orders', 'nodes');
      if (!Array.isArray(nodes)) throw new Error(JSON.stringify(body));
      ids.push(...nodes.map((node: unknown) => at(node, 'id')));
      after = at(body, 'data', 'orders', 'pageInfo', 'hasNextPage')
        ? at(body, 'data', 'orders', 'pageInfo', 'endCursor')
        : null;
    } while (after !== null);
    expect(new Set(ids).size).toBe(2000);
    expect(ids[0]).toBe('gid://shopify/Order/1019990');
  });

  it('are found by when they changed', async () => {
    const { body } = await query(
      '{ orders(first: 5, query: "updated_at:>=2026-10-31T22:00:00Z", sortKey: UPDATED_AT) { nodes { name updatedAt } } }',
    );
    expect(at(body, 'data', 'orders', 'nodes')).toEqual([
      { name: '#2999', updatedAt: '2026-10-31T22:00:00Z' },
      { name: '#3000', updatedAt: '2026-10-31T23:00:00Z' },
    ]);
  });

  it('show current amounts, refunds and the customer', async () => {
    const { body } = await query(`{ order(id: "gid://shopify/Order/1000000") {
      subtotalPriceSet { shopMoney { amount currencyCode } } currentSubtotalPriceSet { shopMoney { amount } }
      netPaymentSet { presentmentMoney { amount } } customer { id numberOfOrders }
      refunds { id totalRefundedSet { shopMoney { amount } } refundLineItems(first: 5) { nodes { quantity lineItem { id } } } } } }`);
    expect(at(body, 'data', 'order')).toEqual({
      subtotalPriceSet: { shopMoney: { amount: '24.0', currencyCode: 'EUR' } },
      currentSubtotalPriceSet: { shopMoney: { amount: '14.0' } },
      netPaymentSet: { presentmentMoney: { amount: '17.0' } },
      customer: { id: 'gid://shopify/Customer/100', numberOfOrders: '3' },
      refunds: [
        {
          id: 'gid://shopify/Refund/1000003',
          totalRefundedSet: { shopMoney: { amount: '10.0' } },
          refundLineItems: { nodes: [{ quantity: 1, lineItem: { id: 'gid://shopify/LineItem/1000001' } }] },
        },
      ],
    });
  });

  it('ask for a window, as Shopify does', async () => {
    const { body } = await query('{ orders { nodes { id } } }');
    expect(at(body, 'errors', 0)).toMatchObject({
      message: 'you must provide one of first or last',
      extensions: { code: 'BAD_REQUEST' },
    });
  });

  it('say which field is not imitated', async () => {
    const { body } = await query('{ order(id: "gid://shopify/Order/1000000") { risk { recommendation } } }');
    expect(at(body, 'errors', 0, 'message')).toBe('Order.risk is not imitated by the local Shopify.');
  });
});

describe('cost', () => {
  it('is asked for as live answers show it', async () => {
    const { body } = await query(
      '{ orders(first: 5) { nodes { id } } ordersCount { count } order(id: "gid://shopify/Order/1") { id } }',
    );
    expect(at(body, 'extensions', 'cost', 'requestedQueryCost')).toBe(16);
  });

  it('empties the bucket until queries are throttled, and refuses one query that is too dear', async () => {
    const dear =
      '{ orders(first: 250) { nodes { id lineItems(first: 60) { nodes { product { id } variant { id } } } } } }';
    running.simulator.bucketOf(shop).take(1900);
    const { status, body } = await query(dear);
    expect(status).toBe(200);
    expect(at(body, 'errors', 0)).toMatchObject({ message: 'Throttled', extensions: { code: 'THROTTLED' } });
    expect(at(body, 'extensions', 'cost', 'throttleStatus')).toMatchObject({
      maximumAvailable: 2000,
      restoreRate: 100,
    });
    const many = Array.from({ length: 6 }, (_, index) => `a${index}: ${dear.slice(2, -2)}`).join(' ');
    expect(at((await query(`{ ${many} }`)).body, 'errors', 0, 'extensions', 'code')).toBe('MAX_COST_EXCEEDED');
  });
});

describe('discount codes', () => {
  const create = `mutation ($discount: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $discount) {
    codeDiscountNode { id codeDiscount { ... on DiscountCodeBasic { status codes(first: 1) { nodes { code } }
      minimumRequirement { ... on DiscountMinimumSubtotal { greaterThanOrEqualToSubtotal { amount } } }
      context { __typename } } } } userErrors { field message code } } }`;
  const discount = {
    title: 'Next order',
    code: 'NEXT10',
    startsAt: '2026-10-01T00:00:00Z',
    context: { customers: { add: ['gid://shopify/Customer/100'] } },
    minimumRequirement: { subtotal: { greaterThanOrEqualToSubtotal: '20.00' } },
    customerGets: { value: { percentage: 0.1 }, items: { all: true } },
  };

  it('are made once, whatever the case of their letters', async () => {
    const made = at((await query(create, { discount })).body, 'data', 'discountCodeBasicCreate');
    expect(made).toMatchObject({
      codeDiscountNode: {
        codeDiscount: {
          status: 'ACTIVE',
          codes: { nodes: [{ code: 'NEXT10' }] },
          minimumRequirement: { greaterThanOrEqualToSubtotal: { amount: '20.0' } },
          context: { __typename: 'DiscountCustomers' },
        },
      },
      userErrors: [],
    });
    const taken = await query(create, { discount: { ...discount, code: 'next10' } });
    expect(at(taken.body, 'data', 'discountCodeBasicCreate')).toEqual({
      codeDiscountNode: null,
      userErrors: [
        {
          field: ['basicCodeDiscount', 'code'],
          message: 'Code must be unique. Please try a different code.',
          code: 'TAKEN',
        },
      ],
    });
  });

  it.each([
    [{ customerGets: { value: { percentage: 1.5 }, items: { all: true } } }, 'VALUE_OUTSIDE_RANGE'],
    [{ endsAt: '2026-09-01T00:00:00Z' }, 'INVALID'],
    [{ title: ' ' }, 'BLANK'],
    [{ context: { customers: { add: ['gid://shopify/Customer/5'] } } }, 'INVALID'],
  ])('are refused with a reason: %o', async (change, code) => {
    const { body } = await query(create, { discount: { ...discount, ...change } });
    expect(at(body, 'data', 'discountCodeBasicCreate', 'userErrors', 0, 'code')).toBe(code);
  });

  it('refuse a decimal that is none before anything runs', async () => {
    const bad = { ...discount, minimumRequirement: { subtotal: { greaterThanOrEqualToSubtotal: 'abc' } } };
    expect(at((await query(create, { discount: bad })).body, 'errors', 0, 'message')).toContain('invalid decimal');
  });

  it('are added in bulk a moment later, each with its own outcome', async () => {
    const made = await query(create, { discount });
    const id = at(made.body, 'data', 'discountCodeBasicCreate', 'codeDiscountNode', 'id');
    const add = `mutation ($id: ID!, $codes: [DiscountRedeemCodeInput!]!) { discountRedeemCodeBulkAdd(discountId: $id, codes: $codes) {
      bulkCreation { id done importedCount } userErrors { code } } }`;
    const added = at(
      (await query(add, { id, codes: [{ code: 'A1' }, { code: 'NEXT10' }] })).body,
      'data',
      'discountRedeemCodeBulkAdd',
    );
    expect(added).toMatchObject({ bulkCreation: { done: false, importedCount: 0 }, userErrors: [] });
    const poll = `query ($id: ID!) { discountRedeemCodeBulkCreation(id: $id) { done importedCount failedCount
      codes(first: 5) { nodes { code discountRedeemCode { code } errors { message } } } } }`;
    const creation = await until(
      async () =>
        at((await query(poll, { id: at(added, 'bulkCreation', 'id') })).body, 'data', 'discountRedeemCodeBulkCreation'),
      (value) => at(value, 'done') === true,
    );
    expect(creation).toMatchObject({
      importedCount: 1,
      failedCount: 1,
      codes: {
        nodes: [
          { code: 'A1', discountRedeemCode: { code: 'A1' }, errors: [] },
          {
            code: 'NEXT10',
            discountRedeemCode: null,
            errors: [{ message: 'must be unique. Please try a different code.' }],
          },
        ],
      },
    });
    const found = await query('{ codeDiscountNodeByCode(code: "a1") { id } }');
    expect(at(found.body, 'data', 'codeDiscountNodeByCode', 'id')).toBe(id);
    const tooMany = await query(add, { id, codes: Array.from({ length: 251 }, (_, index) => ({ code: `C${index}` })) });
    expect(at(tooMany.body, 'errors', 0, 'extensions', 'code')).toBe('MAX_INPUT_SIZE_EXCEEDED');
  });

  it('end when they are deactivated', async () => {
    const id = at(
      (await query(create, { discount })).body,
      'data',
      'discountCodeBasicCreate',
      'codeDiscountNode',
      'id',
    );
    const end = `mutation ($id: ID!) { discountCodeDeactivate(id: $id) { codeDiscountNode { codeDiscount {
      ... on DiscountCodeBasic { status endsAt } } } userErrors { message } } }`;
    expect(at((await query(end, { id })).body, 'data', 'discountCodeDeactivate')).toEqual({
      codeDiscountNode: { codeDiscount: { status: 'EXPIRED', endsAt: '2026-11-01T00:00:00Z' } },
      userErrors: [],
    });
  });
});
