import { describe, expect, it } from 'vitest';

import { isPatienceOver } from '#app/services/sync/webhooks/not-yet.ts';
import { findMismatch } from '#app/services/sync/webhooks/webhook-binding.ts';
import { parseCustomerRequest, parseMerge, parseSubjectId, parseVersion } from '#app/services/sync/webhooks/webhook-payloads.ts';
import { isCompliance, isOfCustomers, isOfHistory, isRemoval } from '#app/services/sync/webhooks/webhook-topics.ts';

const OURS = 'one.myshopify.com';
const judged = (topic: string, body: unknown) => findMismatch(OURS, topic, JSON.stringify(body));

describe('a body and its headers', () => {
  it('belong together where the body names the shop of the header, or need not name any', () => {
    expect(judged('orders/create', { id: 1 })).toBeNull();
    expect(judged('shop/update', { myshopify_domain: OURS, domain: 'tea.example.com' })).toBeNull();
    expect(judged('app/uninstalled', { myshopify_domain: OURS })).toBeNull();
    expect(judged('customers/redact', { shop_domain: OURS, orders_to_redact: [] })).toBeNull();
    expect(judged('customers/data_request', { shop_domain: OURS, orders_requested: [] })).toBeNull();
    expect(judged('shop/redact', { shop_domain: OURS })).toBeNull();
    expect(judged('orders/create', { id: 1, shop_domain: null })).toBeNull();
  });

  it.each(['shop_domain', 'myshopify_domain'])('do not where %s is another', (field) => {
    expect(judged('orders/create', { [field]: 'two.myshopify.com' })).toBe('other-shop');
    expect(judged('orders/create', { shop_domain: OURS, myshopify_domain: OURS, [field]: 'two.myshopify.com' })).toBe('other-shop');
  });

  it.each(['app/uninstalled', 'customers/redact', 'customers/data_request', 'shop/redact'])('of %s must name the shop', (topic) => {
    expect(judged(topic, { orders_to_redact: [], orders_requested: [] })).toBe('other-shop');
    expect(judged(topic, null)).toBe('other-shop');
    expect(judged(topic, 'one.myshopify.com')).toBe('other-shop');
  });

  it('are of one topic of those that the law knows', () => {
    expect(judged('customers/redact', { shop_domain: OURS, orders_requested: [] })).toBe('other-topic');
    expect(judged('customers/data_request', { shop_domain: OURS, orders_to_redact: [] })).toBe('other-topic');
    expect(judged('shop/redact', { shop_domain: OURS, customer: {} })).toBe('other-topic');
  });
});

describe('what a body says', () => {
  it('is whose it is, as large as a number may be', () => {
    expect([parseSubjectId('{"id":7}'), parseSubjectId('{"id":"9223372036854775807"}')]).toEqual([7n, 2n ** 63n - 1n]);
    for (const id of ['0', '-1', '1.5', '"9223372036854775808"', '"x"', 'null']) expect(() => parseSubjectId(`{"id":${id}}`), id).toThrow();
  });

  it('is its version, where there is one that can be read', () => {
    expect(parseVersion('{"updated_at":"2026-11-22T12:00:00Z"}')).toEqual(new Date('2026-11-22T12:00:00Z'));
    expect([parseVersion('{}'), parseVersion('{"updated_at":null}'), parseVersion('{"updated_at":"lately"}')]).toEqual([null, null, null]);
  });

  it('is whom a merge left, and what the law asks for of whom', () => {
    expect(parseMerge('{"admin_graphql_api_customer_kept_id":"a","admin_graphql_api_customer_deleted_id":"b"}')).toEqual({ keptGid: 'a', deletedGid: 'b' });
    expect(parseCustomerRequest('{"customer":{"id":7},"orders_to_redact":[1],"orders_requested":[2]}')).toEqual({ customerId: 7n, orderIds: [1n] });
    expect(parseCustomerRequest('{"customer":{"email":"x"},"orders_requested":[2]}')).toEqual({ customerId: null, orderIds: [2n] });
    expect(parseCustomerRequest('{}')).toEqual({ customerId: null, orderIds: [] });
  });
});

describe('topics', () => {
  it('are what a loss of them costs', () => {
    const of = (topic: string) => [isCompliance(topic), isOfCustomers(topic), isOfHistory(topic), isRemoval(topic)];
    expect(of('customers/redact')).toEqual([true, false, false, false]);
    expect(of('orders/updated')).toEqual([false, false, true, false]);
    expect(of('orders/delete')).toEqual([false, false, true, true]);
    expect(of('customers/merge')).toEqual([false, true, true, true]);
    expect(of('customers/update')).toEqual([false, true, true, false]);
    expect(of('shop/update')).toEqual([false, false, false, false]);
  });

  it('are waited for three times', () => {
    expect([2, 3].map((attempts) => isPatienceOver({ attempts }))).toEqual([false, true]);
  });
});
