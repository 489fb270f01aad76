import { describe, expect, it } from 'vitest';
import { adminSchema } from '../admin-graphql/schema.ts';
import { validateBulkQuery } from './bulk-validator.ts';

function complaints(query: string): string[] {
  const result = validateBulkQuery(query, adminSchema().schema);
  return result.ok ? [] : result.errors.map(({ message, code }) => `${code ?? ''} ${message}`);
}

const edges = (name: string, fields: string): string => `${name} { edges { node { ${fields} } } }`;

describe('a bulk query', () => {
  it('is accepted with five connections and two levels of nesting', () => {
    const query = `{ ${edges(
      'products',
      `id ${edges('variants', `id ${edges('metafields', 'id')}`)} ${edges('media', 'id')} ${edges(
        'collections',
        'id',
      )}`,
    )} }`;
    expect(complaints(query)).toEqual([]);
  });

  it('is accepted when a named fragment selects the id of a parent', () => {
    const query = `{ ${edges('orders', `...Facts ${edges('lineItems', 'id')}`)} } fragment Facts on Order { id name }`;
    expect(complaints(query)).toEqual([]);
  });

  it.each([
    ['{ shop { id } }', ['Bulk queries must contain at least one connection.']],
    [
      '{ node(id: "gid://shopify/Product/0") { id } }',
      ['Bulk queries cannot contain a top level `node` field.', 'Bulk queries must contain at least one connection.'],
    ],
    [
      'mutation { tagsAdd(id: "gid://shopify/Order/1", tags: []) { userErrors { message } } }',
      ['Invalid operation type. Only `query` operations are supported.'],
    ],
    [
      `{ ${edges('orders', `id fulfillments { ${edges('events', 'id')} }`)} }`,
      ['Queries that contain a connection field within a list field are not currently supported.'],
    ],
    [
      `{ ${edges('orders', `id refunds { ${edges('refundLineItems', 'id')} }`)} }`,
      ['Queries that contain a connection field within a list field are not currently supported.'],
    ],
    [
      '{ orders { nodes { id } } }',
      [
        "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: 'orders { edges { node {'. Selecting via 'nodes' is not supported. Invalid connection fields: 'orders'.",
      ],
    ],
    [
      `{ ${edges('orders', `name ${edges('lineItems', 'id')}`)} }`,
      [
        "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type. Connection fields without 'id': orders.",
      ],
    ],
    [
      `{ ${edges('orders', `id: name key: id ${edges('lineItems', 'id')}`)} }`,
      [
        "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type. Connection fields without 'id': orders.",
      ],
    ],
    [
      `{ ${edges(
        'collections',
        `id ${edges('products', `id ${edges('variants', `id ${edges('metafields', 'id')}`)}`)}`,
      )} }`,
      ['Bulk queries cannot contain connections with a nesting depth greater than 2.'],
    ],
    [
      `{ ${edges(
        'products',
        `id ${['variants', 'metafields', 'collections', 'media', 'sellingPlanGroups']
          .map((name) => edges(name, 'id'))
          .join(' ')}`,
      )} }`,
      ['Bulk queries cannot contain more than 5 connections.'],
    ],
    ['', ['Invalid bulk query: syntax error, unexpected end of file']],
  ])('is refused in Shopify’s words: %s', (query, messages) => {
    expect(complaints(query)).toEqual(messages.map((message) => `INVALID ${message}`));
  });

  it('is refused when it asks for a field that the schema does not have', () => {
    expect(complaints(`{ ${edges('orders', 'id colour')} }`)).toEqual([
      'INVALID Invalid bulk query: Cannot query field "colour" on type "Order".',
    ]);
  });
});
