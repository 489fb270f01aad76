import { parse, visit } from 'graphql';
import { describe, expect, it } from 'vitest';

import { bulkQueryOf } from '#app/adapters/shopify/bulk-query.ts';
import { CustomerHistoryDocument, OrderHistoryDocument, OrderListingDocument } from '#app/generated/admin-api.ts';
import { adminSchema } from '#test/simulator/admin-graphql/schema.ts';
import { validateBulkQuery } from '#test/simulator/bulk/bulk-validator.ts';

describe('the query of a bulk operation', () => {
  it.each([
    ['orders', OrderHistoryDocument],
    ['customers', CustomerHistoryDocument],
  ])('of our %s is one that Shopify takes', (_what, document) => {
    expect(validateBulkQuery(bulkQueryOf(document.toString()), adminSchema().schema)).toMatchObject({ ok: true });
  });

  it('of the comparison of orders is one that Shopify takes, its filter written in place', () => {
    const filter = `updated_at:>='2026-01-01T00:00:00Z'`;
    const query = bulkQueryOf(OrderListingDocument.toString(), { query: filter, withRegion: 'true' });
    expect(query).toContain(`query:"updated_at:>='2026-01-01T00:00:00Z'"`);
    expect(query).toMatch(/^\{/);
    expect(validateBulkQuery(query, adminSchema().schema)).toMatchObject({ ok: true });
    expect(() => bulkQueryOf(OrderListingDocument.toString())).toThrow('The variable query has no value');
    const nodeOf = (whole: string) => whole.slice(whole.indexOf('{edges'));
    expect(nodeOf(query)).toBe(nodeOf(bulkQueryOf(OrderHistoryDocument.toString())));
    const bare = bulkQueryOf(OrderListingDocument.toString(), { query: filter, withRegion: 'false' });
    expect(bare).not.toContain('Address');
    expect(validateBulkQuery(bare, adminSchema().schema)).toMatchObject({ ok: true });
  });

  it('of our customers can do without what Shopify computes of them', () => {
    expect(bulkQueryOf(CustomerHistoryDocument.toString())).toContain('numberOfOrders statistics{rfmGroup}');
    const bare = bulkQueryOf(CustomerHistoryDocument.toString(), { withGroup: 'false' });
    expect(bare).toContain('numberOfOrders}');
    expect(validateBulkQuery(bare, adminSchema().schema)).toMatchObject({ ok: true });
  });

  it('asks for no name, e-mail, phone or street of anybody', () => {
    const personal = ['email', 'phone', 'firstName', 'lastName', 'displayName', 'address1', 'address2', 'city', 'zip', 'note', 'ip'];
    for (const document of [OrderHistoryDocument, OrderListingDocument, CustomerHistoryDocument]) {
      const asked: string[] = [];
      visit(parse(bulkQueryOf(document.toString(), { query: '' })), { Field: (field) => void asked.push(field.name.value) });
      expect(asked.filter((name) => personal.includes(name) || /clientIp|customAttributes/.test(name))).toEqual([]);
    }
  });

  it('has fragments of fragments written in place, arguments and aliases kept, and no name', () => {
    const document = `
      fragment Money on MoneyBag { shopMoney { amount } }
      fragment Line on LineItem { id total: discountedTotalSet(withCodeDiscounts: true) { ...Money } }
      query History { orders(sortKey: CREATED_AT) { edges { node { id lineItems { edges { node { ...Line } } } } } } }`;
    expect(bulkQueryOf(document)).toBe(
      '{orders(sortKey:CREATED_AT){edges{node{id lineItems{edges{node{id total:discountedTotalSet(withCodeDiscounts:true){shopMoney{amount}}}}}}}}}',
    );
  });

  it('is not made of a document without an operation or with a fragment that is not there', () => {
    expect(() => bulkQueryOf('fragment Money on MoneyBag { id }')).toThrow('no operation');
    expect(() => bulkQueryOf('{ orders { edges { node { ...Facts } } } }')).toThrow('lacks the fragment Facts');
  });
});
