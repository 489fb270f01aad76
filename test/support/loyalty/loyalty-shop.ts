import { randomBytes } from 'node:crypto';

import pg from 'pg';

import type { Program } from '#app/domain/loyalty/program/program.ts';
import { followUpsDone } from '#app/services/follow-ups.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

/** A line of an order: what is left of it after discounts, and what it was. */
export interface TestLine {
  lineId: number;
  productId?: number | null;
  quantity?: number;
  currentQuantity?: number;
  /** For all pieces that were bought, in minor units. */
  totalMinor: number;
  isGiftCard?: boolean;
}

export interface TestOrder {
  orderId: number;
  customerId: number | null;
  processedAt: Date;
  /** Missing where it is not known. */
  paidAt?: Date;
  /** Its parcels. */
  sentAt?: readonly Date[];
  lines: readonly TestLine[];
  financialStatus?: string;
  fulfillmentStatus?: string;
  /** Money that went back beyond returned lines. */
  freeRefundMinor?: number;
  cancelledAt?: Date | null;
  currency?: string;
}

type LoyaltyContext = Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'admin' | 'now' | 'wait' | 'newId' | 'randomBytes' | 'sealedBox'>;

/** A shop whose orders are put straight into the database, and whose clock a test turns. */
export interface LoyaltyShop {
  readonly context: LoyaltyContext;
  readonly owner: pg.Client;
  readonly ownerUrl: string;
  setClock(at: Date): void;
  /** As the merchant saves it; the newest version from now on. */
  saveProgram(program: Program): Promise<number>;
  /** As the sync stores it: the first time, or as it is by now. */
  putOrder(order: TestOrder): Promise<void>;
  /** Awards until there is nothing left to award. */
  award(): Promise<void>;
  /** Lets time do its work up to the clock. */
  passTime(): Promise<void>;
  stop(): Promise<void>;
}

interface OpenInput {
  timeZone?: string;
  currency?: string;
  /** Without it, one of the file's own. */
  database?: TestDatabase;
}

/** One to a test file: the app reads its environment once, when it is first imported. */
export async function openLoyaltyShop({ timeZone = 'Europe/Berlin', currency = 'EUR', database: given }: OpenInput = {}): Promise<LoyaltyShop> {
  const database = given ?? (await createTestDatabase());
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    SHOPIFY_API_KEY: 'perennial-test-client',
    SHOPIFY_API_SECRET: 'perennial-test-secret',
    SHOPIFY_APP_URL: 'http://localhost:1',
    SCOPES: 'read_orders',
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    LOG_LEVEL: 'silent',
  });
  const { pool, prisma } = await import('#app/db.server.ts');
  const { sealedBox } = await import('#app/sealed-box.server.ts');
  const { inShopOf } = await import('#app/adapters/db/tenant.server.ts');
  const { registerShop } = await import('#app/adapters/db/shop-registry.server.ts');
  const { systemRuntime } = await import('#app/runtime.server.ts');
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const shop = await registerShop(prisma, 'loyal.myshopify.com');
  await owner.query('UPDATE shops SET currency = $2, iana_time_zone = $3, installed_at = now() WHERE shop_id = $1', [shop.shopId, currency, timeZone]);
  let clock = new Date('2026-01-01T12:00:00Z');
  const admin: ShopContext['admin'] = () => Promise.reject(new Error('this shop has no Shopify'));
  const context: LoyaltyContext = { ...systemRuntime, admin, shop, pool, sealedBox, inShop: inShopOf(prisma, shop), now: () => clock };
  return {
    context,
    owner,
    ownerUrl: database.ownerUrl,
    setClock: (at) => {
      clock = at;
    },
    saveProgram: async (program) => {
      const { rows } = await owner.query<{ version: number }>(
        `INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at)
         SELECT $1, coalesce(max(version), 0) + 1, $2, $3 FROM loyalty_program_versions WHERE shop_id = $1 RETURNING version`,
        [shop.shopId, JSON.stringify(program), clock],
      );
      await owner.query(
        'INSERT INTO loyalty_progress (shop_id, is_followed) VALUES ($1, true) ON CONFLICT (shop_id) DO NOTHING',
        [shop.shopId],
      );
      return rows[0]?.version ?? 0;
    },
    putOrder: (order) => putOrder(owner, shop.shopId, { currency, ...order }),
    award: async () => {
      const { awardOrders } = await import('#app/services/loyalty/award-orders.server.ts');
      while ((await awardOrders(context)) === 'more');
    },
    passTime: async () => {
      const { passTime } = await import('#app/services/loyalty/pass-time.server.ts');
      while ((await passTime(context)) === 'more');
    },
    stop: async () => {
      await followUpsDone();
      await owner.end();
      await prisma.$disconnect();
      await pool.end();
      await database.drop();
    },
  };
}

/** Paid in full, no tax, no shipping, so that its value is that of its lines. */
export async function putOrder(owner: pg.Client, shopId: number, order: TestOrder & { currency: string }): Promise<void> {
  const { orderId, customerId, processedAt, lines, currency, freeRefundMinor = 0 } = order;
  const boughtMinor = lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0);
  const leftMinor = lines.reduce((sum, line) => sum + leftOf(line), 0);
  const refundedMinor = boughtMinor - leftMinor + freeRefundMinor;
  const status = order.financialStatus ?? (refundedMinor === 0 ? 'PAID' : leftMinor - freeRefundMinor <= 0 ? 'REFUNDED' : 'PARTIALLY_REFUNDED');
  const isPaid = !['PENDING', 'AUTHORIZED'].includes(status);
  await owner.query('BEGIN');
  await owner.query('UPDATE shops SET data_version = data_version + 1 WHERE shop_id = $1', [shopId]);
  await owner.query('DELETE FROM order_lines WHERE shop_id = $1 AND order_id = $2', [shopId, orderId]);
  await owner.query(
    `INSERT INTO orders (shop_id, order_id, name, customer_id, processed_at, created_at, updated_at, cancelled_at, is_test,
       financial_status, fulfillment_status, currency, presentment_currency, taxes_included, subtotal_minor, current_subtotal_minor,
       current_tax_minor, current_shipping_minor, shipping_tax_minor, tip_minor, current_total_minor, received_minor,
       refunded_minor, outstanding_minor, discount_codes, paid_at)
     VALUES ($1, $2, $3, $4, $5, $5, now(), $6, false, $7, $8, $9, $9, true, $10, $11, 0, 0, 0, 0, $11, $12, $13, $14, '{}', $15)
     ON CONFLICT (shop_id, order_id) DO UPDATE SET paid_at = excluded.paid_at, customer_id = excluded.customer_id, cancelled_at = excluded.cancelled_at,
       financial_status = excluded.financial_status, fulfillment_status = excluded.fulfillment_status, updated_at = now(),
       subtotal_minor = excluded.subtotal_minor, current_subtotal_minor = excluded.current_subtotal_minor,
       current_total_minor = excluded.current_total_minor, received_minor = excluded.received_minor,
       refunded_minor = excluded.refunded_minor, outstanding_minor = excluded.outstanding_minor`,
    [
      shopId, orderId, `#${orderId}`, customerId, processedAt, order.cancelledAt ?? null, status, order.fulfillmentStatus ?? null,
      currency, boughtMinor, leftMinor, isPaid ? boughtMinor : 0, isPaid ? refundedMinor : 0, isPaid ? 0 : leftMinor, order.paidAt ?? null,
    ],
  );
  await owner.query('DELETE FROM fulfillments WHERE shop_id = $1 AND order_id = $2', [shopId, orderId]);
  for (const [index, at] of (order.sentAt ?? []).entries()) {
    await owner.query("INSERT INTO fulfillments VALUES ($1, $2, $3, 'SUCCESS', $4, NULL)", [shopId, orderId, index + 1, at]);
  }
  for (const line of lines) {
    const { lineId, productId = 1, quantity = 1, currentQuantity = quantity, totalMinor, isGiftCard = false } = line;
    await owner.query(
      `INSERT INTO order_lines (shop_id, order_id, line_id, product_id, title, quantity, current_quantity, original_total_minor,
         discounted_total_minor, is_gift_card) VALUES ($1, $2, $3, $4, 'A thing', $5, $6, $7, $7, $8)`,
      [shopId, orderId, lineId, productId, quantity, currentQuantity, totalMinor, isGiftCard],
    );
  }
  await owner.query('COMMIT');
}

function leftOf({ quantity = 1, currentQuantity = quantity, totalMinor }: TestLine): number {
  return Math.round((totalMinor * currentQuantity) / quantity);
}
