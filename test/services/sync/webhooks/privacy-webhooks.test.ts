import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { mergeCustomers, privacyPayload } from '#test/simulator/order-changes.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { startWebhookedShop, type WebhookedShop } from './webhooked-shop.ts';

const STORE = syntheticStore(60);
const OTHER = syntheticStore(6, { shop: { id: 2, domain: 'other.myshopify.com' } });
const { domain: DOMAIN } = STORE.shop;

let webhooked: WebhookedShop;
let app: WebhookedShop['app'];
let owner: WebhookedShop['owner'];
let context: WebhookedShop['context'];
let shopify: WebhookedShop['shopify'];
let rows: WebhookedShop['rows'];
let settle: WebhookedShop['settle'];
let work: WebhookedShop['work'];
let post: WebhookedShop['post'];

beforeAll(async () => {
  webhooked = await startWebhookedShop([STORE, OTHER]);
  ({ app, owner, context, shopify, rows, settle, work, post } = webhooked);
});

afterAll(() => webhooked.stop());

describe('privacy', () => {
  it('answers a data request with what is held, sealed', async () => {
    shopify.emit('customers/data_request', privacyPayload(shopify, 104));
    await settle();
    const [request] = await rows("SELECT shop_id, webhook_id, outcome, answer_sealed FROM privacy_requests");
    expect(request).toMatchObject({ outcome: 'answered' });
    const { shopId } = context.shop;
    const row = String(request?.webhook_id);
    const answer = context.sealedBox.open(request?.answer_sealed as Uint8Array, { shopId, table: 'privacy_requests', column: 'answer', row });
    const [held] = await rows('SELECT count(*)::int AS orders FROM orders WHERE customer_id = 104');
    expect((JSON.parse(answer) as { orders: unknown[] }).orders).toHaveLength(Number(held?.orders));
  });

  it('forgets a customer for good, and the sums stay', async () => {
    const sums = () => rows('SELECT count(DISTINCT customer_id)::int AS customers, sum(received_minor) AS received FROM orders');
    const before = await sums();
    shopify.emit('customers/redact', privacyPayload(shopify, 105));
    await settle();
    expect(await rows('SELECT 1 FROM customers WHERE customer_id = 105')).toEqual([]);
    expect(await rows('SELECT 1 FROM orders WHERE customer_id = 105')).toEqual([]);
    expect(await sums()).toEqual(before);

    const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
    await restartImports(context);
    await pullHistory(context);
    await post('/webhooks/customers', 'customers/update', JSON.stringify({ id: 105 }));
    await work(context);
    expect(await rows('SELECT 1 FROM customers WHERE customer_id = 105')).toEqual([]);
    expect(await rows('SELECT 1 FROM orders WHERE customer_id = 105')).toEqual([]);
    expect(await sums()).toEqual(before);
  });

  it('brings no forgotten customer back when another is merged into them, and forgets that one too', async () => {
    const ids = [...shopify.orders.values()].filter(({ customerId, deletedAt }) => customerId === 108 && deletedAt === null).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(0);
    mergeCustomers(shopify, 105, 108, new Date('2026-11-07T10:00:00.000Z'));
    await settle();
    expect(await rows("SELECT outcome FROM webhook_inbox WHERE topic = 'customers/merge' ORDER BY inbox_id DESC LIMIT 1")).toEqual([{ outcome: 'merged' }]);
    expect(await rows('SELECT 1 FROM customers WHERE customer_id IN (105, 108)')).toEqual([]);
    expect(await rows(`SELECT DISTINCT customer_id < 0 AS is_pseudonym, name FROM orders WHERE order_id IN (${ids.join(', ')})`)).toEqual([{ is_pseudonym: true, name: '' }]);
    expect(await rows('SELECT 1 FROM orders WHERE customer_id IN (105, 108)')).toEqual([]);
  });

  it('brings no customer back who was forgotten while Shopify was asked about the buyer of a deleted order', async () => {
    const { CustomersByIdDocument } = await import('#app/generated/admin-api.ts');
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    const order = [...shopify.orders.values()].find(({ customerId, deletedAt }) => customerId === 109 && deletedAt === null);
    if (!order) throw new Error('no order');
    shopify.save('order', { ...order, deletedAt: '2026-11-07T11:00:00.000Z' });
    await post('/webhooks/orders', 'orders/delete', JSON.stringify({ id: order.id }));
    let isForgotten = false;
    const admin: ShopContext['admin'] = async (document, variables) => {
      const answer = await context.admin(document, variables);
      if (String(document) === String(CustomersByIdDocument)) {
        await redactCustomer(context, { customerId: 109n, orderIds: [] });
        isForgotten = true;
      }
      return answer;
    };
    await work({ ...context, admin });
    expect(isForgotten).toBe(true);
    expect(await rows('SELECT 1 FROM customers WHERE customer_id = 109')).toEqual([]);
  });

  it('blanks the orders that a redaction names, also when it names no customer, and for good', async () => {
    const named = [...shopify.orders.values()].filter(({ customerId }) => customerId === 106).map(({ id }) => id);
    expect(named.length).toBeGreaterThan(0);
    const ids = named.join(', ');
    await owner.query(`UPDATE orders SET province_code = 'ON', discount_codes = '{WELCOME}' WHERE order_id IN (${ids})`);
    const { shopId } = context.shop;
    await owner.query(
      `INSERT INTO offer_discounts (shop_id, discount_key, title, customer_id, percent_basis_points, minimum_subtotal_minor, currency, starts_at, ends_at, created_at)
       VALUES ($1, 'order:x', 'next order after #1', 106, 1000, 0, 'EUR', now(), now(), now()), ($1, 'guests:x', 'shared', null, 1000, 0, 'EUR', now(), now(), now())`,
      [shopId],
    );
    await owner.query(
      `INSERT INTO offer_codes (shop_id, order_id, discount_key, code, state, not_before, intended_at)
       VALUES ($1, $2, 'order:x', 'A', 'issued', now(), now()), ($1, $3, 'guests:x', 'B', 'issued', now(), now())`,
      [shopId, named[0], named[1] ?? 1],
    );
    const customer = { id: null, email: 'someone@example.com', phone: null };
    await post('/webhooks/compliance', 'customers/redact', JSON.stringify({ shop_domain: DOMAIN, customer, orders_to_redact: named }));
    await work(context);
    const blank = named.map(() => ({ name: '', province_code: null, discount_codes: [] }));
    const held = () => rows(`SELECT name, province_code, discount_codes FROM orders WHERE order_id IN (${ids})`);
    expect(await held()).toEqual(blank);
    expect(await rows("SELECT title FROM offer_discounts WHERE discount_key IN ('order:x', 'guests:x') ORDER BY discount_key")).toEqual([
      { title: 'shared' },
      { title: 'Perennial: next order' },
    ]);

    await post('/webhooks/orders', 'orders/updated', JSON.stringify({ id: named[0] }));
    await work(context);
    expect(await held()).toEqual(blank);
  });

  it('forgets the answers that it gave about a customer when it forgets the customer', async () => {
    const answers = async () => (await rows('SELECT 1 FROM privacy_requests WHERE answer_sealed IS NOT NULL')).length;
    const before = await answers();
    const asked = { shop_domain: DOMAIN, customer: { id: 107 }, orders_requested: [] };
    await post('/webhooks/compliance', 'customers/data_request', JSON.stringify(asked));
    await post('/webhooks/compliance', 'customers/data_request', JSON.stringify({ ...asked, orders_requested: [1] }));
    await work(context);
    // Two requests are two answers.
    expect(await answers()).toBe(before + 2);
    await post('/webhooks/compliance', 'customers/redact', JSON.stringify({ shop_domain: DOMAIN, customer: { id: 107 }, orders_to_redact: [] }));
    await work(context);
    expect(await answers()).toBe(before);
  });

  it('forgets with a customer the webhooks about them that were given up, and a nameless answer that no key opens any more', async () => {
    const { shopId } = context.shop;
    const giveUp = async (webhookId: string, topic: string, body: object) => {
      const sealed = context.sealedBox.seal(JSON.stringify(body), { shopId, table: 'webhook_inbox', column: 'body', row: webhookId });
      await owner.query("INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, state, body_sealed) VALUES ($1, $2, $3, '2026-10', 'dead', $4)", [shopId, webhookId, topic, Buffer.from(sealed)]);
    };
    const merge = (kept: number, deleted: number) => ({ admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${kept}`, admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${deleted}` });
    const gaveUp = { 'dead-request': ['customers/data_request', { customer: { id: 117, email: 'kanarie117@example.com' } }], 'dead-update': ['customers/update', { id: 117 }], 'dead-kept': ['customers/merge', merge(117, 118)], 'dead-went': ['customers/merge', merge(118, 117)] } as const;
    for (const [webhookId, [topic, body]] of Object.entries(gaveUp)) await giveUp(webhookId, topic, body);
    await giveUp('of-another', 'customers/update', { id: 118 });
    await owner.query("INSERT INTO privacy_requests (shop_id, webhook_id, kind, requested_at, answered_at, outcome, answer_sealed) VALUES ($1, 'lost-key', 'data-request', now(), now(), 'answered', 'x')", [shopId]);
    await post('/webhooks/compliance', 'customers/redact', JSON.stringify({ shop_domain: DOMAIN, customer: { id: 117 }, orders_to_redact: [1] }));
    await work(context);
    expect(await rows("SELECT webhook_id FROM webhook_inbox WHERE state = 'dead' AND body_sealed IS NOT NULL")).toEqual([{ webhook_id: 'of-another' }]);
    expect(await rows("SELECT webhook_id, outcome FROM webhook_inbox WHERE webhook_id LIKE 'dead-%' ORDER BY 1")).toEqual(Object.keys(gaveUp).sort().map((id) => ({ webhook_id: id, outcome: 'redacted' })));
    expect(await rows("SELECT answer_sealed, outcome FROM privacy_requests WHERE webhook_id = 'lost-key'")).toEqual([{ answer_sealed: null, outcome: 'redacted' }]);
    await owner.query("DELETE FROM webhook_inbox WHERE webhook_id = 'of-another'");
  });

  it('forgets with a customer the answers about who was merged into them', async () => {
    const answers = async () => (await rows('SELECT 1 FROM privacy_requests WHERE answer_sealed IS NOT NULL')).length;
    const before = await answers();
    await post('/webhooks/compliance', 'customers/data_request', JSON.stringify({ shop_domain: DOMAIN, customer: { id: 112 }, orders_requested: [] }));
    await work(context);
    mergeCustomers(shopify, 111, 112, new Date('2026-11-08T10:00:00.000Z'));
    await settle();
    expect(await answers()).toBe(before + 1);
    await post('/webhooks/compliance', 'customers/redact', JSON.stringify({ shop_domain: DOMAIN, customer: { id: 111 }, orders_to_redact: [] }));
    await work(context);
    expect(await answers()).toBe(before);
  });

  it('finds under a customer what was given to who was merged into them, and forgets it with them', async () => {
    const given = (customerId: number) =>
      owner.query(
        `WITH invite AS (
           INSERT INTO account_invites (shop_id, customer_id, order_id, state, wished_at) VALUES ($1, $2, 1, 'ended', now()) RETURNING shop_id, customer_id
         ), email AS (
           INSERT INTO account_invite_emails (shop_id, customer_id, step, state, intended_at) SELECT shop_id, customer_id, 0, 'sent', now() FROM invite
         )
         INSERT INTO offer_discounts (shop_id, discount_key, title, customer_id, minimum_subtotal_minor, currency, starts_at, ends_at, created_at)
         VALUES ($1, 'of-' || $2::text, '#' || $2::text, $2, 0, 'EUR', now(), now(), now())`,
        [context.shop.shopId, customerId],
      );
    const held = () =>
      rows(`SELECT d.discount_key, d.customer_id < 0 AS is_pseudonym, d.title, e.customer_id AS e_mailed
            FROM offer_discounts d LEFT JOIN account_invite_emails e USING (shop_id, customer_id) WHERE discount_key IN ('of-114', 'of-115', 'of-116') ORDER BY 1`);
    await given(114);
    mergeCustomers(shopify, 113, 114, new Date('2026-11-08T10:00:00.000Z'));
    await settle();
    expect(await held()).toEqual([{ discount_key: 'of-114', is_pseudonym: false, title: '#114', e_mailed: '113' }]);
    await given(115);
    mergeCustomers(shopify, 113, 115, new Date('2026-11-08T11:00:00.000Z'));
    await settle();
    expect(await held()).toMatchObject([{ e_mailed: '113' }, { e_mailed: '113' }]);
    expect(await rows('SELECT 1 FROM account_invites WHERE customer_id IN (114, 115)')).toEqual([]);
    await post('/webhooks/compliance', 'customers/redact', JSON.stringify({ shop_domain: DOMAIN, customer: { id: 113 }, orders_to_redact: [] }));
    await work(context);
    await given(116);
    mergeCustomers(shopify, 113, 116, new Date('2026-11-08T12:00:00.000Z'));
    await settle();
    const gone = { is_pseudonym: true, title: 'Perennial: next order', e_mailed: null };
    expect(await held()).toEqual(['of-114', 'of-115', 'of-116'].map((key) => ({ discount_key: key, ...gone })));
    expect(await rows('SELECT 1 FROM account_invites WHERE customer_id BETWEEN 113 AND 116')).toEqual([]);
  });

  it('forgets none of several customers whose orders a request names beside an e-mail', async () => {
    const two = await rows('SELECT DISTINCT ON (customer_id) customer_id, order_id FROM orders WHERE customer_id IN (100, 101) ORDER BY customer_id, order_id');
    const customer = { id: null, email: 'someone@example.com', phone: null };
    await post('/webhooks/compliance', 'customers/redact', JSON.stringify({ shop_domain: DOMAIN, customer, orders_to_redact: two.map(({ order_id: id }) => Number(id)) }));
    await work(context);
    expect(await rows('SELECT customer_id FROM customers WHERE customer_id IN (100, 101) ORDER BY 1')).toEqual([{ customer_id: '100' }, { customer_id: '101' }]);
  });

  it('keeps no e-mail of a handled webhook', async () => {
    expect(await rows("SELECT 1 FROM webhook_inbox WHERE state = 'handled' AND body_sealed IS NOT NULL")).toEqual([]);
  });

  it('takes an uninstall that is told while the shop has the app for an earlier one', async () => {
    await post('/webhooks/app', 'app/uninstalled', JSON.stringify({ id: 1, myshopify_domain: DOMAIN }));
    await work(context);
    expect(await rows("SELECT outcome FROM webhook_inbox WHERE topic = 'app/uninstalled'")).toEqual([{ outcome: 'installed-again' }]);
    // What happened in the shop while the app was away is imported.
    expect(await rows("SELECT 1 FROM imports WHERE state = 'requested' AND shop_id = $1", [context.shop.shopId])).toHaveLength(2);
    const { shopId } = context.shop;
    expect(await rows('SELECT uninstalled_at FROM shops WHERE shop_id = $1', [shopId])).toEqual([{ uninstalled_at: null }]);
    expect(await rows('SELECT 1 FROM sessions WHERE shop_id = $1', [shopId])).toHaveLength(1);
  });

  it('pulls what it missed also when the shop comes back while Shopify is asked whether it has left', async () => {
    const { recordUninstall } = await import('#app/services/sync/record-uninstall.server.ts');
    const { ShopifyAccessError } = await import('#app/adapters/shopify/admin-api.server.ts');
    const { shopId } = context.shop;
    await owner.query("UPDATE imports SET state = 'completed', finished_at = now() WHERE shop_id = $1", [shopId]);
    const comesBack: ShopContext = {
      ...context,
      admin: async () => {
        await owner.query("UPDATE sessions SET updated_at = now() + interval '1 second' WHERE shop_id = $1", [shopId]);
        throw new ShopifyAccessError('The token of before is no more');
      },
    };
    expect(await recordUninstall(comesBack)).toBe('installed-again');
    // Its install found the shop installed still, and asked for nothing.
    expect(await rows("SELECT resource FROM imports WHERE state = 'requested' AND shop_id = $1 ORDER BY 1", [shopId])).toEqual([{ resource: 'customers' }, { resource: 'orders' }]);
    expect(await rows('SELECT uninstalled_at FROM shops WHERE shop_id = $1', [shopId])).toEqual([{ uninstalled_at: null }]);
  });

  it('notes the uninstall and, with every token refused, forgets the shop when told to', async () => {
    await app.install(OTHER.shop.domain);
    const tables = ['sessions', 'orders', 'order_lines', 'refunds', 'customers', 'webhook_inbox', 'imports', 'tombstones', 'privacy_requests'];
    app.running.simulator.uninstall(shopify);
    await settle();
    expect(await rows('SELECT 1 FROM sessions WHERE shop_id = $1', [context.shop.shopId])).toEqual([]);
    const [shop] = await rows('SELECT uninstalled_at IS NOT NULL AS gone FROM shops WHERE shop_id = $1', [context.shop.shopId]);
    expect(shop).toEqual({ gone: true });

    const response = await post('/webhooks/compliance', 'shop/redact', JSON.stringify({ shop_id: 1, shop_domain: DOMAIN }));
    expect(response.status).toBe(200);
    await work(context);
    for (const table of tables) {
      expect(await rows(`SELECT 1 FROM ${table} WHERE shop_id = $1`, [context.shop.shopId]), table).toEqual([]);
    }
    expect(await rows('SELECT domain FROM shops')).toEqual([{ domain: OTHER.shop.domain }]);
  });
});
