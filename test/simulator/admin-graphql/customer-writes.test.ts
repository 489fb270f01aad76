import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyAppConfig } from '../app-toml.ts';
import type { RunningSimulator } from '../server.ts';
import { at, installAndQuery, startTestSimulator } from '../simulator-client.ts';
import { syntheticStore } from '../synthetic-store.ts';

const shop = 'synthetic.myshopify.com';
const customer = (id: number) => `gid://shopify/Customer/${id}`;

let running: RunningSimulator;
let query: Awaited<ReturnType<typeof installAndQuery>>;

async function start(scopes: string[]): Promise<void> {
  running = await startTestSimulator({ store: syntheticStore(9), app: { config: { ...emptyAppConfig, scopes } } });
  query = await installAndQuery(running, shop);
}

beforeEach(() => start(['write_customers']));
afterEach(() => running.close());

async function change(field: 'tagsAdd' | 'tagsRemove', id: number, tags: string[]) {
  const { body } = await query(`mutation ($id: ID!, $tags: [String!]!) { ${field}(id: $id, tags: $tags) { node { ... on Customer { tags } } userErrors { field message } } }`, { id: customer(id), tags });
  return at(body, 'data', field);
}

describe('tags', () => {
  it('are one whatever their capitals and spaces, and sorted', async () => {
    expect(await change('tagsAdd', 100, ['VIP', 'gift, b  c'])).toEqual({ node: { tags: ['b  c', 'gift', 'VIP'] }, userErrors: [] });
    expect(await change('tagsAdd', 100, ['vip', 'B C'])).toEqual({ node: { tags: ['b  c', 'gift', 'VIP'] }, userErrors: [] });
    expect(await change('tagsRemove', 100, ['vip', 'nobody’s'])).toEqual({ node: { tags: ['b  c', 'gift'] }, userErrors: [] });
  });

  it('are refused in the words of live responses', async () => {
    expect(await change('tagsAdd', 999, ['vip'])).toEqual({ node: null, userErrors: [{ field: ['id'], message: 'Customer does not exist' }] });
    expect(await change('tagsAdd', 100, ['x'.repeat(256)])).toMatchObject({ userErrors: [{ message: 'Tags is too long (maximum is 255 characters)' }] });
    expect(await change('tagsAdd', 100, [Array.from({ length: 251 }, (_, index) => `t${index}`).join(',')])).toMatchObject({ userErrors: [{ message: 'Tags cannot be more than 250' }] });
    await running.close();
    await start(['read_customers']);
    const { body } = await query(`mutation { tagsAdd(id: "${customer(100)}", tags: ["vip"]) { userErrors { message } } }`);
    expect(body).toMatchObject({ data: { tagsAdd: null }, errors: [{ path: ['tagsAdd'], extensions: { code: 'ACCESS_DENIED' } }] });
  });
});

describe('metafields', () => {
  const set = (ids: number[]) =>
    query('mutation ($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { metafields { namespace } userErrors { field code } } }', {
      m: ids.map((id) => ({ ownerId: customer(id), namespace: '$app', key: 'vip', type: 'boolean', value: 'true' })),
    });
  const valueOf = async (id: number) => at((await query(`{ customer(id: "${customer(id)}") { metafield(namespace: "$app", key: "vip") { value } } }`)).body, 'data', 'customer', 'metafield');

  it('are set all or none, and only 25 at once', async () => {
    expect(at((await set([100, 999])).body, 'data', 'metafieldsSet')).toEqual({ metafields: [], userErrors: [{ field: ['metafields', '1', 'ownerId'], code: 'INVALID_VALUE' }] });
    expect(await valueOf(100)).toBeNull();
    expect(at((await set(Array<number>(26).fill(100))).body, 'errors', 0, 'extensions', 'code')).toBe('MAX_INPUT_SIZE_EXCEEDED');
    expect(at((await set([100])).body, 'data', 'metafieldsSet', 'metafields')).toEqual([{ namespace: 'app--test-client' }]);
    expect(await valueOf(100)).toEqual({ value: 'true' });
  });

  it('are kept for the app’s own installation without any scope, until it ends', async () => {
    await running.close();
    await start([]);
    const read = async () => at((await query('{ currentAppInstallation { id metafields(first: 9, namespace: "storefront") { nodes { key value } } } }')).body, 'data', 'currentAppInstallation');
    const id = at(await read(), 'id');
    const write = async (ownerId: unknown, value: string) => {
      const m = [{ ownerId, namespace: 'storefront', key: 'texts-de', type: 'json', value }];
      const { body } = await query('mutation ($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { userErrors { field code } } }', { m });
      return at(body, 'data', 'metafieldsSet', 'userErrors');
    };
    expect(await write(id, 'no json')).toEqual([{ field: ['metafields', '0', 'value'], code: 'INVALID_VALUE' }]);
    expect(await write('gid://shopify/AppInstallation/1', '{}')).toEqual([{ field: ['metafields', '0', 'ownerId'], code: 'INVALID_VALUE' }]);
    expect(await write(id, '{"a":"b"}')).toEqual([]);
    expect(await read()).toEqual({ id, metafields: { nodes: [{ key: 'texts-de', value: '{"a":"b"}' }] } });
    running.simulator.uninstall(running.simulator.requireStore(shop));
    query = await installAndQuery(running, shop);
    expect(at(await read(), 'metafields')).toEqual({ nodes: [] });
  });

  it('go one by one, and with their definition', async () => {
    const define = 'mutation { metafieldDefinitionCreate(definition: { namespace: "$app", key: "vip", name: "VIP", type: "boolean", ownerType: CUSTOMER }) { userErrors { code } } }';
    expect(at((await query(define)).body, 'data', 'metafieldDefinitionCreate', 'userErrors')).toEqual([]);
    expect(at((await query(define)).body, 'data', 'metafieldDefinitionCreate', 'userErrors')).toEqual([{ code: 'TAKEN' }]);
    await set([100, 101]);
    const { body } = await query(`mutation { metafieldsDelete(metafields: [{ ownerId: "${customer(100)}", namespace: "$app", key: "vip" }, { ownerId: "${customer(999)}", namespace: "$app", key: "vip" }]) { deletedMetafields { key } } }`);
    expect(at(body, 'data', 'metafieldsDelete', 'deletedMetafields')).toEqual([{ key: 'vip' }, null]);
    expect(await valueOf(100)).toBeNull();
    await query('mutation { metafieldDefinitionDelete(identifier: { namespace: "$app", key: "vip", ownerType: CUSTOMER }, deleteAllAssociatedMetafields: true) { userErrors { code } } }');
    expect([await valueOf(100), await valueOf(101)]).toEqual([null, null]);
  });

  it('stay all of them when one is kept', async () => {
    await set([100, 101]);
    const store = running.simulator.requireStore(shop);
    const kept = store.customers.get(101);
    if (!kept) throw new Error('no customer');
    store.restore('customer', { ...kept, metafields: (kept.metafields ?? []).map((metafield) => ({ ...metafield, isKept: true as const })) });
    const m = [100, 101].map((id) => ({ ownerId: customer(id), namespace: '$app', key: 'vip' }));
    const { body } = await query('mutation ($m: [MetafieldIdentifierInput!]!) { metafieldsDelete(metafields: $m) { deletedMetafields { key } userErrors { field } } }', { m });
    expect(at(body, 'data', 'metafieldsDelete')).toEqual({ deletedMetafields: [], userErrors: [{ field: ['metafields', '1'] }] });
    expect([await valueOf(100), await valueOf(101)]).toEqual([{ value: 'true' }, { value: 'true' }]);
  });
});

describe('segments', () => {
  const create = async (name: string, text = "customer_tags CONTAINS 'vip'") =>
    at((await query('mutation ($name: String!, $query: String!) { segmentCreate(name: $name, query: $query) { segment { id name } userErrors { field message } } }', { name, query: text })).body, 'data', 'segmentCreate');

  it('count a name up that is taken, and are listed by their age', async () => {
    for (const [name, given] of [['VIP', 'VIP'], ['VIP', 'VIP (2)'], ['VIP', 'VIP (3)'], ['Foo (0)', 'Foo (0)'], ['Foo (0)', 'Foo (1)']] as const) {
      expect(await create(name)).toMatchObject({ segment: { name: given }, userErrors: [] });
    }
    const { body } = await query('{ segments(first: 2, sortKey: CREATION_DATE, reverse: true) { nodes { name } } }');
    expect(at(body, 'data', 'segments', 'nodes')).toEqual([{ name: 'Foo (1)' }, { name: 'Foo (0)' }]);
    expect(await create('')).toMatchObject({ segment: null, userErrors: [{ field: ['name'], message: "Name can't be blank" }] });
  });

  it('are deleted once', async () => {
    const id = at(await create('VIP'), 'segment', 'id');
    const remove = async () => at((await query('mutation ($id: ID!) { segmentDelete(id: $id) { deletedSegmentId userErrors { message } } }', { id })).body, 'data', 'segmentDelete');
    expect(await remove()).toEqual({ deletedSegmentId: id, userErrors: [] });
    expect(await remove()).toEqual({ deletedSegmentId: null, userErrors: [{ message: 'Segment does not exist' }] });
  });
});
