import { execFile } from 'node:child_process';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const STORE = syntheticStore(12);
const OTHER = syntheticStore(3, { shop: { id: 2, domain: 'other.myshopify.com' } });
const DOMAIN = STORE.shop.domain;

let app: AppUnderTest;
let context: ShopContext;

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  context = await app.install(DOMAIN);
  await app.install(OTHER.shop.domain);
  await pullHistory(context);
  const { recordDataRequest } = await import('#app/services/privacy/record-data-request.server.ts');
  const receivedAt = new Date('2026-11-01T00:00:00.000Z');
  await recordDataRequest(context, { webhookId: 'asked', receivedAt }, { customerId: 100n, orderIds: [] });
  await recordDataRequest(context, { webhookId: 'unknown', receivedAt }, { customerId: 5n, orderIds: [] });
});

afterAll(() => app.stop());

/** The command as an operator runs it. */
function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = [join('app', 'commands', 'data-request.ts'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: PROJECT_DIR, env: { ...process.env, ...app.env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe('the command for data requests', () => {
  it('lists the open requests of a shop', async () => {
    const { code, stdout } = await run(DOMAIN, '--list');
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').sort()).toEqual([
      '2026-11-01T00:00:00.000Z  asked  answered',
      '2026-11-01T00:00:00.000Z  unknown  nothing-held',
    ]);
  });

  it('prints what is held of the customer as JSON, their orders with lines', async () => {
    const { code, stdout } = await run(DOMAIN, 'asked');
    expect(code).toBe(0);
    const answer: unknown = JSON.parse(stdout);
    const orderIds = STORE.orders.filter(({ customerId }) => customerId === 100).map(({ id }) => String(id));
    expect(answer).toMatchObject({ customer: [{ customerId: '100' }], ordersLeftOut: 0 });
    expect(answer).toHaveProperty('orders.length', orderIds.length);
    expect(answer).toHaveProperty('orderLines.0.orderId', expect.stringMatching(new RegExp(`^(${orderIds.join('|')})$`)));
  });

  it.each([
    ['a request of another shop', [OTHER.shop.domain, 'asked'], 'has no open request asked'],
    ['a shop that it does not know', ['nobody.myshopify.com', '--list'], 'No shop nobody.myshopify.com is known'],
    ['no request', [DOMAIN], 'Usage:'],
  ])('says what is wrong with %s', async (_what, args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  });
});
