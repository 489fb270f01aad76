import { randomBytes } from 'node:crypto';

import { beforeAll, describe, expect, it } from 'vitest';

import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** The app reads its environment when it is first imported; nothing here asks a database. */
async function loadInbox() {
  Object.assign(process.env, {
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    SHOPIFY_API_KEY: 'perennial-test-client',
    SHOPIFY_API_SECRET: 'perennial-test-secret',
    SHOPIFY_APP_URL: 'http://localhost:1',
    SCOPES: 'read_orders',
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    LOG_LEVEL: 'silent',
  });
  const { readInbox } = await import('#app/services/sync/webhooks/read-inbox.server.ts');
  const { unitsOf } = await import('#app/services/sync/webhooks/work-units.server.ts');
  const { RECORDS_A_READ } = await import('#app/services/sync/webhooks/refresh-records.server.ts');
  const { nextTryAt } = await import('#app/services/sync/webhooks/postpone-webhooks.server.ts');
  const { sealedBox } = await import('#app/sealed-box.server.ts');
  return { readInbox, unitsOf, RECORDS_A_READ, nextTryAt, sealedBox };
}

let inbox: Awaited<ReturnType<typeof loadInbox>>;
beforeAll(async () => {
  inbox = await loadInbox();
});

const SHOP = { shopId: 1, domain: 'one.myshopify.com' };
let count = 0;

function delivery(topic: string, body: unknown, change: Partial<WebhookDelivery> = {}): WebhookDelivery {
  count += 1;
  const webhookId = `w${count}`;
  const place = { shopId: SHOP.shopId, table: 'webhook_inbox', column: 'body', row: webhookId };
  const bodySealed = body === undefined ? null : inbox.sealedBox.seal(JSON.stringify(body), place);
  const times = { triggeredAt: null, receivedAt: new Date(0), notBefore: new Date(0), handledAt: null };
  return { ...SHOP, webhookId, inboxId: BigInt(count), eventId: null, topic, apiVersion: '2026-10', ...times, bodySealed, state: 'waiting', attempts: 0, outages: 0, outcome: null, pullId: null, dismissedBy: null, dismissalReason: null, ...change };
}

const read = (due: readonly WebhookDelivery[]) => inbox.readInbox({ shop: SHOP, sealedBox: inbox.sealedBox } as unknown as ShopContext, due);
const order = (id: number, change: Partial<WebhookDelivery> = {}, topic = 'orders/updated') => delivery(topic, { id }, change);

describe('an inbox', () => {
  it('is put together by what its webhooks are about, in the order in which the first came', () => {
    const { items, refused, mismatched } = read([order(1), delivery('customers/update', { id: 1 }), order(2), order(1, {}, 'orders/delete'), delivery('shop/update', {}), delivery('app/scopes_update', {})]);
    expect(items.map((item) => (item.kind === 'work' ? item.deliveries.map(({ topic }) => topic) : [item.kind, item.id, item.about.map(({ isRemoval }) => isRemoval)]))).toEqual([
      ['order', 1n, [false, true]],
      ['customer', 1n, [false]],
      ['order', 2n, [false]],
      ['shop/update', 'app/scopes_update'],
    ]);
    expect([refused, mismatched]).toEqual([[], []]);
  });

  it('sets aside what makes no sense and what is not what it says', () => {
    const strange = [delivery('orders/updated', { id: 'x' }), delivery('carts/update', { id: 1 }), order(3, { bodySealed: new Uint8Array(40) })];
    const other = delivery('orders/updated', { id: 1, shop_domain: 'two.myshopify.com' });
    const { items, refused, mismatched } = read([...strange, other, order(4), delivery('bulk_operations/finish', undefined)]);
    expect(refused.map((one) => one.delivery)).toEqual(strange);
    expect(mismatched).toEqual([{ delivery: other, mismatch: 'other-shop' }]);
    expect(items).toHaveLength(2);
  });
});

describe('pieces of work', () => {
  const unitsOf = (due: readonly WebhookDelivery[]) =>
    inbox.unitsOf(read(due).items).map((unit) => ({ kind: unit.kind, isAlone: unit.isAlone, ids: unit.kind === 'work' ? [] : unit.items.map(({ id }) => Number(id)) }));

  it('are as many records as one read takes, and what else there is by itself', () => {
    const most = inbox.RECORDS_A_READ.order;
    const units = unitsOf([...Array.from({ length: most + 1 }, (_, index) => order(index + 1)), delivery('customers/update', { id: 9 }), delivery('shop/update', {})]);
    expect(units.map(({ kind, isAlone, ids }) => [kind, isAlone, ids.length])).toEqual([['order', false, most], ['order', false, 1], ['customer', false, 1], ['work', true, 0]]);
  });

  it('that failed before go alone, last, and the most often tried at the end', () => {
    const units = unitsOf([order(1, { attempts: 2 }), order(2, { outages: 3 }), order(3, { attempts: 1 }), order(4, { outages: 2 }), order(5)]);
    expect(units).toEqual([
      { kind: 'order', isAlone: false, ids: [4, 5] },
      { kind: 'order', isAlone: true, ids: [3] },
      { kind: 'order', isAlone: true, ids: [1] },
      { kind: 'order', isAlone: true, ids: [2] },
    ]);
  });

  it('come back after one second, two, four, and five minutes at most', () => {
    const now = new Date(0);
    const waits = [{ attempts: 0, outages: 0 }, { attempts: 1, outages: 0 }, { attempts: 1, outages: 1 }, { attempts: 8, outages: 0 }, { attempts: 9, outages: 0 }, { attempts: 0, outages: 500 }];
    expect(waits.map((tries) => inbox.nextTryAt(now, tries).getTime())).toEqual([1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
  });
});
