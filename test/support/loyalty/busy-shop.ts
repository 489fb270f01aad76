import { randomUUID } from 'node:crypto';

import pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { changeCustomer } from '#test/simulator/customer-changes.ts';
import { refundOrder } from '#test/simulator/order-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import type { SimStore } from '#test/simulator/state.ts';
import { syntheticOrder, syntheticStore } from '#test/simulator/synthetic-store.ts';
import { aProgram } from './a-program.ts';
import { givePoints } from './give-points.ts';

const REWARD = { id: 'amount-500', points: 500 };
const FIRST_NEW_ORDER = 5_000_000;
/** Long before, so that nothing of the history becomes due while a test runs; what is new is of one instant for all shops. */
const HISTORY_ENDS_AT = '2025-06-01T00:00:00.000Z';
const NEW_AT = new Date();

/** The same store under several names, for a history that is lived more than once. */
export function busyStores(names: readonly string[], orders: number): SimStore[] {
  return names.map((name, index) => syntheticStore(orders, { endsAt: HISTORY_ENDS_AT, shop: { id: index + 1, domain: `${name}.myshopify.com` } }));
}

/** A shop in which much happens at once. What happens is the same in each of the stores; what is counted is the shop's alone. */
export interface BusyShop {
  readonly shop: ShopRef;
  readonly owner: pg.Client;
  /** One purchase, with who bought, and one refund, each told by webhook, and one redemption. A number is given once. */
  step(number: number): Promise<void>;
  /** The whole history is pulled once more. */
  importAgain(): Promise<void>;
  /** Grows with everything that the worker gets done. */
  progress(): Promise<number>;
  /** Objects that imports have stored. */
  imported(): Promise<number>;
  unfinishedImports(): Promise<number>;
  waitingWebhooks(): Promise<number>;
  isSettled(): Promise<boolean>;
  /** What is left alone for minutes after an answer was lost is gone on with at once. */
  hasten(): Promise<void>;
  /** Rows by what they are of, without what names the shop, and entries in the order of their keys: whichever came first. */
  standing(): Promise<Record<string, string[]>>;
  close(): Promise<void>;
}

/** @param context of a shop that has just been installed */
export async function busyShop(context: ShopContext, shopify: ShopStore, ownerUrl: string): Promise<BusyShop> {
  const { shop } = context;
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const count = async (sql: string): Promise<number> => Number((await owner.query<{ n: string }>(sql, [shop.shopId])).rows[0]?.n);
  const program = aProgram({ expiry: { kind: 'never' } });
  await owner.query('INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, now())', [shop.shopId, JSON.stringify(program)]);
  await owner.query('INSERT INTO loyalty_progress (shop_id, is_followed, orders_version) VALUES ($1, true, 0)', [shop.shopId]);
  const history = [...shopify.orders.values()].filter(({ refunds }) => refunds.length === 0).map(({ id }) => id);
  const customers = [...shopify.customers.keys()];
  const imported = () => count('SELECT coalesce(sum(objects_stored), 0) AS n FROM imports WHERE shop_id = $1');
  const unfinishedImports = () => count("SELECT count(*) AS n FROM imports WHERE shop_id = $1 AND state IN ('requested', 'running', 'storing')");
  const waitingWebhooks = () => count("SELECT count(*) AS n FROM webhook_inbox WHERE shop_id = $1 AND state = 'waiting'");
  return {
    shop,
    owner,
    async step(number) {
      const customer = shopify.customers.get(customers[number % customers.length] ?? 0);
      if (customer === undefined) throw new Error(`the store has nobody for step ${number}`);
      const customerId = customer.id;
      const order = syntheticOrder(FIRST_NEW_ORDER + number * 10, { name: `#N${number}`, customerId, at: NEW_AT.toISOString() });
      shopify.save('order', order);
      changeCustomer(shopify, customer, {}, new Date());
      shopify.emit('orders/create', order);
      const old = shopify.orders.get(history[number] ?? 0);
      if (old === undefined) throw new Error(`the history has no order for step ${number}`);
      refundOrder(shopify, old, { lines: [], everything: false, freeAmountMinor: 100, note: null }, NEW_AT);
      const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
      await givePoints(context, { customerId: BigInt(customerId), points: REWARD.points, key: `step/${number}` });
      const asked = { customerId: BigInt(customerId), rewardId: REWARD.id, points: null, currency: null, requestKey: randomUUID() };
      const redeemed = await redeemPoints(context, asked);
      if (!redeemed.ok) throw new Error(`step ${number}: ${redeemed.reason}`);
    },
    async importAgain() {
      const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
      await restartImports(context);
    },
    progress: () =>
      count(`SELECT (SELECT coalesce(sum(objects_stored), 0) FROM imports WHERE shop_id = $1)
        + (SELECT count(*) FROM webhook_inbox WHERE shop_id = $1 AND state = 'handled')
        + (SELECT count(*) FROM loyalty_entries WHERE shop_id = $1)
        + (SELECT count(*) FROM loyalty_redemptions WHERE shop_id = $1 AND state = 'issued') AS n`),
    imported,
    unfinishedImports,
    waitingWebhooks,
    async isSettled() {
      const left = await count(`SELECT (SELECT count(*) FROM loyalty_redemptions WHERE shop_id = $1 AND state = 'reserved')
        + (SELECT count(*) FROM loyalty_progress p JOIN shops s USING (shop_id) WHERE shop_id = $1 AND p.orders_version < s.data_version) AS n`);
      return left + (await unfinishedImports()) + (await waitingWebhooks()) === 0;
    },
    async hasten() {
      await owner.query("UPDATE loyalty_redemptions SET not_before = now() WHERE shop_id = $1 AND state = 'reserved' AND not_before > now() + interval '2 seconds'", [shop.shopId]);
    },
    async standing() {
      const lines = async (sql: string) => (await owner.query<{ line: string }>(sql, [shop.shopId])).rows.map(({ line }) => line);
      const rowsOf = (table: string, others = '') =>
        lines(`SELECT (to_jsonb(t) - '{shop_id,import_id,data_version${others}}'::text[])::text AS line FROM ${table} t WHERE shop_id = $1 ORDER BY 1`);
      return {
        orders: await rowsOf('orders'),
        lines: await rowsOf('order_lines'),
        refunds: await rowsOf('refunds', ',refund_id'),
        fulfillments: await rowsOf('fulfillments'),
        // Written to by whoever tells Shopify of points; and of a group that changed no webhook tells, so that it is of the last pull.
        customers: await rowsOf('customers', ',updated_at,shopify_rfm_group'),
        entries: await lines(ENTRIES),
        redemptions: await lines('SELECT jsonb_build_array(m.customer_id, r.state, r.points)::text AS line FROM loyalty_redemptions r JOIN loyalty_members m USING (shop_id, member_id) WHERE shop_id = $1 ORDER BY 1'),
        codes: [...shopify.discounts.values()].filter(({ title }) => title.startsWith('Perennial: reward')).map(({ codes }) => String(codes.length)),
      };
    },
    close: () => owner.end(),
  };
}

const ENTRIES = `SELECT jsonb_build_array(m.customer_id, e.kind, regexp_replace(replace(e.entry_key, '/' || e.member_id || '/', '/member/'), '[0-9a-f]{8}-[0-9a-f-]{27}', 'id'),
    e.order_id, e.program_version, e.reason - '{redemptionId}'::text[],
    (SELECT jsonb_object_agg(account, points) FROM (SELECT p.account, sum(p.points) AS points FROM loyalty_postings p
      WHERE (p.shop_id, p.member_id, p.sequence) = (e.shop_id, e.member_id, e.sequence) GROUP BY p.account) s))::text AS line
  FROM loyalty_entries e JOIN loyalty_members m USING (shop_id, member_id) WHERE shop_id = $1 ORDER BY 1`;
