import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { ALL_CUSTOMERS } from '#app/domain/segments/segment.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const STORE = syntheticStore(3);
/** Three parts, of which the second is full to the last row. */
const CUSTOMERS = 4_000;
const FIRST_ID = 5_000;
const OLDEST_ID = 4_000;
const AS_OF = '2026-11-01';

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let now = new Date(`${AS_OF}T20:00:00Z`);

/** An order of each of these, like one that the store has. */
async function buyEach(from: number, count: number, day = '2026-10-01'): Promise<void> {
  await owner.query(
    `INSERT INTO orders (shop_id, order_id, name, customer_id, processed_at, created_at, updated_at, is_test, financial_status, currency,
       presentment_currency, taxes_included, subtotal_minor, current_subtotal_minor, current_tax_minor, current_shipping_minor,
       shipping_tax_minor, tip_minor, current_total_minor, received_minor, refunded_minor, outstanding_minor, discount_codes)
     SELECT shop_id, $2::bigint + n, '#n' || n, $2::bigint + n, $4, created_at, updated_at, false, 'PAID', currency,
       presentment_currency, taxes_included, subtotal_minor, current_subtotal_minor, current_tax_minor, current_shipping_minor,
       shipping_tax_minor, tip_minor, current_total_minor, received_minor, refunded_minor, outstanding_minor, discount_codes
     FROM (SELECT * FROM orders WHERE shop_id = $1 ORDER BY order_id LIMIT 1) model, generate_series(0, $3::int - 1) AS n`,
    [context.shop.shopId, from, count, day],
  );
}

/** The numbers in the file; `meanwhile` happens when the first part has been read. */
async function idsInFile(meanwhile: () => unknown = () => null, asOf: string | null = AS_OF): Promise<string[]> {
  const { exportCustomers } = await import('#app/services/retention/export-customers.server.ts');
  const sheet = await exportCustomers(context, { segment: ALL_CUSTOMERS, asOf, search: null, actor: 'staff:7' });
  if (!sheet.ok) throw new Error(sheet.reason);
  const ids: string[] = [];
  for await (const [id] of sheet.value.rows) {
    ids.push(String(id));
    if (ids.length === 1) await meanwhile();
  }
  return ids;
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = { ...(await app.install(STORE.shop.domain)), now: () => now };
  await pullHistory(context);
  await owner.query('UPDATE orders SET customer_id = $1', [FIRST_ID]);
  await buyEach(FIRST_ID + 1, CUSTOMERS - 1);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

const everybody = Array.from({ length: CUSTOMERS }, (_, i) => String(FIRST_ID + i));

it('a file of customers has each of them once, over all its parts, and is noted with its number of them', async () => {
  expect(await idsInFile()).toEqual(everybody);
  const noted = await owner.query("SELECT actor, records FROM personal_data_accesses WHERE action = 'file-customers'");
  expect(noted.rows).toEqual([{ actor: 'staff:7', records: CUSTOMERS }]);
});

it('a file of customers has each of them once although another comes before those who were written', async () => {
  expect(await idsInFile(() => buyEach(OLDEST_ID, 1))).toEqual(everybody);
});

it('a file of customers that is begun before midnight is of that day to its end', async () => {
  await buyEach(20_000, 1, '2026-11-02T08:00:00Z');
  const file = await idsInFile(() => (now = new Date('2026-11-02T10:00:00Z')), null);
  expect(file.at(-1)).toBe(everybody.at(-1));
});

it('a file of customers whose shop leaves fails, and does not end as if it were whole', async () => {
  const leave = () => owner.query('UPDATE shops SET currency = NULL WHERE shop_id = $1', [context.shop.shopId]);
  await expect(idsInFile(leave)).rejects.toThrow();
});
