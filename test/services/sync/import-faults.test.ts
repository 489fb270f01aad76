import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { FaultRule } from '#test/simulator/faults/fault-rules.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import type { Fault } from '#test/support/fault-proxy.ts';
import { BULK_FILE, startFaultyImport, type FaultyImport } from '#test/support/faulty-import.ts';
import { scriptBulk } from '#test/support/scripted-bulk.ts';

const STORE = syntheticStore(150);
const DOMAIN = STORE.shop.domain;

let importing: FaultyImport;

beforeAll(async () => {
  importing = await startFaultyImport(STORE);
});

beforeEach(() => importing.begin());

afterAll(() => importing.faulty.stop());

describe('the file of a bulk operation', () => {
  it.each<[string, Fault]>([
    ['a reset in its middle', { kind: 'cut', afterBytes: 100_000 }],
    ['a reset before it', { kind: 'reset' }],
    ['a server error', { kind: 'answer', status: 503, body: 'SlowDown' }],
  ])('is fetched again after %s', async (_what, fault) => {
    importing.failFirst(1, (path) => BULK_FILE.test(path), fault);
    const errors = await importing.pull();
    expect(errors).toEqual([expect.objectContaining({ name: 'ShopifyUnavailableError' })]);
    expect(await importing.stateHash()).toEqual(importing.whole);
    expect(await importing.imports()).toMatchObject([{ state: 'completed' }, { state: 'completed', attempts: 0 }]);
  });

  it.each([403, 404, 410])('is made anew when its address answers %i', async (status) => {
    importing.failFirst(1, (path) => BULK_FILE.test(path), { kind: 'answer', status, body: 'ExpiredToken' });
    expect(await importing.pull()).toEqual([]);
    expect(await importing.stateHash()).toEqual(importing.whole);
    expect(await importing.ordersImport()).toMatchObject({ state: 'completed', attempts: 1, error_code: null });
  });

  it('is given up after three addresses that answer 403', async () => {
    importing.failFirst(99, (path) => BULK_FILE.test(path), { kind: 'answer', status: 403, body: 'ExpiredToken' });
    expect(await importing.pull()).toEqual([]);
    expect(await importing.ordersImport()).toMatchObject({ state: 'failed', attempts: 3, error_code: 'file-gone' });
  });
});

describe('a bulk operation that ends badly', () => {
  const failing = (errorCode: 'ACCESS_DENIED' | 'INTERNAL_SERVER_ERROR' | 'TIMEOUT'): FaultRule => ({
    where: 'bulk',
    what: { kind: 'failed', errorCode, share: 0.5 },
  });
  const bad: [string, FaultRule, string][] = [
    ['FAILED', failing('INTERNAL_SERVER_ERROR'), 'INTERNAL_SERVER_ERROR'],
    ['FAILED for want of access', failing('ACCESS_DENIED'), 'ACCESS_DENIED'],
    ['FAILED after the time it is given', failing('TIMEOUT'), 'TIMEOUT'],
    ['EXPIRED', { where: 'bulk', what: { kind: 'expired' } }, 'EXPIRED'],
    ['COMPLETED with objects and without a file', { where: 'bulk', what: { kind: 'no-url' } }, 'file-missing'],
    ['COMPLETED with a file that lacks objects', { where: 'bulk-file', what: { kind: 'short', share: 0.5, wholeLines: true } }, 'file-cut-short'],
  ];
  const plan = (...rules: FaultRule[]) => importing.faulty.app.running.simulator.faults.set({ seed: 1, rules });

  afterEach(() => importing.faulty.app.running.simulator.faults.clear());

  it.each(bad)('is asked for again: %s', async (_what, rule) => {
    // The orders' is the first.
    plan({ ...rule, first: 1 });
    expect(await importing.pull()).toEqual([]);
    expect(await importing.stateHash()).toEqual(importing.whole);
    expect(await importing.ordersImport()).toMatchObject({ state: 'completed', attempts: 1, error_code: null });
  });

  it.each(bad)('is given up after three times: %s', async (_what, rule, errorCode) => {
    plan(rule);
    const { bulk } = importing.faulty.app.running.simulator;
    const before = bulk.list(DOMAIN).length;
    expect(await importing.pull()).toEqual([]);
    expect(bulk.list(DOMAIN).length - before).toBe(6);
    expect(await importing.imports()).toEqual([
      { resource: 'customers', state: 'failed', error_code: errorCode, attempts: 3 },
      { resource: 'orders', state: 'failed', error_code: errorCode, attempts: 3 },
    ]);
  });

  it('counts nothing of a file that lacked objects once another has come', async () => {
    plan({ where: 'bulk-file', what: { kind: 'short', share: 0.5, wholeLines: true }, first: 1 });
    expect(await importing.pull()).toEqual([]);
    const { objects_reported: reported, objects_stored: stored } = await importing.ordersImport();
    expect([Number(reported) > 0, stored]).toEqual([true, reported]);
  });

  it('that somebody cancelled ends the import as cancelled', async () => {
    plan({ where: 'bulk', what: { kind: 'canceled' } });
    expect(await importing.pull()).toEqual([]);
    expect(await importing.imports()).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
  });

  it('with nothing in it is complete', async () => {
    importing.faulty.proxy.plan = scriptBulk([{ objectCount: 0, file: null }]);
    expect(await importing.pull()).toEqual([]);
    expect(await importing.imports()).toMatchObject([{ state: 'completed' }, { state: 'completed' }]);
  });

  it('that Shopify forgot is asked for again', async () => {
    let forgotten = 0;
    importing.faulty.proxy.plan = ({ body }) => {
      if (!body.includes('bulkOperation(id:') || forgotten === 1) return undefined;
      forgotten += 1;
      return { kind: 'answer', status: 200, body: '{"data":{"bulkOperation":null}}' };
    };
    expect(await importing.pull()).toEqual([]);
    expect(await importing.stateHash()).toEqual(importing.whole);
  });

  it('is refused for good when the question is wrong', async () => {
    const refusal = { bulkOperationRunQuery: { bulkOperation: null, userErrors: [{ field: ['query'], message: 'Invalid bulk query', code: 'INVALID' }] } };
    importing.failFirst(9, (_path, body) => body.includes('bulkOperationRunQuery'), { kind: 'answer', status: 200, body: JSON.stringify({ data: refusal }) });
    expect(await importing.pull()).toEqual([]);
    expect(await importing.imports()).toMatchObject([{ error_code: 'request-refused' }, { error_code: 'request-refused' }]);
  });
});

describe('starting a bulk operation', () => {
  it.each(['OPERATION_IN_PROGRESS', 'LIMIT_REACHED'])('waits for a place when more are under way than Shopify allows: %s', async (code) => {
    const busy = { bulkOperationRunQuery: { bulkOperation: null, userErrors: [{ field: null, message: 'in progress', code }] } };
    importing.failFirst(4, (_path, body) => body.includes('bulkOperationRunQuery'), { kind: 'answer', status: 200, body: JSON.stringify({ data: busy }) });
    expect(await importing.pull()).toEqual([]);
    expect(await importing.stateHash()).toEqual(importing.whole);
    expect(await importing.imports()).toMatchObject([{ attempts: 0 }, { attempts: 0 }]);
  });

  it('whose answer was lost costs another operation and nothing else', async () => {
    importing.failFirst(1, (_path, body) => body.includes('bulkOperationRunQuery'), { kind: 'reset-after' });
    expect(await importing.pull()).toHaveLength(1);
    expect(await importing.stateHash()).toEqual(importing.whole);
  });
});
