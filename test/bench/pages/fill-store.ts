import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { CHANNELS, COUNTRIES, customerIdOf, DISCOUNT_CODES, generateOrders, orderIdAt } from '../retention/generate-orders.ts';
import type { GeneratedOrders } from '../retention/generate-orders.ts';

const PRODUCTS = 200;
const ROWS_A_PIECE = 2_000;
const PRODUCT_NAMES = ['Breakfast tea', 'Linen shirt', 'Wool socks', 'Candle', 'Face cream', 'Coffee beans', 'Notebook', 'Olive oil'] as const;

/** What the pages are opened with. */
export interface FilledStore {
  orders: number;
  lines: number;
  customers: number;
  /** Somebody with many orders, but not the most. */
  customerId: string;
}

/**
 * Adds the orders to the one shop that is there, with their lines and customers. Triggers and foreign keys are off, which
 * an import pays for and pages do not; the rows carry the shop's next version, as the triggers would have given it.
 */
export async function fillStore(owner: pg.Client, count: number): Promise<FilledStore> {
  const generated = generateOrders(count);
  await owner.query('BEGIN');
  await owner.query('SET LOCAL session_replication_role = replica');
  const shops = await owner.query<{ shop_id: number; currency: string; data_version: string }>(
    'UPDATE shops SET data_version = data_version + 1 RETURNING shop_id, currency, data_version',
  );
  const [shop] = shops.rows;
  if (shop === undefined || shops.rows.length > 1) throw new Error('There is not just one shop to fill.');
  const head = `${shop.shop_id}\t`;
  const tail = `\t${shop.data_version}\n`;
  await copyIn(owner, `orders (${ORDER_COLUMNS.join(', ')})`, count, (order) => head + orderRow(generated, order, shop.currency) + tail);
  const lines = await copyLines(owner, generated, head);
  await owner.query(
    `INSERT INTO customers (shop_id, customer_id, created_at, updated_at, account_state, locale, number_of_orders, data_version)
     SELECT $1, customer_id, min(created_at), max(created_at), 'ENABLED', 'en', count(*), $2
     FROM orders WHERE shop_id = $1 AND customer_id >= $3 GROUP BY customer_id ON CONFLICT DO NOTHING`,
    [shop.shop_id, shop.data_version, customerIdOf(0)],
  );
  await owner.query('COMMIT');
  await owner.query('VACUUM (ANALYZE) orders, order_lines, customers');
  const { rows } = await owner.query<{ customers: number; id: string }>(
    `SELECT count(*)::int AS customers, (array_agg(customer_id ORDER BY abs(number_of_orders - 30), customer_id))[1] AS id FROM customers`,
  );
  return { orders: count, lines, customers: rows[0]?.customers ?? 0, customerId: rows[0]?.id ?? '' };
}

const ORDER_COLUMNS = [
  'shop_id', 'order_id', 'name', 'customer_id', 'processed_at', 'created_at', 'updated_at', 'is_test', 'financial_status',
  'source_name', 'country_code', 'province_code', 'currency', 'presentment_currency', 'taxes_included', 'subtotal_minor',
  'current_subtotal_minor', 'current_tax_minor', 'current_shipping_minor', 'shipping_tax_minor', 'tip_minor', 'current_total_minor',
  'received_minor', 'refunded_minor', 'outstanding_minor', 'discount_codes', 'data_version',
]; // prettier-ignore

/** Without the shop and the version. */
function orderRow(orders: GeneratedOrders, order: number, currency: string): string {
  const customer = orders.customers[order] ?? -1;
  const at = new Date((orders.instantSeconds[order] ?? NaN) * 1000).toISOString();
  const value = orders.valuesMinor[order] ?? NaN;
  const country = COUNTRIES[orders.countries[order] ?? 0] ?? '\\N';
  const code = DISCOUNT_CODES[orders.discountCodes[order] ?? 0];
  return [
    ...[orderIdAt(order), `#${order + 10_001}`, customer < 0 ? '\\N' : customerIdOf(customer), at, at, at, 'f', 'PAID'],
    ...[CHANNELS[orders.channels[order] ?? 0] ?? '\\N', country, `P${orders.provinces[order] ?? 0}`, currency, currency, 'f'],
    ...[value, value, 0, 0, 0, 0, value, value, 0, 0, code ? `{${code}}` : '{}'],
  ].join('\t');
}

const LINE_COLUMNS = [
  'shop_id', 'order_id', 'line_id', 'product_id', 'variant_id', 'title', 'quantity', 'current_quantity', 'original_total_minor',
  'discounted_total_minor',
]; // prettier-ignore

/** One to four lines an order, of a few products that many buy and many that few do. */
async function copyLines(owner: pg.Client, { count, valuesMinor }: GeneratedOrders, head: string): Promise<number> {
  const random = seededRandom(12);
  let lines = 0;
  await copyIn(owner, `order_lines (${LINE_COLUMNS.join(', ')})`, count, (order) => {
    const inOrder = 1 + Math.floor(random.next() ** 2 * 4);
    const amount = Math.floor((valuesMinor[order] ?? NaN) / inOrder);
    let rows = '';
    for (let line = 0; line < inOrder; line += 1) {
      const product = Math.floor(random.next() ** 2 * PRODUCTS);
      const title = `${PRODUCT_NAMES[product % PRODUCT_NAMES.length] ?? ''} ${Math.floor(product / PRODUCT_NAMES.length) + 1}`;
      rows += `${head}${[orderIdAt(order), orderIdAt(order) * 10 + line, 8_000_000 + product, 9_000_000 + product, title, 1, 1, amount, amount].join('\t')}\n`;
    }
    lines += inOrder;
    return rows;
  });
  return lines;
}

async function copyIn(owner: pg.Client, target: string, count: number, rowsOf: (order: number) => string): Promise<void> {
  function* pieces() {
    for (let from = 0; from < count; from += ROWS_A_PIECE) {
      let piece = '';
      for (let order = from; order < Math.min(count, from + ROWS_A_PIECE); order += 1) piece += rowsOf(order);
      yield piece;
    }
  }
  await pipeline(Readable.from(pieces()), owner.query(copyFrom(`COPY ${target} FROM STDIN`)));
}
