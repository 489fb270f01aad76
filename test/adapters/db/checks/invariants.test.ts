import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';

const STORE = generateStore({ seed: 3, orders: 400, asOf: '2026-01-01T00:00:00Z' });
const TOKEN = 'operator-token-of-the-tests';
const BURIED_CUSTOMER = 4_242n;
const BURIED_ORDER = 4_243n;

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

beforeAll(async () => {
  process.env['OPERATOR_TOKEN'] = TOKEN;
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(STORE.shop.domain);
  const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
  for (let step = 0; step < 200; step += 1) {
    await advanceImports(context);
    const { rows } = await owner.query("SELECT 1 FROM imports WHERE state IN ('requested', 'running', 'storing')");
    if (rows.length === 0) break;
  }
}, 60_000);

afterAll(async () => {
  await owner.end();
  await app.stop();
});

async function offences(): Promise<{ code: string; count: number; samples: string[] }[]> {
  const { invariants } = await import('#app/adapters/db/checks/invariants.server.ts');
  return invariants(context);
}

// Each plants one fault as a hand in the database or a dropped key could, and takes it away by rolling back. Where a
// rule of the schema stands in the way, it goes first, as it would have to.
const ORDER = `INSERT INTO orders (shop_id, order_id, name, processed_at, created_at, updated_at, is_test, currency, presentment_currency, taxes_included,
  subtotal_minor, current_subtotal_minor, current_tax_minor, current_shipping_minor, shipping_tax_minor, tip_minor, current_total_minor, received_minor, refunded_minor, outstanding_minor, discount_codes)`;
const orderOf = (id: bigint, name = '#x') =>
  `${ORDER} SELECT shop_id, ${id}, '${name}', now(), now(), now(), false, 'EUR', 'EUR', true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}' FROM shops`;
const INBOX = 'INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, state, received_at, body_sealed) SELECT shop_id,';
const IMPORT = 'INSERT INTO imports (shop_id, import_id, resource, state, requested_at, objects_reported, objects_stored) SELECT shop_id,';
const DISCOUNT = "INSERT INTO offer_discounts SELECT shop_id, 'k', NULL, 'title', NULL, 1000, 0, 'EUR', now(), now(), now() FROM shops";
const CODE = "INSERT INTO offer_codes (shop_id, order_id, discount_key, code, state, not_before, intended_at, issued_at) SELECT shop_id,";
const FIRST = "(shop_id, order_id) = (SELECT shop_id, order_id FROM orders ORDER BY order_id LIMIT 1)";

const PLANTED: Record<string, string> = {
  'line-without-order': "INSERT INTO order_lines SELECT shop_id, 1, 2, NULL, NULL, 'x', NULL, 1, 1, 1, 1 FROM shops",
  'refund-without-order': 'INSERT INTO refunds SELECT shop_id, 1, 2, NULL, 1 FROM shops',
  'fulfillment-without-order': "INSERT INTO fulfillments SELECT shop_id, 1, 2, 'SUCCESS', now(), NULL FROM shops",
  'code-without-discount': `${CODE} 1, 'none', 'A', 'intended', now(), now(), NULL FROM shops`,
  'order-doubled': 'ALTER TABLE orders DROP CONSTRAINT orders_pkey CASCADE; INSERT INTO orders SELECT * FROM orders ORDER BY order_id LIMIT 1',
  'order-with-negative-money': `UPDATE orders SET refunded_minor = -1 WHERE ${FIRST}`,
  'order-refunded-above-its-refunds': 'UPDATE refunds SET refunded_minor = refunded_minor + 1',
  'order-total-below-its-parts': `UPDATE orders SET current_total_minor = current_subtotal_minor + current_shipping_minor + tip_minor - 101 WHERE ${FIRST}`,
  'order-changed-before-it-was-made': `UPDATE orders SET updated_at = created_at - interval '1 minute' WHERE ${FIRST}`,
  'line-with-negative-count': `UPDATE order_lines SET current_quantity = -1 WHERE ${FIRST}`,
  'line-dearer-than-its-price': `UPDATE order_lines SET discounted_total_minor = original_total_minor + 1 WHERE ${FIRST}`,
  'data-version-behind': 'UPDATE shops SET data_version = 0',
  'data-version-below-its-rows': 'UPDATE customers c SET data_version = (SELECT s.data_version + 1 FROM shops s WHERE s.shop_id = c.shop_id)',
  'pseudonym-with-a-record': 'UPDATE customers SET customer_id = -5 WHERE customer_id = (SELECT min(customer_id) FROM customers)',
  'pseudonym-on-a-named-order': `UPDATE orders SET customer_id = -5, name = '#7' WHERE ${FIRST}`,
  'handled-webhook-with-its-body': `${INBOX} 'w', 'orders/create', '2026-10', 'handled', now(), 'x' FROM shops`,
  'privacy-request-late': `${INBOX} 'w', 'customers/redact', '2026-10', 'dead', now() - interval '11 days', NULL FROM shops`,
  'webhook-waits-too-long': `${INBOX} 'w', 'orders/create', '2026-10', 'waiting', now() - interval '25 hours', NULL FROM shops`,
  'webhook-dead': `${INBOX} 'w', 'orders/create', '2026-10', 'dead', now(), NULL FROM shops`,
  'import-beyond-its-file': `${IMPORT} gen_random_uuid(), 'orders', 'storing', now(), 5, 6 FROM shops`,
  'import-complete-and-short': `${IMPORT} gen_random_uuid(), 'orders', 'completed', now(), 6, 5 FROM shops`,
  'import-doubled': `DROP INDEX imports_one_unfinished; ${IMPORT} gen_random_uuid(), 'orders', 'requested', now(), 0, 0 FROM shops, generate_series(1, 2)`,
  'import-stuck': `${IMPORT} gen_random_uuid(), 'orders', 'running', now() - interval '3 days', 0, 0 FROM shops`,
  'reconciliation-doubled': `DROP INDEX reconciliations_one_unfinished; INSERT INTO reconciliations (shop_id, reconciliation_id, cause, scope, state, requested_at)
    SELECT shop_id, gen_random_uuid(), 'asked', 'all', 'requested', now() FROM shops, generate_series(1, 2)`,
  'reconciliation-late': "UPDATE shops SET reconcile_due_at = now() - interval '2 days'",
  'reconciliation-fails': `INSERT INTO reconciliations (shop_id, reconciliation_id, cause, scope, state, requested_at, finished_at)
    SELECT shop_id, gen_random_uuid(), 'nightly', 'recent', 'failed', now(), now() FROM shops, generate_series(1, 3)`,
  'code-issued-without-discount': `${DISCOUNT}; ${CODE} 1, 'k', 'A', 'issued', now(), now(), now() FROM shops`,
  'code-doubled': `${DISCOUNT}; DROP INDEX offer_codes_shop_id_code_key; ${CODE} n, 'k', 'A', 'intended', now(), now(), NULL FROM shops, generate_series(1, 2) n`,
  'installed-without-token': "UPDATE shops SET installed_at = now() - interval '2 hours'; DELETE FROM sessions",
  'tombstoned-customer-present': `INSERT INTO customers (shop_id, customer_id, created_at, updated_at, number_of_orders) SELECT shop_id, ${BURIED_CUSTOMER}, now(), now(), 0 FROM shops`,
  'redacted-customer-on-an-order': `UPDATE orders SET customer_id = ${BURIED_CUSTOMER} WHERE ${FIRST}`,
  'redacted-customer-on-a-discount': `${DISCOUNT}; UPDATE offer_discounts SET customer_id = ${BURIED_CUSTOMER}`,
  'redacted-customer-in-a-written-segment': `INSERT INTO segment_targets (shop_id, target_id, segment_key, kind, name, title, is_kept, created_at, updated_at)
    SELECT shop_id, '00000000-0000-4000-8000-000000000001', 'vip', 'tag', 'perennial-vip', 'VIP', false, now(), now() FROM shops;
    INSERT INTO segment_write_members SELECT shop_id, target_id, ${BURIED_CUSTOMER}, 'add', 'done', now() FROM segment_targets`,
  'redacted-customer-with-points': `INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at) SELECT shop_id, ${BURIED_CUSTOMER}, now() FROM shops`,
  'tombstoned-order-present': orderOf(BURIED_ORDER, ''),
  'redacted-order-named': `${orderOf(BURIED_ORDER)}; UPDATE orders SET deleted_at = now() WHERE order_id = ${BURIED_ORDER}`,
};

describe('the invariants of a shop', () => {
  it('hold after a whole history was pulled, redactions included', async () => {
    const { raiseTombstones } = await import('#app/adapters/db/tombstones.repository.server.ts');
    const { sealedBox, shop } = context;
    await context.inShop(async (db) => {
      await raiseTombstones(db, sealedBox, shop, 'customer', [BURIED_CUSTOMER]);
      await raiseTombstones(db, sealedBox, shop, 'order', [BURIED_ORDER]);
      await raiseTombstones(db, sealedBox, shop, 'redacted-order', [BURIED_ORDER]);
    });
    expect((await owner.query('SELECT count(*)::int AS orders FROM orders')).rows).toEqual([{ orders: STORE.orders.filter((order) => order.deletedAt === null).length }]);
    expect(await offences()).toEqual([]);
  });

  it('are each seen when broken', async () => {
    const { INVARIANT_RULES } = await import('#app/adapters/db/checks/invariant-rules.ts');
    const planted = Object.keys(PLANTED);
    expect(Object.keys(INVARIANT_RULES).filter((code) => !planted.includes(code))).toEqual([]);
  });

  it.each(Object.entries(PLANTED))('see %s', async (code, fault) => {
    const { invariantsOn } = await import('#app/adapters/db/checks/invariants.server.ts');
    await owner.query('BEGIN; SET LOCAL session_replication_role = replica');
    try {
      await owner.query(fault);
      const found = (await invariantsOn(owner, context)).find((offence) => offence.code === code);
      expect(found?.count).toBeGreaterThan(0);
      expect(found?.samples.length).toBeGreaterThan(0);
    } finally {
      await owner.query('ROLLBACK');
    }
  });
});

describe('the rules of the schema', () => {
  it('hold, and a key that is gone is named', async () => {
    const { schemaRules } = await import('#app/adapters/db/checks/schema-rules.server.ts');
    expect(await schemaRules(context.pool)).toEqual([]);
    await owner.query('BEGIN; DROP INDEX offer_codes_shop_id_code_key');
    const found = await schemaRules(owner as never);
    await owner.query('ROLLBACK');
    expect(found).toEqual(['offer_codes_shop_id_code_key is missing or not unique']);
    await owner.query('BEGIN; ALTER TABLE orders DISABLE TRIGGER orders_data_version; DROP TRIGGER customers_removed ON customers');
    const versionless = await schemaRules(owner as never);
    await owner.query('ROLLBACK');
    expect(versionless).toEqual(['customers_removed does not fire', 'orders_data_version does not fire']);
  });
});

describe('the operator’s health page', () => {
  const ask = async (headers: Record<string, string>, path = '/operator/health') => {
    const { loader } = await import('#app/routes/operator.health.ts');
    return loader({ request: new Request(`http://app${path}`, { headers }), params: {}, context: {} });
  };

  it('is not there without the operator’s token', async () => {
    expect((await ask({})).status).toBe(404);
    expect((await ask({ Authorization: `Bearer ${TOKEN}x` })).status).toBe(404);
  });

  it('says as JSON and as a page what is wrong with which shop, and escapes what it shows', async () => {
    await owner.query(`${INBOX} '<b>', 'orders/create', '2026-10', 'dead', now(), NULL FROM shops`);
    const json: unknown = await (await ask({ Authorization: `Bearer ${TOKEN}` })).json();
    const page = await (await ask({ Authorization: `Bearer ${TOKEN}`, Accept: 'text/html' })).text();
    await owner.query("DELETE FROM webhook_inbox WHERE webhook_id = '<b>'");
    expect(json).toMatchObject({
      isHealthy: false,
      database: [],
      shops: [{ domain: STORE.shop.domain, offences: [{ code: 'webhook-dead', count: 1, samples: ['<b>'] }], problem: null }],
      nextAfter: null,
    });
    expect(page).toContain(`<td>${STORE.shop.domain}</td><td>webhook-dead</td><td>1</td><td>&lt;b&gt;</td>`);
    expect(await (await ask({ Authorization: `Bearer ${TOKEN}` })).json()).toMatchObject({ isHealthy: true });
  });
});
