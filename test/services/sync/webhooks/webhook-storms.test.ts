import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { signedWebhook } from '#test/support/send-webhook.ts';

const STORE = syntheticStore(120, { endsAt: '2026-06-01T00:00:00.000Z' });
const DOMAIN = STORE.shop.domain;

let faulty: FaultyApp;
let context: ShopContext;
let shopify: ShopStore;
let changedAt: string;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(DOMAIN);
  await faulty.pull(context);
  shopify = faulty.app.running.simulator.requireStore(DOMAIN);
  // A turn ends when its time is over, which waiting for points would use up.
  Object.assign(faulty.app.running.simulator.bucketOf(DOMAIN), { canAfford: () => true, take: () => {} });
});

beforeEach(async () => {
  faulty.proxy.clear();
  laterMs = 0;
  await faulty.owner.query("TRUNCATE webhook_inbox; DELETE FROM imports WHERE updated_since IS NOT NULL; UPDATE orders SET source_name = 'before'");
  changedAt = new Date(Date.now() - 60_000).toISOString();
});

afterAll(() => faulty.stop());

/** So many orders change, and Shopify tells of each. */
async function storm(orders: number): Promise<void> {
  const { answerWebhook } = await import('#app/http/webhook-endpoint.server.ts');
  for (const order of STORE.orders.slice(0, orders)) {
    shopify.save('order', { ...order, sourceName: 'after', updatedAt: changedAt });
    const body = JSON.stringify({ id: order.id, updated_at: changedAt });
    const webhook = signedWebhook({ appUrl: 'http://app', path: '/webhooks/orders', topic: 'orders/updated', shop: DOMAIN, body });
    expect((await answerWebhook(webhook, ['orders/updated'])).status).toBe(200);
  }
}

async function turn(of = context): Promise<number> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  return (await handleWebhooks(of, { turnMs: 60_000 })).length;
}

let laterMs = 0;

/** As the worker does two seconds after the turn before, when the one that looks is due again. */
function later(): ShopContext {
  laterMs += 2_000;
  const aheadMs = laterMs;
  return { ...context, now: () => new Date(Date.now() + aheadMs) };
}

const outcomes = async () =>
  (await faulty.rows("SELECT outcome, count(*)::int AS n FROM webhook_inbox WHERE topic = 'orders/updated' GROUP BY 1 ORDER BY 1"));
const reads = () => faulty.proxy.requests.filter(({ body }) => body.includes('OrdersById')).length;
const changedHere = async () => (await faulty.rows("SELECT 1 FROM orders WHERE source_name = 'after'")).length;
const pulls = () => faulty.rows('SELECT state, error_code FROM imports WHERE updated_since IS NOT NULL ORDER BY requested_at');

describe('a storm of webhooks', () => {
  it('is one pull of what changed and no read, and each webhook is done when the pull has brought its order', async () => {
    await storm(100);
    expect(await turn()).toBe(0);
    expect(await pulls()).toEqual([{ state: 'requested', error_code: null }]);
    // While it is under way they rest: one looks, the others are not even due.
    expect(await turn(later())).toBe(0);
    expect(await faulty.rows('SELECT count(*)::int AS n FROM webhook_inbox WHERE not_before > now() + interval \'1 minute\'')).toEqual([{ n: 99 }]);
    expect(await faulty.pull(context)).toEqual([]);
    expect(await turn(later())).toBe(0);
    expect(await outcomes()).toEqual([{ outcome: 'pulled', n: 100 }]);
    expect(await changedHere()).toBe(100);
    expect(reads()).toBe(0);
    const [import_] = await faulty.rows('SELECT objects_stored, objects_rejected FROM imports WHERE updated_since IS NOT NULL');
    // Each with its two lines, and none of the others.
    expect(import_).toEqual({ objects_stored: 300, objects_rejected: 0 });
  });

  it('does not show as an import of the history', async () => {
    const { loadImportProgress } = await import('#app/services/sync/load-import-progress.server.ts');
    const before = await loadImportProgress(context);
    await storm(100);
    await turn();
    expect(await pulls()).toHaveLength(1);
    expect(await loadImportProgress(context)).toEqual(before);
    await faulty.pull(context);
  });

  it('is read order by order when its pull fails, without another pull', async () => {
    await storm(80);
    await turn();
    await faulty.owner.query("UPDATE imports SET state = 'failed', finished_at = now() WHERE updated_since IS NOT NULL");
    await turn(later());
    expect(await outcomes()).toEqual([{ outcome: 'stored', n: 80 }]);
    expect(await pulls()).toHaveLength(1);
    expect(await changedHere()).toBe(80);
  });

  it('leaves what failed after its pull its pauses, while others of the pull are still due', async () => {
    await storm(80);
    await turn();
    await faulty.owner.query("UPDATE imports SET state = 'failed', finished_at = now() WHERE updated_since IS NOT NULL");
    await faulty.owner.query(
      "UPDATE webhook_inbox SET outcome = 'TypeError', attempts = 2, not_before = now() + interval '1 hour' WHERE inbox_id = (SELECT max(inbox_id) FROM webhook_inbox)",
    );
    await turn(later());
    expect(await outcomes()).toEqual([{ outcome: 'TypeError', n: 1 }, { outcome: 'stored', n: 79 }]);
  });

  it('gives way to a pull of everything, and waits for that one', async () => {
    const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
    await storm(100);
    await turn();
    await restartImports(context);
    expect(await pulls()).toEqual([{ state: 'cancelled', error_code: 'superseded' }]);
    await turn(later());
    expect(await faulty.rows("SELECT count(*)::int AS n FROM webhook_inbox w JOIN imports i ON i.import_id = w.pull_id WHERE i.updated_since IS NULL AND i.state = 'requested'")).toEqual([{ n: 100 }]);
    await faulty.pull(context);
    await turn(later());
    expect(await outcomes()).toEqual([{ outcome: 'pulled', n: 100 }]);
  });

  it('asks for what changed from a while before the oldest version on, since Shopify’s search lags behind', async () => {
    await storm(100);
    await turn();
    const [pull] = await faulty.rows('SELECT updated_since FROM imports WHERE updated_since IS NOT NULL');
    expect(Date.parse(changedAt) - Number(pull?.['updated_since'])).toBeGreaterThanOrEqual(60_000);
    await faulty.pull(context);
  });

  it('reaches back two days at most, and what is older is read by itself', async () => {
    const { answerWebhook } = await import('#app/http/webhook-endpoint.server.ts');
    const old = STORE.orders[110];
    if (!old) throw new Error('no order');
    await faulty.owner.query('DELETE FROM orders WHERE order_id = $1', [old.id]);
    const body = JSON.stringify({ id: old.id, updated_at: old.updatedAt });
    const webhook = signedWebhook({ appUrl: 'http://app', path: '/webhooks/orders', topic: 'orders/updated', shop: DOMAIN, body });
    expect((await answerWebhook(webhook, ['orders/updated'])).status).toBe(200);
    await storm(100);
    await turn();
    const [pull] = await faulty.rows("SELECT now() - updated_since < interval '3 days' AS is_near FROM imports WHERE updated_since IS NOT NULL");
    expect(pull).toEqual({ is_near: true });
    expect(await faulty.pull(context)).toEqual([]);
    await turn(later());
    expect(await outcomes()).toEqual([{ outcome: 'pulled', n: 100 }, { outcome: 'stored', n: 1 }]);
    expect(await faulty.rows('SELECT 1 FROM orders WHERE order_id = $1', [old.id])).toHaveLength(1);
  });

  it('is no word on an order that changed again in the second in which its pull was asked for', async () => {
    const second = Math.floor(Date.now() / 1000 - 60) * 1000;
    changedAt = new Date(second).toISOString();
    await storm(2);
    const [first, other] = STORE.orders.map(({ id }) => id);
    await faulty.owner.query('UPDATE orders SET updated_at = $1 WHERE order_id = ANY($2)', [changedAt, [first, other]]);
    // Of one the pull was asked for in the second of its version, of the other after it.
    for (const [orderId, afterMs] of [[first, 500], [other, 1_000]] as const) {
      await faulty.owner.query(
        `WITH pull AS (
           INSERT INTO imports (shop_id, import_id, resource, state, requested_at, finished_at, updated_since)
           SELECT shop_id, gen_random_uuid(), 'orders', 'completed', $1, now(), $1::timestamptz - interval '1 hour' FROM shops RETURNING import_id
         )
         UPDATE webhook_inbox SET pull_id = (SELECT import_id FROM pull) WHERE inbox_id = (SELECT min(inbox_id) + $2 FROM webhook_inbox)`,
        [new Date(second + afterMs), orderId === first ? 0 : 1],
      );
    }
    await turn();
    expect((await faulty.rows('SELECT outcome FROM webhook_inbox ORDER BY inbox_id')).map(({ outcome }) => outcome)).toEqual(['stored', 'pulled']);
  });

  it('of few orders is read in batches', async () => {
    await storm(60);
    expect(await turn()).toBe(0);
    expect(await outcomes()).toEqual([{ outcome: 'stored', n: 60 }]);
    expect(reads()).toBe(3);
    expect(await pulls()).toEqual([]);
  });
});
