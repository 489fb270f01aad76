import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, TEST_APP, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';
import { waitFor } from '#test/support/wait-for.ts';

const STORE = syntheticStore(60);
const OTHER = syntheticStore(6, { shop: { id: 2, domain: 'other.myshopify.com' } });
const { domain: DOMAIN } = STORE.shop;

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

async function rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await owner.query<Record<string, unknown>>(sql, values)).rows;
}

async function work(of: ShopContext): Promise<void> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  const failures = await handleWebhooks(of);
  if (failures.length > 0) throw new AggregateError(failures.map((failure) => failure.error), 'webhooks failed');
}

function post(path: string, topic: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return sendWebhook({ appUrl: app.running.appFrontUrl, path, topic, shop: DOMAIN, body, headers });
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(DOMAIN);
  await pullHistory(context);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

describe('the door', () => {
  const body = JSON.stringify({ id: 1_000_010 });
  const inbox = async () => (await rows('SELECT count(*)::int AS n FROM webhook_inbox'))[0];

  it.each([
    ['no signature', { 'X-Shopify-Hmac-Sha256': '' }, 401],
    ['a signature by another secret', { 'X-Shopify-Hmac-Sha256': createHmac('sha256', 'x').update(body).digest('base64') }, 401],
    ['a signature in hex', { 'X-Shopify-Hmac-Sha256': createHmac('sha256', TEST_APP.clientSecret).update(body).digest('hex') }, 401],
    ['no shop', { 'X-Shopify-Shop-Domain': '' }, 400],
    // Whoever did not sign is told of nothing else that is wrong.
    ['neither signature nor shop', { 'X-Shopify-Hmac-Sha256': '', 'X-Shopify-Shop-Domain': '' }, 401],
    ['a topic of another address and no signature', { 'X-Shopify-Hmac-Sha256': '', 'X-Shopify-Topic': 'shop/redact' }, 401],
    ['no webhook id', { 'X-Shopify-Webhook-Id': '' }, 400],
    ['a topic of another address', { 'X-Shopify-Topic': 'shop/redact' }, 400],
  ])('refuses a webhook with %s and keeps nothing', async (_case, headers, status) => {
    const before = await inbox();
    const response = await post('/webhooks/orders', 'orders/updated', body, headers);
    expect(response.status).toBe(status);
    expect(await inbox()).toEqual(before);
  });

  it('stops reading a body that goes on for too long, although it never said how long it is', async () => {
    const { answerWebhook } = await import('#app/http/webhook-endpoint.server.ts');
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const request = new Request('http://app/webhooks/orders', { method: 'POST', body: endless, duplex: 'half' });
    expect((await answerWebhook(request, ['orders/updated'])).status).toBe(413);
    expect(sent).toBeLessThan(20);
  });

  it('refuses a body that was changed after it was signed', async () => {
    const hmac = createHmac('sha256', TEST_APP.clientSecret).update(body).digest('base64');
    const response = await post('/webhooks/orders', 'orders/updated', body.replace('1', '2'), { 'X-Shopify-Hmac-Sha256': hmac });
    expect(response.status).toBe(401);
  });

  it('asks for the webhook once more when the database could not keep it', async () => {
    await owner.query('ALTER TABLE webhook_inbox RENAME TO webhook_inbox_away');
    try {
      expect((await post('/webhooks/orders', 'orders/updated', body)).status).toBe(503);
    } finally {
      await owner.query('ALTER TABLE webhook_inbox_away RENAME TO webhook_inbox');
    }
    const before = await inbox();
    expect((await post('/webhooks/orders', 'orders/updated', body)).status).toBe(200);
    expect(await inbox()).not.toEqual(before);
  });

  it('answers before Shopify hangs up when the database takes too long, and keeps the webhook all the same', async () => {
    const before = await inbox();
    await owner.query('BEGIN; LOCK TABLE webhook_inbox IN ACCESS EXCLUSIVE MODE');
    try {
      // Shopify waits for five seconds. How many it were here, on whatever machine, is not what is looked at.
      const answer = await Promise.race([post('/webhooks/orders', 'orders/updated', body), wait(30_000, null, { ref: false })]);
      expect(answer?.status).toBe(503);
    } finally {
      await owner.query('ROLLBACK');
    }
    await waitFor('the webhook that was late', async () => (Number((await inbox())?.['n']) > Number(before?.['n']) ? true : undefined));
  });

  describe('where many come at once', () => {
    /** Brings webhooks of these ids while none can be kept, and lets them in once two are waiting; in the order of the ids. */
    async function arriveTogether(webhookIds: readonly string[]): Promise<PromiseSettledResult<unknown>[]> {
      const { receiveWebhook } = await import('#app/services/sync/webhooks/receive-webhook.server.ts');
      const { pool, prisma } = await import('#app/db.server.ts');
      const { sealedBox } = await import('#app/sealed-box.server.ts');
      const receiver = { pool, prisma, sealedBox, secrets: [TEST_APP.clientSecret] };
      const hmac = createHmac('sha256', TEST_APP.clientSecret).update(body).digest('base64');
      const receive = (webhookId: string) => {
        const headers = { 'X-Shopify-Hmac-Sha256': hmac, 'X-Shopify-Topic': 'orders/updated', 'X-Shopify-Shop-Domain': DOMAIN, 'X-Shopify-Webhook-Id': webhookId, 'X-Shopify-API-Version': '2026-10' };
        return receiveWebhook(receiver, { rawBody: Buffer.from(body), headers: new Headers(headers), topics: ['orders/updated'] });
      };
      // The shop is known from here on.
      await receive(randomUUID());
      await owner.query('BEGIN; LOCK TABLE webhook_inbox IN ACCESS EXCLUSIVE MODE');
      try {
        const received = Promise.allSettled(webhookIds.map(receive));
        await waitFor('two to wait', async () => ((await waiting()) >= 2 ? true : undefined));
        expect(await waiting()).toBe(2);
        await owner.query('COMMIT');
        return await received;
      } finally {
        await owner.query('ROLLBACK');
      }
    }
    const waiting = async () => (await rows("SELECT FROM pg_locks WHERE relation = 'webhook_inbox'::regclass AND NOT granted")).length;
    const stored = { status: 'fulfilled', value: { ok: true, verdict: 'stored' } };
    const duplicate = { status: 'fulfilled', value: { ok: true, verdict: 'duplicate' } };

    it('keeps them in few transactions, each of them once', async () => {
      const ids = Array.from({ length: 60 }, () => randomUUID());
      const outcomes = await arriveTogether([...ids, ids[40] ?? '']);
      expect(outcomes).toEqual([...ids.map(() => stored), duplicate]);
      // One and one that came while nobody waited, then those behind them, fifty at a time.
      expect(await rows('SELECT count(*)::int AS kept, count(DISTINCT xmin::text)::int AS transactions FROM webhook_inbox WHERE webhook_id = ANY($1)', [ids])).toEqual([{ kept: 60, transactions: 4 }]);
    });

    it('keeps the others of one that cannot be kept', async () => {
      // Longer than an entry of an index may be.
      const ids = [randomUUID(), randomUUID(), randomUUID(), randomBytes(4_000).toString('hex'), randomUUID()];
      const outcomes = await arriveTogether(ids);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
      expect(await rows('SELECT count(*)::int AS kept FROM webhook_inbox WHERE webhook_id = ANY($1)', [ids])).toEqual([{ kept: 4 }]);
    });
  });

  it('keeps a webhook for the shop that has the domain now, when the one before was forgotten', async () => {
    const { receiveIntoInbox } = await import('#app/adapters/db/webhook-inbox.repository.server.ts');
    const { pool } = await import('#app/db.server.ts');
    const sealed = { webhookId: 'stale', eventId: null, topic: 'orders/updated', apiVersion: '2026-10', triggeredAt: null, bodySealed: new Uint8Array([1]) };
    expect((await receiveIntoInbox(pool, { shopId: context.shop.shopId + 999, domain: DOMAIN }, [sealed])).get(sealed)).toBe('unknown-shop');
    expect(await rows("SELECT 1 FROM webhook_inbox WHERE webhook_id = 'stale'")).toEqual([]);
    // The web process remembers the id that the domain had; it looks again.
    await post('/webhooks/orders', 'orders/updated', body);
    const { shopId } = context.shop;
    await owner.query('UPDATE shops SET domain = $1 WHERE shop_id = $2', ['former.myshopify.com', shopId]);
    await owner.query("INSERT INTO shops (shop_id, domain) VALUES (77777, $1)", [DOMAIN]);
    expect((await post('/webhooks/orders', 'orders/updated', body)).status).toBe(200);
    expect(await rows('SELECT count(*)::int AS n FROM webhook_inbox WHERE shop_id = 77777')).toEqual([{ n: 1 }]);
    await owner.query('DELETE FROM shops WHERE shop_id = 77777');
    await owner.query('UPDATE shops SET domain = $1 WHERE shop_id = $2', [DOMAIN, shopId]);
  });

  it('answers 200 for a shop that it does not know and keeps nothing', async () => {
    const before = await inbox();
    const response = await post('/webhooks/orders', 'orders/updated', body, { 'X-Shopify-Shop-Domain': 'nobody.myshopify.com' });
    expect(response.status).toBe(200);
    expect(await inbox()).toEqual(before);
  });

  it('takes nothing over for another shop when the unsigned header names that one', async () => {
    const other = await app.install(OTHER.shop.domain);
    await pullHistory(other);
    const hash = () => rows('SELECT md5(string_agg(o::text, $1 ORDER BY order_id)) AS orders FROM orders o WHERE shop_id = $2', ['|', other.shop.shopId]);
    const before = await hash();
    await post('/webhooks/orders', 'orders/updated', JSON.stringify({ id: 9_000_000 }), { 'X-Shopify-Shop-Domain': OTHER.shop.domain });
    await expect(work(other)).rejects.toThrow('webhooks failed');
    expect(await hash()).toEqual(before);
    await owner.query("DELETE FROM webhook_inbox WHERE state = 'waiting'");
  });

  it('sets a webhook aside whose body makes no sense, and handles the others', async () => {
    await post('/webhooks/orders', 'orders/updated', '{"id":"nonsense"}');
    await post('/webhooks/orders', 'orders/updated', JSON.stringify({ id: 1_000_010 }));
    const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
    const failures = await handleWebhooks(context);
    expect(failures.map((failure) => failure.topic)).toEqual(['orders/updated']);
    expect(await rows("SELECT attempts, outcome FROM webhook_inbox WHERE state = 'waiting'")).toEqual([
      { attempts: 1, outcome: 'ShopifyRecordError' },
    ]);
    await owner.query("DELETE FROM webhook_inbox WHERE state = 'waiting'");
  });
});
