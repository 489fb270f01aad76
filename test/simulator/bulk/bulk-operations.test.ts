import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyAppConfig } from '../app-toml.ts';
import type { RunningSimulator, SimulatorOptions } from '../server.ts';
import { at, installAndQuery, startTestSimulator, until } from '../simulator-client.ts';
import { syntheticStore } from '../synthetic-store.ts';
import { localBulkFileAddress } from './bulk-file-address.ts';

const shop = 'synthetic.myshopify.com';
const ordersWithLines = '{ orders { edges { node { id lineItems { edges { node { id } } } } } } }';
const state = 'id status objectCount rootObjectCount fileSize url errorCode completedAt';

let running: RunningSimulator;
let query: Awaited<ReturnType<typeof installAndQuery>>;

async function start(orderCount: number, options: Partial<SimulatorOptions> = {}, scopes?: string[]): Promise<void> {
  running = await startTestSimulator({
    store: syntheticStore(orderCount),
    ...options,
    app: { config: { ...emptyAppConfig, scopes: scopes ?? ['read_orders', 'read_all_orders'] } },
  });
  query = await installAndQuery(running, shop);
}

async function run(text: string, groupObjects = false): Promise<unknown> {
  const { body } = await query(
    `mutation ($query: String!, $group: Boolean!) { bulkOperationRunQuery(query: $query, groupObjects: $group) {
       bulkOperation { ${state} } userErrors { field message code } } }`,
    { query: text, group: groupObjects },
  );
  return at(body, 'data', 'bulkOperationRunQuery');
}

async function poll(id: unknown): Promise<unknown> {
  return at(
    (await query(`query ($id: ID!) { bulkOperation(id: $id) { ${state} } }`, { id })).body,
    'data',
    'bulkOperation',
  );
}

async function finish(text: string, groupObjects = false): Promise<unknown> {
  const id = at(await run(text, groupObjects), 'bulkOperation', 'id');
  return until(
    () => poll(id),
    (operation) => ['COMPLETED', 'FAILED'].includes(String(at(operation, 'status'))),
  );
}

const fileAddressOf = (operation: unknown): string => localBulkFileAddress(String(at(operation, 'url')), running.origin);

async function linesOf(operation: unknown): Promise<{ id: string; __parentId?: string }[]> {
  const text = await (await fetch(fileAddressOf(operation))).text();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; __parentId?: string });
}

beforeEach(() => start(3));
afterEach(() => running.close());

describe('a bulk operation', () => {
  it('starts with nothing counted and ends with truthful counts as text', async () => {
    const started = at(await run(ordersWithLines), 'bulkOperation');
    expect(started).toMatchObject({ status: 'CREATED', objectCount: '0', fileSize: null, url: null });
    const done = await until(
      () => poll(at(started, 'id')),
      (operation) => at(operation, 'status') === 'COMPLETED',
    );
    expect(done).toMatchObject({ objectCount: '9', rootObjectCount: '3', errorCode: null });
    const text = await (await fetch(fileAddressOf(done))).text();
    expect(at(done, 'fileSize')).toBe(String(Buffer.byteLength(text)));
  });

  it('does not put children beside their parents unless it is asked to', async () => {
    const apart = await linesOf(await finish(ordersWithLines));
    expect(apart.map((line) => line.__parentId ?? 'root').slice(0, 4)).toEqual([
      'root',
      'root',
      'root',
      'gid://shopify/Order/1000020',
    ]);
    const together = await linesOf(await finish(ordersWithLines, true));
    expect(together.slice(0, 4).map(({ id }) => id)).toEqual([
      'gid://shopify/Order/1000000',
      'gid://shopify/LineItem/1000001',
      'gid://shopify/LineItem/1000002',
      'gid://shopify/Order/1000010',
    ]);
    expect(together.map(({ id }) => id).sort()).toEqual(apart.map(({ id }) => id).sort());
  });

  it('has no address when nothing was found', async () => {
    expect(await finish('{ orders(query: "id:5") { edges { node { id } } } }')).toMatchObject({
      status: 'COMPLETED',
      objectCount: '0',
      url: null,
    });
  });

  it('serves a part of the file, and nothing after seven days', async () => {
    const done = await finish(ordersWithLines);
    const url = fileAddressOf(done);
    const part = await fetch(url, { headers: { Range: 'bytes=0-9' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes 0-9/${String(at(done, 'fileSize'))}`,
    ]);
    expect(await part.text()).toBe('{"id":"gid');
    running.simulator.advanceClock(8 * 24 * 3600 * 1000);
    expect((await fetch(url)).status).toBe(403);
  });

  it('fails when the token lacks a scope of the query', async () => {
    await running.close();
    await start(3, {}, ['read_products']);
    expect(await finish(ordersWithLines)).toMatchObject({ status: 'FAILED', errorCode: 'ACCESS_DENIED', url: null });
  });

  it('runs beside four others of the store, and a sixth is refused until one is cancelled', async () => {
    await running.close();
    await start(2000, { bulkObjectsPerSecond: 10 });
    const ids: unknown[] = [];
    for (let started = 0; started < 5; started += 1) ids.push(at(await run(ordersWithLines), 'bulkOperation', 'id'));
    const sixth = await run(ordersWithLines);
    expect(sixth).toEqual({
      bulkOperation: null,
      userErrors: [
        {
          field: null,
          message: `A bulk query operation for this app and shop is already in progress: ${ids.join(', ')}.`,
          code: 'OPERATION_IN_PROGRESS',
        },
      ],
    });
    const cancel =
      'mutation ($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } } }';
    expect(at((await query(cancel, { id: ids[0] })).body, 'data', 'bulkOperationCancel')).toEqual({
      bulkOperation: { status: 'CANCELING' },
      userErrors: [],
    });
    const running5 = await until(
      () => poll(ids[1]),
      (operation) => at(operation, 'status') === 'RUNNING',
    );
    expect(Number(at(running5, 'objectCount'))).toBeLessThan(6000);
    await until(
      () => poll(ids[0]),
      (operation) => at(operation, 'status') === 'CANCELED',
    );
    expect(at(await run(ordersWithLines), 'userErrors')).toEqual([]);
  });

  it('writes 20,000 orders with their lines', async () => {
    await running.close();
    await start(20_000);
    const id = at(await run(ordersWithLines), 'bulkOperation', 'id');
    const done = await until(
      () => poll(id),
      (operation) => at(operation, 'status') === 'COMPLETED',
    );
    expect(done).toMatchObject({ objectCount: '60000', rootObjectCount: '20000' });
  });
});
