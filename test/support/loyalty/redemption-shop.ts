import pg from 'pg';

import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { redeemPoints as RedeemPoints, RedeemInput } from '#app/services/loyalty/redeem-points.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { askingAtOnce } from '#test/support/asking-at-once.ts';
import { givePoints } from '#test/support/loyalty/give-points.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';

export interface RedemptionRow extends pg.QueryResultRow {
  redemption_id: string;
  member_id: string;
  points: number;
  state: string;
  code: string | null;
  discount_gid: string | null;
  captured_order_id: string | null;
  attempts: number;
  not_before: Date | null;
  last_error: string | null;
}

/** An installed shop beside the local Shopify, whose clock both go by. */
export interface RedemptionShop {
  readonly app: AppUnderTest;
  readonly context: ShopContext;
  readonly shopify: ShopStore;
  readonly owner: pg.Client;
  now(): Date;
  setClock(at: Date): void;
  passMs(ms: number): void;
  saveProgram(program: Program): Promise<void>;
  /** Makes the customer a member with so many points. */
  give(customerId: number, points: number): Promise<void>;
  redeem(input: Partial<RedeemInput> & { customerId: bigint }): ReturnType<typeof RedeemPoints>;
  /** The worker's turn, once. */
  advance(): Promise<void>;
  /** The worker's turns, the clock put forward to each next one, until nothing is due before `untilMs`. */
  advanceUntilSettled(untilMs?: number): Promise<void>;
  award(): Promise<void>;
  /** A paid order of a customer with a code on it, of 100.00 in two lines, as the sync stores it. */
  putOrder(order: { orderId: number; customerId: number; code?: string; status?: string; refundedMinor?: number; cancelled?: boolean }): Promise<void>;
  redemptions(): Promise<RedemptionRow[]>;
  balance(customerId: number): Promise<{ customer: number; reserved: number; redeemed: number }>;
  stop(): Promise<void>;
}

export async function openRedemptionShop(orders = 240): Promise<RedemptionShop> {
  const store = syntheticStore(orders);
  let clockMs = Date.now();
  const app = await startAppUnderTest({ store });
  const installed = await app.install(store.shop.domain);
  const owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  const shopify = app.running.simulator.requireStore(store.shop.domain);
  const context: ShopContext = { ...(await askingAtOnce(installed)), now: () => new Date(clockMs) };
  const { shopId } = context.shop;
  await owner.query("UPDATE shops SET currency = 'EUR', iana_time_zone = 'Europe/Berlin' WHERE shop_id = $1", [shopId]);
  let grants = 0;

  const shop: RedemptionShop = {
    app,
    context,
    shopify,
    owner,
    now: () => new Date(clockMs),
    setClock: (at) => {
      clockMs = at.getTime();
    },
    passMs: (ms) => {
      clockMs += ms;
    },
    saveProgram: async (program) => {
      await owner.query(
        `INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at)
         SELECT $1, coalesce(max(version), 0) + 1, $2, $3 FROM loyalty_program_versions WHERE shop_id = $1`,
        [shopId, JSON.stringify(program), new Date(clockMs)],
      );
      await owner.query('INSERT INTO loyalty_progress (shop_id, is_followed) VALUES ($1, true) ON CONFLICT (shop_id) DO NOTHING', [shopId]);
    },
    give: (customerId, points) => givePoints(context, { customerId: BigInt(customerId), points, key: `test/${(grants += 1)}` }),
    redeem: async (input) => {
      const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
      return redeemPoints(context, { rewardId: 'amount-500', points: null, currency: null, requestKey: `${input.customerId}/${(grants += 1)}`, ...input });
    },
    advance: async () => {
      const { advanceRedemptions } = await import('#app/services/loyalty/advance-redemptions.server.ts');
      await advanceRedemptions(context);
    },
    advanceUntilSettled: async (untilMs = Infinity) => {
      for (let turn = 0; turn < 500; turn += 1) {
        const { rows } = await owner.query<{ next: Date | null }>('SELECT min(not_before) AS next FROM loyalty_redemptions');
        const nextMs = rows[0]?.next?.getTime() ?? Infinity;
        if (nextMs > untilMs || nextMs === Infinity) return;
        clockMs = Math.max(clockMs, nextMs);
        await shop.advance();
      }
      throw new Error('still not settled after 500 turns');
    },
    award: async () => {
      const { awardOrders } = await import('#app/services/loyalty/award-orders.server.ts');
      while ((await awardOrders(context)) === 'more');
    },
    putOrder: (order) => putOrder(owner, shopId, { ...order, at: new Date(clockMs) }),
    redemptions: async () => (await owner.query<RedemptionRow>('SELECT * FROM loyalty_redemptions ORDER BY reserved_at, redemption_id')).rows,
    balance: async (customerId) => {
      const { rows } = await owner.query<{ account: string; points: number }>(
        `SELECT p.account, sum(p.points)::int AS points FROM loyalty_members m JOIN loyalty_postings p USING (shop_id, member_id)
         WHERE m.customer_id = $1 GROUP BY p.account`,
        [customerId],
      );
      const of = (account: string): number => rows.find((row) => row.account === account)?.points ?? 0;
      return { customer: of('customer'), reserved: of('reserved'), redeemed: of('redeemed') };
    },
    stop: async () => {
      await owner.end();
      await app.stop();
    },
  };
  return shop;
}

async function putOrder(
  owner: pg.Client,
  shopId: number,
  order: { orderId: number; customerId: number; code?: string; status?: string; refundedMinor?: number; cancelled?: boolean; at: Date },
): Promise<void> {
  const { orderId, customerId, code, at, refundedMinor = 0, cancelled = false } = order;
  const status = order.status ?? (refundedMinor === 0 ? 'PAID' : refundedMinor >= 100_00 ? 'REFUNDED' : 'PARTIALLY_REFUNDED');
  const receivedMinor = status === 'PENDING' ? 0 : 100_00;
  await owner.query('BEGIN');
  await owner.query('UPDATE shops SET data_version = data_version + 1 WHERE shop_id = $1', [shopId]);
  await owner.query(
    `INSERT INTO orders (shop_id, order_id, name, customer_id, processed_at, created_at, updated_at, cancelled_at, is_test,
       financial_status, currency, presentment_currency, taxes_included, subtotal_minor, current_subtotal_minor,
       current_tax_minor, current_shipping_minor, shipping_tax_minor, tip_minor, current_total_minor, received_minor,
       refunded_minor, outstanding_minor, discount_codes)
     VALUES ($1, $2, $3, $4, $5, $5, now(), $6, false, $7, 'EUR', 'EUR', true, 10000, 10000, 0, 0, 0, 0, 10000, $8, $9, $10, $11)
     ON CONFLICT (shop_id, order_id) DO UPDATE SET cancelled_at = excluded.cancelled_at, financial_status = excluded.financial_status,
       received_minor = excluded.received_minor, refunded_minor = excluded.refunded_minor, outstanding_minor = excluded.outstanding_minor,
       updated_at = now()`,
    [
      shopId, orderId, `#${orderId}`, customerId, at, cancelled ? at : null, status, receivedMinor, refundedMinor,
      100_00 - receivedMinor, code === undefined ? [] : [code],
    ],
  );
  await owner.query('COMMIT');
}
