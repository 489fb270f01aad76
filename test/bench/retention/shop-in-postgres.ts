import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import { CURRENCY, TIME_ZONE } from './generate-orders.ts';

const DOMAIN = 'bench.myshopify.com';

/** The same orders in the app's own tables, and the app's own code that reads columns from them. */
export interface ShopInPostgres {
  readAll(): Promise<ShopColumns>;
  /** `known` is given up. */
  readChanges(known: ShopColumns): Promise<ShopColumns>;
  /** Some orders get another value and as many are new, as webhooks would leave them; all over the years and customers. */
  change(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** @param owner of the migrated database, where the table `imported` has the rows */
export async function fillShop(owner: pg.Client, appUrl: string): Promise<ShopInPostgres> {
  Object.assign(process.env, {
    DATABASE_URL: appUrl,
    SHOPIFY_API_KEY: 'bench',
    SHOPIFY_API_SECRET: 'bench',
    SHOPIFY_APP_URL: 'http://localhost',
    SCOPES: 'read_orders',
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    LOG_LEVEL: 'silent',
  });
  const { pool, prisma } = await import('#app/db.server.ts');
  const { registerShop } = await import('#app/adapters/db/shop-registry.server.ts');
  const { bringShopColumns } = await import('#app/services/retention/bring-shop-columns.server.ts');
  const shop = await registerShop(prisma, DOMAIN);
  await owner.query('UPDATE shops SET iana_time_zone = $1, currency = $2, data_version = 1 WHERE shop_id = $3', [TIME_ZONE, CURRENCY, shop.shopId]);
  await storeOrders(owner, shop.shopId);
  let changesSoFar = 0;
  return {
    readAll: () => bringShopColumns({ pool, shop }, null),
    async readChanges(known) {
      // As the app's cache says where no page is being computed of them at the very moment.
      const newer = await bringShopColumns({ pool, shop }, known, { mayGiveUp: () => true });
      if (newer.read.isWhole) throw new Error('All orders were read anew.');
      return newer;
    },
    async change(count) {
      changesSoFar += 1;
      await changeOrders(owner, shop.shopId, { count, round: changesSoFar });
    },
    async stop() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

const WRITTEN = `shop_id, order_id, name, customer_id, processed_at, created_at, updated_at, is_test, financial_status, source_name,
  country_code, province_code, currency, presentment_currency, taxes_included, subtotal_minor, current_subtotal_minor,
  current_tax_minor, current_shipping_minor, shipping_tax_minor, tip_minor, current_total_minor, received_minor,
  refunded_minor, outstanding_minor, discount_codes`;

const valuesOf = (orderId: string, name: string) => `$1, ${orderId}, ${name}, customer_id, processed_at, processed_at, processed_at,
  false, 'PAID', channel, country, province, '${CURRENCY}', '${CURRENCY}', false, value_minor, value_minor, 0, 0, 0, 0, value_minor,
  value_minor, 0, 0, CASE WHEN discount_code IS NULL THEN '{}' ELSE ARRAY[discount_code] END`;

/** Triggers are off: they are what an import pays for, and every row is of version 1 either way. */
async function storeOrders(owner: pg.Client, shopId: number): Promise<void> {
  await owner.query('BEGIN');
  await owner.query('SET LOCAL session_replication_role = replica');
  await owner.query(
    `INSERT INTO orders (${WRITTEN}, data_version)
     SELECT ${valuesOf('order_id', `'#' || row_number() OVER (ORDER BY order_id)`)}, 1 FROM imported ORDER BY order_id`,
    [shopId],
  );
  await owner.query('COMMIT');
  await owner.query('VACUUM (ANALYZE) orders');
}

/** With its triggers, in one transaction that begins with the shop's row, as the app writes. */
async function changeOrders(owner: pg.Client, shopId: number, { count, round }: { count: number; round: number }): Promise<void> {
  const half = Math.floor(count / 2);
  const some = `(SELECT order_id FROM imported ORDER BY hashint8(order_id + ${round}) LIMIT ${half})`;
  await owner.query('BEGIN');
  await owner.query('UPDATE shops SET data_version = data_version + 1 WHERE shop_id = $1', [shopId]);
  await owner.query(
    `UPDATE orders SET current_subtotal_minor = current_subtotal_minor + 1 WHERE shop_id = $1 AND order_id IN ${some}`,
    [shopId],
  );
  await owner.query(
    `INSERT INTO orders (${WRITTEN})
     SELECT ${valuesOf(`order_id + ${round}::bigint * 1000000000000`, `'#N' || order_id`)} FROM imported WHERE order_id IN ${some}`,
    [shopId],
  );
  await owner.query('COMMIT');
}
