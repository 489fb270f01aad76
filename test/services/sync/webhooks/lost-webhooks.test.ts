import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { WebhookFailure } from '#app/services/sync/webhooks/postpone-webhooks.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { askingAtOnce } from '#test/support/asking-at-once.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';

const STORE = syntheticStore(20);
const DOMAIN = STORE.shop.domain;
const ORDER_ID = 1_000_010;

let faulty: FaultyApp;
let context: ShopContext;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
});

beforeEach(async () => {
  faulty.proxy.clear();
  await faulty.owner.query('TRUNCATE webhook_inbox, imports, tombstones, reconciliations CASCADE');
  context = await askingAtOnce(await faulty.app.install(DOMAIN));
  expect(await faulty.pull(context)).toEqual([]);
});

afterAll(() => faulty.stop());

async function post(path: string, topic: string, payload: unknown): Promise<void> {
  const appUrl = faulty.app.running.appFrontUrl;
  const response = await sendWebhook({ appUrl, path, topic, shop: DOMAIN, body: JSON.stringify(payload) });
  expect(response.status).toBe(200);
}

/** As the worker would, `minutes` from now. */
async function handleIn(minutes: number): Promise<WebhookFailure[]> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  return handleWebhooks({ ...context, now: () => new Date(Date.now() + minutes * 60_000) });
}

const inbox = () =>
  faulty.rows('SELECT topic, state, attempts, outages FROM webhook_inbox ORDER BY inbox_id DESC LIMIT 1');
const requestedImports = () => faulty.rows("SELECT resource FROM imports WHERE state = 'requested' ORDER BY resource");

const requestedComparisons = () => faulty.rows("SELECT cause, scope FROM reconciliations WHERE state = 'requested'");

/** A pull that ended so. */
const pulled = (state: 'completed' | 'failed', resource: 'orders' | 'customers' = 'orders') =>
  faulty.owner.query(
    'INSERT INTO imports (shop_id, import_id, resource, state, requested_at, finished_at) SELECT shop_id, gen_random_uuid(), $2, $1, now(), now() FROM shops',
    [state, resource],
  );

async function failForGood(): Promise<void> {
  for (let attempt = 0; attempt < 8; attempt += 1) expect(await handleIn(100 + attempt * 6)).toMatchObject([{ isDead: attempt === 7 }]);
}

/** Shopify answers each call of the Admin API so. */
function answerAll(status: number): { calls: () => number } {
  let calls = 0;
  faulty.proxy.plan = ({ path }) => {
    if (!path.startsWith('/admin/')) return undefined;
    calls += 1;
    return { kind: 'answer', status, body: 'no' };
  };
  return { calls: () => calls };
}

describe('a webhook that cannot be handled', () => {
  it('waits as long as Shopify does not answer, however often it was tried', async () => {
    await post('/webhooks/orders', 'orders/updated', { id: ORDER_ID });
    await faulty.owner.query('UPDATE orders SET updated_at = $2, name = $3 WHERE order_id = $1', [ORDER_ID, '2020-01-01', 'stale']);
    answerAll(503);
    for (let attempt = 0; attempt < 12; attempt += 1) expect(await handleIn(attempt * 6)).toHaveLength(1);
    expect(await inbox()).toEqual([{ topic: 'orders/updated', state: 'waiting', attempts: 0, outages: 12 }]);

    faulty.proxy.clear();
    expect(await handleIn(12 * 6)).toEqual([]);
    expect(await inbox()).toMatchObject([{ state: 'handled' }]);
    expect(await faulty.rows('SELECT name FROM orders WHERE order_id = $1', [ORDER_ID])).toEqual([{ name: '#1002' }]);
  });

  it('has all its tries left after an outage', async () => {
    await post('/webhooks/orders', 'orders/updated', { id: 'nonsense' });
    await faulty.owner.query('UPDATE webhook_inbox SET outages = 20');
    expect(await handleIn(0)).toMatchObject([{ isDead: false }]);
    expect(await inbox()).toEqual([{ topic: 'orders/updated', state: 'waiting', attempts: 1, outages: 20 }]);
  });

  it('is no work for anybody until its pause is over', async () => {
    const { loadWaitingWork } = await import('#app/adapters/db/shop-registry.server.ts');
    const { prisma } = await import('#app/db.server.ts');
    await post('/webhooks/orders', 'orders/updated', { id: 'nonsense' });
    await faulty.owner.query("UPDATE webhook_inbox SET outages = 20 WHERE state = 'waiting'");
    expect(await handleIn(0)).toMatchObject([{ isDead: false }]);
    const isWork = async (minutes: number) => (await loadWaitingWork(prisma, new Date(Date.now() + minutes * 60_000))).some(({ work }) => work === 'webhooks');
    expect([await isWork(0), await isWork(6)]).toEqual([false, true]);
  });

  it('is found although a later version has kinds of work that this one does not know', async () => {
    const { loadWaitingWork } = await import('#app/adapters/db/shop-registry.server.ts');
    const { prisma } = await import('#app/db.server.ts');
    const [sound] = await faulty.rows("SELECT pg_get_functiondef('due_offers(timestamptz)'::regprocedure) AS text");
    const text = String(sound?.['text']);
    await faulty.owner.query(text.replace(/\$function\$[^]*\$function\$/, "$function$ SELECT shop_id, domain, 'of-later' FROM shops $function$"));
    try {
      await post('/webhooks/orders', 'orders/updated', { id: ORDER_ID });
      const kinds = (await loadWaitingWork(prisma, new Date())).map(({ work }) => String(work));
      expect(kinds).toContain('webhooks');
      expect(kinds).not.toContain('of-later');
    } finally {
      await faulty.owner.query(text);
    }
  });

  it('waits while the grant is withheld from a shop that has the app', async () => {
    await post('/webhooks/orders', 'orders/updated', { id: ORDER_ID });
    answerAll(402);
    for (let attempt = 0; attempt < 9; attempt += 1) expect(await handleIn(attempt * 6)).toMatchObject([{ isDead: false }]);
    expect(await inbox()).toEqual([{ topic: 'orders/updated', state: 'waiting', attempts: 0, outages: 9 }]);
  });

  it('is set aside after eight times when it is its own fault, its body kept, and a comparison makes up for it', async () => {
    await pulled('completed');
    await post('/webhooks/orders', 'orders/updated', { id: 'nonsense' });
    for (let attempt = 0; attempt < 8; attempt += 1) {
      expect(await requestedComparisons()).toEqual([]);
      expect(await handleIn(100 + attempt * 6)).toMatchObject([{ isDead: attempt === 7 }]);
    }
    expect(await inbox()).toEqual([{ topic: 'orders/updated', state: 'dead', attempts: 8, outages: 0 }]);
    expect(await faulty.rows("SELECT 1 FROM webhook_inbox WHERE state = 'dead' AND body_sealed IS NOT NULL")).toHaveLength(1);
    expect(await requestedComparisons()).toEqual([{ cause: 'lost-webhook', scope: 'recent' }]);
    expect(await requestedImports()).toEqual([]);
    expect(await handleIn(1_000)).toEqual([]);
  });

  it('is made up for by a comparison of every order when an order was deleted, which no file would tell', async () => {
    await pulled('completed');
    await post('/webhooks/orders', 'orders/delete', { id: 'nonsense' });
    await failForGood();
    expect(await requestedComparisons()).toEqual([{ cause: 'lost-webhook', scope: 'all' }]);
    expect(await requestedImports()).toEqual([]);
  });

  it.each([
    ['customers/update', 'recent'],
    ['customers/merge', 'all'],
  ] as const)('is made up for by a comparison when it was a %s and the customers have been pulled', async (topic, scope) => {
    await pulled('completed');
    await pulled('completed', 'customers');
    await post('/webhooks/customers', topic, { id: 'nonsense' });
    await failForGood();
    expect(await requestedComparisons()).toEqual([{ cause: 'lost-webhook', scope }]);
    expect(await requestedImports()).toEqual([]);
  });

  it.each([
    ['it told of a customer, and none has been pulled', '/webhooks/customers', 'customers/update', 'completed'],
    ['there is no history yet to compare', '/webhooks/orders', 'orders/updated', 'failed'],
  ] as const)('is made up for by a pull when %s', async (_why, path, topic, state) => {
    await pulled(state);
    await post(path, topic, { id: 'nonsense' });
    await failForGood();
    expect(await requestedImports()).toEqual([{ resource: 'customers' }, { resource: 'orders' }]);
    expect(await requestedComparisons()).toEqual([]);
  });

  it('brings an order right although its webhook died of it', async () => {
    await pulled('completed');
    await faulty.owner.query("UPDATE orders SET updated_at = '2020-01-01', name = 'stale' WHERE order_id = $1", [ORDER_ID]);
    await post('/webhooks/orders', 'orders/updated', { id: 'nonsense' });
    await failForGood();
    const { advanceUntilCompared } = await import('#test/support/reconcile.ts');
    const turns = await advanceUntilCompared(context);
    expect(turns.at(-1)?.ended).toMatchObject({ cause: 'lost-webhook', differencesFound: 1, differencesRepaired: 1 });
    expect(await faulty.rows('SELECT name FROM orders WHERE order_id = $1', [ORDER_ID])).toEqual([{ name: '#1002' }]);
  });

  it('is tried for ever when the law asks for it', async () => {
    await post('/webhooks/compliance', 'customers/redact', { shop_domain: DOMAIN, customer: { id: 'nonsense' }, orders_to_redact: [] });
    for (let attempt = 0; attempt < 10; attempt += 1) expect(await handleIn(attempt * 6)).toMatchObject([{ isDead: false }]);
    expect(await inbox()).toMatchObject([{ state: 'waiting', attempts: 10 }]);
  });

  it('is tried again where the law asks for it, although the worker ended at each try', async () => {
    await post('/webhooks/compliance', 'customers/redact', { shop_domain: DOMAIN, customer: {}, orders_to_redact: [] });
    await faulty.owner.query("UPDATE webhook_inbox SET attempts = 9, outcome = 'begun'");
    expect(await handleIn(0)).toEqual([]);
    expect(await inbox()).toMatchObject([{ state: 'handled' }]);
  });

  it('stays done when it came to its end after its time was over', async () => {
    const { postponeWebhooks } = await import('#app/services/sync/webhooks/postpone-webhooks.server.ts');
    await post('/webhooks/orders', 'orders/updated', { id: ORDER_ID });
    const due = await context.inShop((db) => db.webhookDelivery.findMany({ where: { shopId: context.shop.shopId } }));
    expect(await handleIn(0)).toEqual([]);
    const before = await faulty.rows('SELECT * FROM webhook_inbox');
    expect(await postponeWebhooks(context, due, new Error('too late'), { isBegun: true })).toMatchObject([{ isDead: false }]);
    expect(await faulty.rows('SELECT * FROM webhook_inbox')).toEqual(before);
  });

  it('of a shop that left asks Shopify nothing when it is of its history, and is given up like any other when it is not', async () => {
    await post('/webhooks/orders', 'orders/updated', { id: ORDER_ID });
    await post('/webhooks/customers', 'customers/delete', { id: 101 });
    await faulty.owner.query('UPDATE shops SET uninstalled_at = now()');
    const { calls } = answerAll(402);
    expect(await handleIn(0)).toEqual([]);
    expect(await faulty.rows('SELECT DISTINCT state, outcome FROM webhook_inbox')).toEqual([{ state: 'handled', outcome: 'not-installed' }]);
    expect(calls()).toBe(0);

    await post('/webhooks/app', 'shop/update', {});
    await failForGood();
    expect(await inbox()).toMatchObject([{ topic: 'shop/update', state: 'dead', outages: 0 }]);
    await faulty.owner.query('UPDATE shops SET uninstalled_at = NULL');
  });
});

describe('a turn', () => {
  it('ends at the first outage, and the rest of the work stays due', async () => {
    for (const id of [1_000_010, 1_000_011, 1_000_012]) await post('/webhooks/orders', 'orders/updated', { id });
    await post('/webhooks/app', 'shop/update', {});
    answerAll(503);
    // The three orders are one read.
    expect(await handleIn(0)).toHaveLength(1);
    expect(await faulty.rows('SELECT attempts, outages FROM webhook_inbox ORDER BY inbox_id')).toEqual([
      { attempts: 0, outages: 1 },
      { attempts: 0, outages: 1 },
      { attempts: 0, outages: 1 },
      { attempts: 0, outages: 0 },
    ]);
  });

  it('is followed by a pause when Shopify did not answer, and by none otherwise', async () => {
    const { HANDLERS } = await import('#app/jobs/handlers.server.ts');
    await post('/webhooks/orders', 'orders/updated', { id: ORDER_ID });
    answerAll(503);
    expect((await HANDLERS.webhooks(context)).pauseMs).toBeGreaterThan(0);
    expect((await HANDLERS.webhooks(context)).pauseMs).toBe(0);
  });

  it('begins nothing more once its time is over, and leaves the others for the next', async () => {
    const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
    for (let number = 0; number < 3; number += 1) {
      await post('/webhooks/compliance', 'customers/redact', { shop_domain: DOMAIN, customer: {}, orders_to_redact: [] });
    }
    const states = async () => (await faulty.rows('SELECT state FROM webhook_inbox ORDER BY inbox_id')).map(({ state }) => state);
    expect(await handleWebhooks(context, { turnMs: 0 })).toEqual([]);
    // The oldest first.
    expect(await states()).toEqual(['handled', 'waiting', 'waiting']);
    expect(await handleIn(0)).toEqual([]);
    expect(await states()).toEqual(['handled', 'handled', 'handled']);
  });
});

describe('shop/redact', () => {
  const redact = { shop_id: 1, shop_domain: DOMAIN };

  it('deletes nothing of a shop that has the app', async () => {
    await post('/webhooks/compliance', 'shop/redact', redact);
    expect(await handleIn(0)).toEqual([]);
    expect(await faulty.rows('SELECT count(*)::int AS orders FROM orders')).toEqual([{ orders: 20 }]);
  });

  it('waits while Shopify cannot be asked whether the shop has the app', async () => {
    await post('/webhooks/compliance', 'shop/redact', redact);
    faulty.proxy.plan = ({ path }) => (path.startsWith('/admin/api') ? { kind: 'reset' } : undefined);
    expect(await handleIn(0)).toHaveLength(1);
    expect(await faulty.rows('SELECT count(*)::int AS orders FROM orders')).toEqual([{ orders: 20 }]);
  });

  it.each([402, 403, 404, 423])('waits while Shopify answers %i, as for a frozen shop', async (status) => {
    await post('/webhooks/compliance', 'shop/redact', redact);
    answerAll(status);
    expect(await handleIn(0)).toMatchObject([{ isDead: false }]);
    expect(await faulty.rows('SELECT count(*)::int AS orders FROM orders')).toEqual([{ orders: 20 }]);
  });

  it('waits while our own token cannot be read', async () => {
    await post('/webhooks/compliance', 'shop/redact', redact);
    await faulty.owner.query("UPDATE sessions SET access_token_sealed = '\\x00'");
    expect(await handleIn(0)).toMatchObject([{ isDead: false }]);
    expect(await faulty.rows('SELECT count(*)::int AS orders FROM orders')).toEqual([{ orders: 20 }]);
  });

  it('deletes everything although the webhook of the uninstall never came', async () => {
    const { simulator } = faulty.app.running;
    const store = simulator.requireStore(DOMAIN);
    // Nobody is there to take the webhook.
    faulty.app.running.setUpstream('http://127.0.0.1:9');
    simulator.uninstall(store);
    expect(await faulty.rows('SELECT uninstalled_at FROM shops')).toEqual([{ uninstalled_at: null }]);

    const { receiveIntoInbox } = await import('#app/adapters/db/webhook-inbox.repository.server.ts');
    const { pool } = await import('#app/db.server.ts');
    const webhookId = randomUUID();
    const place = { shopId: context.shop.shopId, table: 'webhook_inbox', column: 'body', row: webhookId };
    const bodySealed = context.sealedBox.seal(JSON.stringify(redact), place);
    const webhook = { webhookId, eventId: null, topic: 'shop/redact', apiVersion: '2026-10', triggeredAt: null, bodySealed };
    expect((await receiveIntoInbox(pool, context.shop, [webhook])).get(webhook)).toBe('stored');
    expect(await handleIn(0)).toEqual([]);
    expect(await faulty.rows('SELECT (SELECT count(*) FROM shops) + (SELECT count(*) FROM orders) + (SELECT count(*) FROM sessions) AS left')).toEqual([{ left: '0' }]);
  });
});
